/**
 * Truth in SQL: `true`, `false` and `null` for unknown. SQL's `and`, `or` and `not` are Kleene's, so that the engine's
 * three values need nothing of their own.
 */
export const TRUE = 'true'
export const FALSE = 'false'
export const UNKNOWN = 'cast(null as boolean)'

export const truth = (value: boolean): string => (value ? TRUE : FALSE)

export function and(parts: readonly string[]): string {
  const kept = [...new Set(parts.filter((part) => part !== TRUE))]
  if (kept.includes(FALSE)) return FALSE
  return kept.length === 0 ? TRUE : kept.length === 1 ? (kept[0] as string) : `(${kept.join(' and ')})`
}

export function or(parts: readonly string[]): string {
  const kept = [...new Set(parts.filter((part) => part !== FALSE))]
  if (kept.includes(TRUE)) return TRUE
  return kept.length === 0 ? FALSE : kept.length === 1 ? (kept[0] as string) : `(${kept.join(' or ')})`
}

export const not = (part: string): string => (part === TRUE ? FALSE : part === FALSE ? TRUE : `(not ${part})`)

/** `case` whose conditions are never unknown. */
export const choose = (
  branches: readonly (readonly [when: string, then: string])[],
  otherwise: string,
): string => {
  const kept = branches.filter(([when]) => when !== FALSE)
  const sure = kept.findIndex(([when]) => when === TRUE)
  const asked = sure < 0 ? kept : kept.slice(0, sure)
  const last = sure < 0 ? otherwise : (kept[sure]?.[1] ?? otherwise)
  return asked.length === 0
    ? last
    : `(case ${asked.map(([when, then]) => `when ${when} then ${then}`).join(' ')} else ${last} end)`
}
