/**
 * CloudFormation's short forms of intrinsic functions (`!Ref x` for `{Ref: x}`) as cfn-guard reads them: the argument
 * is kept as written (`!GetAtt a.b` gives the text `a.b`), and an unknown tag leaves the bare value.
 * Source: AWS CloudFormation user guide, intrinsic function reference; cfn-guard 3.1.1 (asOf 2026-11-22).
 */
const SCALAR = new Set(['Ref', 'RefAll', 'Base64', 'Sub', 'GetAtt', 'GetAZs', 'ImportValue', 'Condition'])
const SEQUENCE = new Set([
  'GetAtt',
  'Sub',
  'Select',
  'Split',
  'Join',
  'FindInMap',
  'And',
  'Equals',
  'Contains',
  'EachMemberIn',
  'EachMemberEquals',
  'ValueOf',
  'If',
  'Not',
  'Or',
])

const longForm = (name: string): string => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`)

/** The key of the long form for a tag such as `!Join` on a scalar or a sequence; null when the tag means nothing there. */
export function longFormOf(tag: string, on: 'scalar' | 'sequence'): string | null {
  const name = tag.startsWith('!') ? tag.slice(1) : tag
  return (on === 'scalar' ? SCALAR : SEQUENCE).has(name) ? longForm(name) : null
}
