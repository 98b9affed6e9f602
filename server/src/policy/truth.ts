/**
 * Kleene's three values: what is not told is `unknown`, never guessed. A certain answer stays the same
 * whatever the unknown parts turn out to be (property `more_knowledge_never_flips_a_certain_answer`).
 */
export type Truth = 'yes' | 'no' | 'unknown'

export const truthOf = (value: boolean): Truth => (value ? 'yes' : 'no')

export const not = (value: Truth): Truth => (value === 'unknown' ? 'unknown' : value === 'yes' ? 'no' : 'yes')

/** `no` wins over `unknown`: one failing part decides a conjunction. The empty conjunction is `yes`. */
export function all(values: Iterable<Truth>): Truth {
  let result: Truth = 'yes'
  for (const value of values) {
    if (value === 'no') return 'no'
    if (value === 'unknown') result = 'unknown'
  }
  return result
}

/** `yes` wins over `unknown`: one holding part decides a disjunction. The empty disjunction is `no`. */
export function any(values: Iterable<Truth>): Truth {
  let result: Truth = 'no'
  for (const value of values) {
    if (value === 'yes') return 'yes'
    if (value === 'unknown') result = 'unknown'
  }
  return result
}

/** `all` and `any` of two, for places where a list for each answer costs more than the answer. */
export const both = (a: Truth, b: Truth): Truth =>
  a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes'
export const either = (a: Truth, b: Truth): Truth =>
  a === 'yes' || b === 'yes' ? 'yes' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'no'
