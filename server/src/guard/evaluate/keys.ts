import { type GuardValue, isList } from '../document/value.ts'
import { equal, type Verdict } from './equal.ts'
import { Missing, type Result } from './result.ts'

/**
 * How often a member's name fits `[ keys == … ]` or `[ keys in … ]`: with `==` once for each value that it fits, with
 * `in` (which `==` becomes when there are several values) once at most.
 */
export function compareKeys(
  operator: 'eq' | 'in',
  not: boolean,
  key: string,
  wanted: readonly Result[],
): number {
  const inside = operator === 'in' || wanted.length > 1
  const fits = wanted.filter(
    (w) => !(w instanceof Missing) && fitsOne(inside, not, key, w.value, w.literal),
  ).length
  return inside ? Math.min(fits, 1) : fits
}

function fitsOne(inside: boolean, not: boolean, key: string, value: GuardValue, literal: boolean): boolean {
  const verdict = inside ? isIn(key, value) : equal(key, value)
  if (verdict !== null) return verdict !== not
  const [only] = isList(value) && literal && value.length === 1 ? value : []
  if (only === undefined) return false
  const single = inside ? isIn(key, only) : equal(key, only)
  return single !== null && single !== not
}

/** A text is in a text that contains it, and in a list that has its equal. */
function isIn(key: string, value: GuardValue): Verdict {
  if (typeof value === 'string') return value.includes(key)
  if (!isList(value)) return equal(key, value)
  const verdicts = value.map((item) => equal(key, item))
  return verdicts.includes(null) ? null : verdicts.includes(true)
}
