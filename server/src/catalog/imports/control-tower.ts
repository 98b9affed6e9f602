import { GuardSyntaxError } from '../../guard/document/problem.ts'
import { compileRules } from '../../guard/guard.ts'
import { groupBy } from '../../kernel/group.ts'
import type { ImportedControl, ImportedLibrary } from './imported.ts'

export interface RuleFile {
  readonly name: string
  readonly text: string
}

/**
 * The proactive controls of Control Tower as AWS publishes them in Guard language (npm package
 * `@cdklabs/cdk-validator-cfnguard`): identifier, title and remedy are in the message of each rule, resource types in
 * the comment at the head. A file that does not parse, or that names no control, is a note.
 */
export function controlTowerLibrary(
  files: readonly RuleFile[],
  version: string,
  source: string,
): ImportedLibrary {
  const read = files.map((file) => ({ file, control: controlOf(file), fault: faultOf(file) }))
  const controls = read.flatMap(({ control, fault }) => (control === null || fault !== null ? [] : [control]))
  return {
    kind: 'control-tower',
    name: 'AWS Control Tower proactive controls',
    version,
    source,
    controls: [...controls].sort((a, b) => (a.id < b.id ? -1 : 1)),
    notes: [
      ...read.flatMap(({ file, control, fault }) => {
        if (fault !== null) return [`\`${file.name}\` is no rule file: ${fault}`]
        return control === null ? [`\`${file.name}\` names no control of Control Tower.`] : []
      }),
      ...[...groupBy(controls, ({ id }) => id)]
        .filter(([, same]) => same.length > 1)
        .map(([id]) => `\`${id}\` is in more than one file.`),
    ],
  }
}

const MESSAGE = /\[(CT\.[A-Z0-9-]+\.PR\.\d+)\]:\s*(\S[^\n]*)(?:\n\s*\[FIX\]:\s*(\S[^\n]*))?/

function controlOf({ text }: RuleFile): ImportedControl | null {
  const found = MESSAGE.exec(text)
  const [, id, title, remedy] = found ?? []
  if (id === undefined || title === undefined) return null
  const rule = headOf(text, 'Rule Identifier')
  return {
    id,
    title: title.trim(),
    remedy: remedy?.trim() ?? null,
    type: 'proactive',
    severity: null,
    resourceTypes: (headOf(text, 'Reports on') ?? '').match(/AWS::\w+::\w+/g) ?? [],
    runs: rule === null ? [] : [`cfn-guard:${rule}`],
    parameters: {},
  }
}

/** The line below a heading of the comment, as `# Reports on:` and then `#   AWS::EFS::FileSystem`. */
function headOf(text: string, heading: string): string | null {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.replace(/^#\s*/, '').trim() === `${heading}:`)
  return at < 0 ? null : (lines[at + 1] ?? '').replace(/^#\s*/, '').trim() || null
}

function faultOf({ text }: RuleFile): string | null {
  try {
    return compileRules(text) === null ? 'it holds no rule' : null
  } catch (error) {
    if (error instanceof GuardSyntaxError) return error.message
    throw error
  }
}
