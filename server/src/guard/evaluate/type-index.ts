import { type GuardMap, isMap, memberOf } from '../document/value.ts'

/**
 * Members of a map by the text of one of their own members, for `Resources.*[ Type == "AWS::S3::Bucket" ]`: of a
 * thousand resources the filter then looks at those of the type only.
 */
export interface TypeIndex {
  /** In the order of the document. */
  readonly keys: ReadonlyMap<string, readonly string[]>
  /** Members without such a text; the filter has to look at each (it may be spelled otherwise, or be a list). */
  readonly odd: ReadonlySet<string>
  /** Order of the names, needed only when some are odd. */
  readonly order: readonly string[]
}

/** Documents do not change, and the same one is asked by many rules. */
const indexes = new WeakMap<GuardMap, Map<string, TypeIndex>>()

export function typeIndex(map: GuardMap, by: string): TypeIndex {
  const known = indexes.get(map)
  const index = known?.get(by)
  if (index !== undefined) return index
  const built = build(map, by)
  if (known === undefined) indexes.set(map, new Map([[by, built]]))
  else known.set(by, built)
  return built
}

const NONE: readonly string[] = []

/** The members that may pass `by == text`, in the order of the document. */
export function candidates(index: TypeIndex, text: string): readonly string[] {
  const keys = index.keys.get(text) ?? NONE
  if (index.odd.size === 0) return keys
  const wanted = new Set(keys)
  return index.order.filter((key) => index.odd.has(key) || wanted.has(key))
}

function build(map: GuardMap, by: string): TypeIndex {
  const keys = new Map<string, string[]>()
  const odd = new Set<string>()
  const order = Object.keys(map)
  for (const key of order) {
    const member = map[key] ?? null
    const text = isMap(member) ? memberOf(member, by) : undefined
    if (typeof text !== 'string') odd.add(key)
    else if (keys.get(text)?.push(key) === undefined) keys.set(text, [key])
  }
  return { keys, odd, order }
}
