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
