import { estateOf, type Work } from '../deps.ts'
import { budgetName } from '../names.ts'
import { refusableStep } from './refusal.ts'

export type BudgetFacts = { readonly budget?: string }

/** The monthly budget with its alerts, as the order says; an adopted account may have none. */
export const provideBudget = (work: Work, accountId: string): Promise<BudgetFacts> =>
  refusableStep(work, 'budget', async () => {
    const { budget } = await work.order()
    if (budget === null) return {}
    const name = budgetName(accountId)
    await estateOf(work).budgets.ensure({ name, accountId, ...budget })
    return { budget: name }
  })

export async function removeBudget(work: Work, accountId: string): Promise<void> {
  await work.ctx.step('remove-budget', async () => {
    await estateOf(work).budgets.remove(budgetName(accountId))
    return null
  })
}
