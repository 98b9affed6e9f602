import { complement, type PatternSet } from './pattern-set.ts'
import { type Budget, budgetOf, smallestIn } from './smallest.ts'

/** Work for one comparison of two sets: at most about a second. */
const STEPS = 400_000

/** Whether every text of `inner` is in `outer`; `null` when the sets are too large to tell. */
export function includes(
  outer: PatternSet,
  inner: PatternSet,
  within: readonly PatternSet[] = [],
): boolean | null {
  return answer((budget) => smallestIn([inner, complement(outer), ...within], budget) === null)
}

/** Whether some text is in both; `null` when the sets are too large to tell. */
export const intersects = (a: PatternSet, b: PatternSet): boolean | null =>
  answer((budget) => smallestIn([a, b], budget) === null, true)

function answer(isEmpty: (budget: Budget) => boolean, negated = false): boolean | null {
  const budget = budgetOf(STEPS)
  const empty = isEmpty(budget)
  return budget.exceeded ? null : empty !== negated
}
