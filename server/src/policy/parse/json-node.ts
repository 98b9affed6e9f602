import type { Place } from '../policies.ts'

/** A JSON value that remembers where it stands. */
export type JsonNode = JsonObject | JsonArray | JsonScalar

export interface JsonObject extends Place {
  readonly kind: 'object'
  readonly members: readonly JsonMember[]
}

/** `place` is that of the key. Duplicate keys stay in the list: what they mean is the reader's business. */
export interface JsonMember {
  readonly key: string
  readonly place: Place
  readonly value: JsonNode
}

export interface JsonArray extends Place {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface JsonScalar extends Place {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** Number as written: `1.10` must not become `1.1`. */
  readonly text: string
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** `$.Statement[0].Condition["aws:PrincipalArn"]` */
export const childPath = (path: string, key: string | number): string =>
  typeof key === 'number'
    ? `${path}[${key}]`
    : IDENTIFIER.test(key)
      ? `${path}.${key}`
      : `${path}[${JSON.stringify(key)}]`

/** A policy is at most 7 deep; an answer of the AWS API around it adds a few. What reads and compares them calls itself for each level. */
export const MAX_DEPTH = 64

/** Told level by level: whoever calls itself for each one would fall before it can say so. */
export function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

/** The tree of a value that was parsed elsewhere and is not too deep; lines and columns are 0: there is no text to point at. */
export function nodeOf(value: unknown, path = '$'): JsonNode {
  const place = { path, line: 0, column: 0 }
  if (Array.isArray(value))
    return { kind: 'array', ...place, items: value.map((item, i) => nodeOf(item, childPath(path, i))) }
  if (typeof value === 'object' && value !== null)
    return { kind: 'object', ...place, members: membersOf(value, path) }
  const scalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { kind: 'scalar', ...place, value: scalar, text: String(scalar) }
}

const membersOf = (value: object, path: string): readonly JsonMember[] =>
  Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => {
      const at = childPath(path, key)
      return { key, place: { path: at, line: 0, column: 0 }, value: nodeOf(member, at) }
    })

/** Back to a plain value; of duplicate keys the last one counts, as in `JSON.parse`. */
export function plainOf(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(plainOf)
  return Object.fromEntries(node.members.map(({ key, value }) => [key, plainOf(value)]))
}
