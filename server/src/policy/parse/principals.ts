import type { PolicyKind, PrincipalElement, PrincipalEntry } from '../policies.ts'
import { cap } from './elements.ts'
import { GRAMMARS } from './grammar.ts'
import type { JsonMember, JsonNode, JsonObject } from './json-node.ts'
import { didYouMean } from './nearest.ts'
import { describe, placeOf, type Report, textsOf } from './report.ts'

const TYPES: readonly PrincipalEntry['type'][] = ['AWS', 'Service', 'Federated', 'CanonicalUser']

/** `Principal` or `NotPrincipal`; `null` where the kind has none, `undefined` (reported) when it is wrong. */
export function readPrincipal(
  node: JsonObject,
  kind: PolicyKind,
  report: Report,
): PrincipalElement | null | undefined {
  const grammar = GRAMMARS[kind]
  const found = node.members.filter(({ key }) => key === 'Principal' || key === 'NotPrincipal')
  const member = found[0]
  if (member === undefined) {
    if (grammar.principal === 'forbidden') return null
    report.error(
      node,
      'no_principal',
      `The statement has no \`Principal\`, which ${grammar.name} needs.`,
      grammar.principal === 'everyone'
        ? 'Add `"Principal": "*"`.'
        : 'Add `"Principal": {"AWS": "111122223333"}` or `"Principal": "*"`.',
    )
    return undefined
  }
  if (found.length > 1 && found.some(({ key }) => key !== member.key))
    report.error(node, 'both_elements', 'The statement has both `Principal` and `NotPrincipal`.', 'Keep one.')
  if (grammar.principal === 'forbidden') {
    report.error(
      member.place,
      'principal_forbidden',
      `${cap(grammar.name)} cannot have \`${member.key}\`.`,
      'Remove it: the policy speaks of those it is attached to.',
    )
    return undefined
  }
  if (member.key === 'NotPrincipal' && !grammar.notPrincipal)
    report.error(
      member.place,
      'not_principal_forbidden',
      `${cap(grammar.name)} cannot have \`NotPrincipal\`.`,
      'Use `"Principal": "*"` with a condition on `aws:PrincipalArn`.',
    )
  const entries = readEntries(member, report)
  const everyone = member.key === 'NotPrincipal' || entries.every(({ value }) => value === '*')
  if (grammar.principal === 'everyone' && !everyone)
    report.error(
      member.place,
      'principal_not_everyone',
      `\`Principal\` of ${grammar.name} can only be \`"*"\`.`,
      'Say in a condition whom it concerns: `aws:PrincipalArn`, `aws:PrincipalOrgID`.',
    )
  return { negated: member.key === 'NotPrincipal', entries, place: placeOf(member.place) }
}

function readEntries({ key, value }: JsonMember, report: Report): readonly PrincipalEntry[] {
  if (value.kind === 'scalar' && value.value === '*') return [{ type: 'AWS', value: '*' }]
  if (value.kind !== 'object') {
    report.error(
      value,
      'bad_principal',
      `\`${key}\` is ${describe(value)}.`,
      `Write \`"*"\`, or an object: \`${JSON.stringify({ AWS: exampleOf(value) })}\`.`,
    )
    return []
  }
  if (value.members.length === 0)
    report.error(value, 'bad_principal', `\`${key}\` is an empty object.`, 'Name a principal.')
  return value.members.flatMap((member) => readTyped(member, report))
}

/** What was written where it can be a principal, else an example. */
const exampleOf = (node: JsonNode): string =>
  node.kind === 'scalar' && entryProblem('AWS', node.text) === null
    ? node.text
    : 'arn:aws:iam::111122223333:role/Name'

function readTyped({ key, place, value }: JsonMember, report: Report): readonly PrincipalEntry[] {
  const type = TYPES.find((known) => known === key)
  if (type === undefined) {
    report.error(
      place,
      'bad_principal',
      `\`${key}\` is no kind of principal.`,
      didYouMean(key, TYPES, 'Known are `AWS`, `Service`, `Federated`, `CanonicalUser`.'),
    )
    return []
  }
  if (value.kind === 'array' && value.items.length === 0)
    report.warn(place, 'no_values', `\`${key}\` has an empty list of values.`, 'Nobody matches it.')
  return textsOf(value, `A principal of kind \`${key}\``, report, true).map(({ text, at }) => {
    const problem = entryProblem(type, text)
    if (problem !== null)
      report.error(
        at,
        'bad_principal',
        `\`${text}\` cannot be a principal: ${problem.message}.`,
        problem.hint,
      )
    else if (type === 'AWS' && isUniqueId(text))
      report.warn(
        at,
        'deleted_principal',
        `\`${text}\` is the unique id of a user or role that was deleted.`,
        'It matches nobody any more; remove it.',
      )
    return { type, value: text }
  })
}

const isUniqueId = (text: string) => /^A[A-Z]{3}[A-Z0-9]{12,}$/.test(text)

function entryProblem(type: PrincipalEntry['type'], text: string): { message: string; hint: string } | null {
  if (type === 'Service' && text !== '*' && !text.includes('.'))
    return { message: 'it is no service principal', hint: `Write \`${text}.amazonaws.com\`.` }
  if (type !== 'AWS' || text === '*' || /^\d{12}$/.test(text) || isUniqueId(text)) return null
  if (/^\d+$/.test(text))
    return { message: 'an account id has twelve digits', hint: 'Leading zeros count; put the id in quotes.' }
  if (!text.startsWith('arn:'))
    return {
      message: 'it is no account id and no ARN',
      hint: 'Write `111122223333` or `arn:aws:iam::111122223333:role/Name`.',
    }
  if (text.split(':').length < 6)
    return { message: 'an ARN has six parts', hint: '`arn:aws:iam::111122223333:role/Name`.' }
  // "You cannot use a wildcard to match part of a principal name or ARN." (IAM User Guide, Principal)
  if (/[*?]/.test(text))
    return {
      message: 'wildcards cannot be part of a principal',
      hint: 'Use `"*"` with a condition `ArnLike` on `aws:PrincipalArn`.',
    }
  const [, , service = '', , , name = ''] = text.split(':')
  if (service !== 'iam' && service !== 'sts')
    return { message: 'it is no ARN of a principal', hint: '`arn:aws:iam::111122223333:role/Name`.' }
  // "You cannot identify an IAM user group as a principal in a policy" (IAM User Guide, Principal).
  if (name.startsWith('group/'))
    return { message: 'a group cannot be a principal', hint: 'Name its users, or a role that they take.' }
  return null
}
