import type { Place } from '../policies.ts'
import type { JsonNode, JsonObject } from './json-node.ts'
import type { PolicyProblem } from './problem.ts'

/** Collects problems while a document is read. */
export interface Report {
  readonly problems: readonly PolicyProblem[]
  error(at: Place, code: string, message: string, hint?: string | null): void
  warn(at: Place, code: string, message: string, hint?: string | null): void
}

export function createReport(): Report {
  const problems: PolicyProblem[] = []
  const add =
    (severity: PolicyProblem['severity']) =>
    ({ path, line, column }: Place, code: string, message: string, hint: string | null = null) =>
      void problems.push({ severity, code, message, hint, path, line, column })
  return { problems, error: add('error'), warn: add('warning') }
}

export const placeOf = ({ path, line, column }: Place): Place => ({ path, line, column })

/** Words for what somebody wrote, for messages. */
export function describe(node: JsonNode): string {
  if (node.kind === 'object') return 'an object'
  if (node.kind === 'array') return 'a list'
  return node.value === null ? '`null`' : `\`${node.text}\``
}

/** The last member of that name: where keys occur twice the JSON parser has complained already. */
export const memberOf = (object: JsonObject, key: string): JsonNode | undefined =>
  object.members.findLast((member) => member.key === key)?.value

/** A single value stands for a list of one everywhere in the policy language. */
export const itemsOf = (node: JsonNode): readonly JsonNode[] => (node.kind === 'array' ? node.items : [node])

/** Texts of a value or list; anything else is reported. Numbers and booleans are taken as they are written. */
export function textsOf(
  node: JsonNode,
  what: string,
  report: Report,
  scalars = false,
): readonly { text: string; at: Place }[] {
  return itemsOf(node).flatMap((item) => {
    const text = item.kind === 'scalar' && item.value !== null && (scalars || typeof item.value === 'string')
    if (text) return [{ text: (item as { text: string }).text, at: placeOf(item) }]
    report.error(
      item,
      'not_text',
      `${what} is ${describe(item)}.`,
      isFunction(item)
        ? 'Functions of CloudFormation are not worked out here: put in what they stand for.'
        : 'Write a text in quotes, or a list of texts.',
    )
    return []
  })
}

/** `{"Ref": …}`, `{"Fn::Sub": …}` */
const isFunction = (node: JsonNode): boolean =>
  node.kind === 'object' && node.members.length === 1 && /^(Ref|Fn::\w+)$/.test(node.members[0]?.key ?? '')

export const isEmptyList = (node: JsonNode): boolean => node.kind === 'array' && node.items.length === 0
