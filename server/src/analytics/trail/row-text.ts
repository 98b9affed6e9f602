import type { Json } from '../../kernel/json.ts'

/**
 * Reads Athena's text of rows and arrays, as `SELECT *` exports them: `{type=IAMUser, arn=null}`, `[{arn=…}, {arn=…}]`.
 * The text marks no ends of values: a comma that a known member's name follows ends one. What does not fit is `undefined`.
 * Athena has member names in lower case; `names` gives them as CloudTrail writes them.
 */
export function rowText(text: string, names: ReadonlyMap<string, string>): Json | undefined {
  const at = { text, next: 0 }
  const value = valueAt(at, names)
  return value !== undefined && at.next === text.length ? value : undefined
}

interface At {
  readonly text: string
  next: number
}

function valueAt(at: At, names: ReadonlyMap<string, string>): Json | undefined {
  const first = at.text[at.next]
  if (first === '{') return rowAt(at, names)
  if (first === '[') return listAt(at, names)
  return plainAt(at, names)
}

function rowAt(at: At, names: ReadonlyMap<string, string>): Json | undefined {
  const members: Record<string, Json> = {}
  at.next++
  for (;;) {
    const name = /^(\w+)=/.exec(at.text.slice(at.next, at.next + 80))?.[1]
    const known = name === undefined ? undefined : names.get(name)
    if (name === undefined || known === undefined) return undefined
    at.next += name.length + 1
    const value = valueAt(at, names)
    if (value === undefined) return undefined
    if (value !== null) members[known] = value
    if (at.text[at.next] === '}') {
      at.next++
      return members
    }
    if (!at.text.startsWith(', ', at.next)) return undefined
    at.next += 2
  }
}

function listAt(at: At, names: ReadonlyMap<string, string>): Json | undefined {
  const items: Json[] = []
  at.next++
  if (at.text[at.next] === ']') {
    at.next++
    return items
  }
  for (;;) {
    const item = rowOrNull(at, names)
    if (item === undefined) return undefined
    items.push(item)
    if (at.text[at.next] === ']') {
      at.next++
      return items
    }
    if (!at.text.startsWith(', ', at.next)) return undefined
    at.next += 2
  }
}

/** Lists of texts would have no ends that can be told. */
const rowOrNull = (at: At, names: ReadonlyMap<string, string>): Json | undefined =>
  at.text[at.next] === '{' ? rowAt(at, names) : undefined

/** A text without an end of its own: up to the next member that is known, or the bracket that closes the row. */
function plainAt(at: At, names: ReadonlyMap<string, string>): Json | undefined {
  const rest = at.text.slice(at.next)
  for (const found of rest.matchAll(/, (\w+)=|\}/g)) {
    const [end, name] = found
    if (end !== '}' && !names.has(name ?? '')) continue
    const value = rest.slice(0, found.index)
    // A bracket inside of a value: where it ends cannot be told.
    if (/[{[\]]/.test(value)) return undefined
    at.next += found.index
    return value === 'null' ? null : value
  }
  return undefined
}
