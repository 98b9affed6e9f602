/** A part of a selector: a member, a place in a list, or every item of a list. */
export type Part = { readonly member: string } | { readonly index: number } | 'each'

const PART = /^(?:\.([A-Za-z0-9_-]+)|\['([^']+)'\]|\[(\d+)\]|\[(\*)\])/

/** Parses the JSONPath that Automation documents use: `$`, `.Name`, `['Name']`, `[0]`, `[*]`; null for another. */
export function parseSelector(text: string): readonly Part[] | null {
  if (!text.startsWith('$')) return null
  const parts: Part[] = []
  for (let rest = text.slice(1); rest !== ''; ) {
    const found = PART.exec(rest)
    if (found === null) return null
    const [whole, dotted, quoted, index] = found
    const member = dotted ?? quoted
    if (member !== undefined) parts.push({ member })
    else parts.push(index === undefined ? 'each' : { index: Number(index) })
    rest = rest.slice(whole.length)
  }
  return parts
}

/** The value at the selector, or `undefined`; with `[*]` the list of the values that there are. */
export function select(value: unknown, parts: readonly Part[]): unknown {
  const [part, ...rest] = parts
  if (part === undefined) return value
  if (part === 'each')
    return Array.isArray(value)
      ? value.map((item) => select(item, rest)).filter((item) => item !== undefined)
      : undefined
  return select('index' in part ? itemOf(value, part.index) : memberOf(value, part.member), rest)
}

const itemOf = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index] : undefined)

const memberOf = (value: unknown, member: string): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, member)
    ? Object.entries(value).find(([key]) => key === member)?.[1]
    : undefined
