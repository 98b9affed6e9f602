/**
 * How much work a question may cost. Once it is exceeded an empty answer proves nothing any more. A step is about as much work
 * wherever it is spent (some tens of nanoseconds), so that a budget bounds time without a clock.
 */
export interface Budget {
  steps: number
  exceeded: boolean
}

export const budgetOf = (steps: number): Budget => ({ steps, exceeded: false })

/**
 * The answer to one question of many, which takes no more than `share` of what there is for all; `null` when it would. Automata
 * that were made for one question serve the next.
 */
export function within<T>(budget: Budget, share: number, question: () => T): T | null {
  if (budget.exceeded) return null
  const kept = Math.max(0, budget.steps - share)
  budget.steps -= kept
  const answer = question()
  const gaveUp = budget.exceeded
  budget.steps = kept + Math.max(0, budget.steps)
  budget.exceeded = gaveUp && kept === 0
  return gaveUp ? null : answer
}

/** Spends steps; false when there are none left. */
export function spend(budget: Budget, steps = 1): boolean {
  budget.steps -= steps
  if (budget.steps < 0) budget.exceeded = true
  return !budget.exceeded
}
