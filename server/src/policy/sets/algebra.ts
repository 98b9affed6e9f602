import { type Budget, budgetOf, within } from './budget.ts'
import { complement, type PatternSet } from './pattern-set.ts'
import { smallestIn } from './smallest.ts'

/** Work for one comparison of two sets: at most about a second. */
const STEPS = 8_000_000

/** Whether every text of `inner` is in `outer`; `null` when the sets are too large to tell. */
export const includes = (
  outer: PatternSet,
  inner: PatternSet,
  budget: Budget = budgetOf(STEPS),
): boolean | null => within(budget, STEPS, () => smallestIn([inner, complement(outer)], budget) === null)

/** Whether some text is in both; `null` when the sets are too large to tell. */
export const intersects = (a: PatternSet, b: PatternSet, budget: Budget = budgetOf(STEPS)): boolean | null =>
  within(budget, STEPS, () => smallestIn([a, b], budget) !== null)
