import { parseManagementNode, rulesOfNode } from '../management/parse.ts'
import { MANAGEMENT_AS_OF, MANAGEMENT_ROOTS, type ManagementRules } from '../management/types.ts'
import type { JsonNode } from '../parse/json-node.ts'
import { didYouMean } from '../parse/nearest.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { CheckedDocument } from './checked.ts'

/**
 * The rules of a management policy. Other JSON may have the same key at its top, but no operators in it; where a file is nothing
 * but the policy, its settings tell it, too, and that the operators are missing is the fault to find.
 */
export function managementRules(node: JsonNode, isFile: boolean): ManagementRules | undefined {
  const rules = rulesOfNode(node)
  if (rules === undefined || hasOperator(node)) return rules
  return isFile && hasSetting(node, [], rules) ? rules : undefined
}

/** Whether some key stands where AWS has a setting. */
function hasSetting(
  node: JsonNode,
  path: readonly string[],
  { settings, ...rules }: ManagementRules,
): boolean {
  if (node.kind !== 'object') return false
  return node.members.some(({ key, value }) => {
    const at = [...path, key]
    const isOne = ({ path: rule }: (typeof settings)[number]) =>
      rule.length === at.length && rule.every((name, i) => name === '*' || name === at[i])
    return settings.some(isOne) || hasSetting(value, at, { settings, ...rules })
  })
}

/** A management policy of a type that is not known here: AWS adds types faster than lists are renewed. */
export function otherManagement(node: JsonNode): PolicyProblem | null {
  const member = node.kind === 'object' && node.members.length === 1 ? node.members[0] : undefined
  if (member === undefined || !hasOperator(node)) return null
  const { path, line, column } = member.place
  return {
    severity: 'warning',
    code: 'unknown_type',
    message: `\`${member.key}\` begins no type of management policy that is known here (list of ${MANAGEMENT_AS_OF}): nothing of it is checked.`,
    hint: didYouMean(
      member.key,
      MANAGEMENT_ROOTS,
      `Known are ${MANAGEMENT_ROOTS.map((root) => `\`${root}\``).join(', ')}.`,
    ),
    path,
    line,
    column,
  }
}

const hasOperator = (node: JsonNode): boolean =>
  node.kind === 'object' && node.members.some(({ key, value }) => key.startsWith('@@') || hasOperator(value))

/** `source` is the text that AWS would count; `broken` when the JSON around it was repaired. */
export function checkManagement(
  node: JsonNode,
  rules: ManagementRules,
  source: string,
  broken: boolean,
): CheckedDocument {
  const { policy, problems } = parseManagementNode(node)
  const size = { characters: source.trim().length, limit: rules.maxCharacters }
  const tooLong: readonly PolicyProblem[] =
    size.characters <= size.limit
      ? []
      : [
          {
            severity: rules.sizeStated ? 'error' : 'warning',
            code: 'too_long',
            message: `The document has ${size.characters} characters; AWS takes ${size.limit} for this kind (${rules.type}).`,
            hint: 'Remove white space, or split the policy: several can be attached to one target.',
            path: '$',
            line: 1,
            column: 1,
          },
        ]
  return {
    at: node.path,
    kind: rules.type,
    valid: policy !== null && (tooLong.length === 0 || !rules.sizeStated) && !broken,
    statements: policy?.root.children.length ?? 0,
    policy: null,
    problems: [...problems, ...tooLong],
    size,
  }
}
