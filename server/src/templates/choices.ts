import {
  ABSENT,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  setMember,
  Unknown,
} from '../guard/document/value.ts'
import { TEMPLATE_LIMITS } from './document.ts'

/** A value, or nothing (`AWS::NoValue`). */
export type Maybe = GuardValue | typeof ABSENT

/** Everything that a value can be, unknown parts inside of it included; null when that is not known or too much. */
export function alternatives(value: GuardValue): readonly Maybe[] | null {
  if (value instanceof Unknown) return value.options === null ? null : flattened(value.options)
  if (isList(value))
    return productOf(value, (items) => items.filter((item) => item !== ABSENT) as GuardValue[])
  if (!isMap(value)) return [value]
  const keys = Object.keys(value)
  return productOf(Object.values(value), (members) => mapOf(keys, members))
}

function mapOf(keys: readonly string[], members: readonly Maybe[]): GuardMap {
  const map: Record<string, GuardValue> = {}
  keys.forEach((key, i) => {
    const member = members[i]
    if (member !== undefined && member !== ABSENT) setMember(map, key, member)
  })
  return map
}

function flattened(options: readonly Maybe[]): readonly Maybe[] | null {
  const all = options.map((option) =>
    option === ABSENT ? ([ABSENT] as readonly Maybe[]) : alternatives(option),
  )
  return all.includes(null) ? null : limited(all.flatMap((some) => some ?? []))
}

const limited = <T>(values: readonly T[]): readonly T[] | null =>
  values.length > TEMPLATE_LIMITS.options ? null : values

/** Every combination of what the values can be. */
function productOf(
  values: readonly GuardValue[],
  make: (values: readonly Maybe[]) => GuardValue,
): readonly GuardValue[] | null {
  const all = combinations(values)
  return all === null ? null : all.map(make)
}

export function combinations(values: readonly GuardValue[]): readonly (readonly Maybe[])[] | null {
  let rows: readonly (readonly Maybe[])[] = [[]]
  for (const value of values) {
    const own = alternatives(value)
    if (own === null || rows.length * own.length > TEMPLATE_LIMITS.options) return null
    rows = rows.flatMap((row) => own.map((one) => [...row, one]))
  }
  return rows
}

/** One value of several: itself when all are alike, else a choice. */
export function choiceOf(options: readonly Maybe[], reason: string, written?: GuardMap): Maybe {
  const flat = options.flatMap((one): readonly Maybe[] =>
    one instanceof Unknown && one.options !== null ? one.options : [one],
  )
  const different = [...new Map<unknown, Maybe>(flat.map((one) => [keyOf(one), one])).values()]
  const [only] = different
  if (different.length === 1 && only !== undefined) return only
  if (different.length > TEMPLATE_LIMITS.options)
    return new Unknown({ reason, exists: !different.includes(ABSENT), ...(written && { written }) })
  return new Unknown({ reason, options: different, ...(written && { written }) })
}

/** Unknown values are alike only when they are the same one. */
const keyOf = (value: Maybe): unknown => {
  if (value === ABSENT || typeof value !== 'object' || value === null) return value
  try {
    return JSON.stringify(value, (_, inner) => {
      if (inner instanceof Unknown) throw new Different()
      return typeof inner === 'bigint' ? String(inner) : inner
    })
  } catch (error) {
    if (error instanceof Different) return value
    throw error
  }
}

class Different extends Error {}

/** A list of which some items may be absent is one of several lists, so that its length and its places are right. */
export function listOf(items: readonly Maybe[], reason: string): GuardValue {
  const present = items.filter((item) => item !== ABSENT) as GuardValue[]
  if (!present.some(mayBeAbsent)) return present
  let lists: readonly (readonly GuardValue[])[] = [[]]
  for (const item of present) {
    const own = item instanceof Unknown && mayBeAbsent(item) ? (item.options ?? []) : [item]
    if (lists.length * own.length > TEMPLATE_LIMITS.options) return new Unknown({ reason, exists: true })
    lists = lists.flatMap((list) => own.map((one) => (one === ABSENT ? list : [...list, one])))
  }
  return choiceOf(lists, reasonOf(present) ?? reason) as GuardValue
}

const mayBeAbsent = (value: GuardValue): boolean =>
  value instanceof Unknown && value.options !== null && value.options.includes(ABSENT)

/** Why something inside is not known. */
export function reasonOf(value: GuardValue): string | null {
  if (value instanceof Unknown) return value.reason
  if (!isList(value) && !isMap(value)) return null
  for (const inner of Object.values(value)) {
    const reason = reasonOf(inner as GuardValue)
    if (reason !== null) return reason
  }
  return null
}
