import type { Call, World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { mapFromTags, tagsFromMap } from '../shared/world.ts'
import { checkWarnings } from './notifications.ts'
import {
  arnOf,
  type Budget,
  budgetOf,
  budgetsOf,
  duplicate,
  invalid,
  keep,
  keyOf,
  type Notification,
  notFound,
  type OnBudget,
  requireOwn,
  type StoredBudget,
  type Subscriber,
  tooMany,
} from './state.ts'

type Tag = { Key: string; Value: string }

interface CreateInput {
  readonly AccountId: string
  readonly Budget: Budget
  readonly NotificationsWithSubscribers?: readonly {
    Notification: Notification
    Subscribers: readonly Subscriber[]
  }[]
  readonly ResourceTags?: readonly Tag[]
}

export function createBudget(call: Call<CreateInput>) {
  const { world, input } = call
  const accountId = requireOwn(call)
  const { Budget } = input
  checkBudget(Budget)
  if (budgetsOf(world).has(keyOf(accountId, Budget.BudgetName)))
    throw duplicate(`Error creating budget: ${Budget.BudgetName} - the budget already exists.`)
  if (ofAccount(world, accountId).length >= world.limit('budgets.budgets'))
    throw tooMany('You have reached the maximum number of budgets of this account.')
  const warnings = (input.NotificationsWithSubscribers ?? []).map((w) => ({
    notification: w.Notification,
    subscribers: w.Subscribers,
  }))
  checkWarnings(world, warnings)
  keep(world, {
    accountId,
    budget: withDefaults(world, Budget),
    warnings,
    tags: mapFromTags(input.ResourceTags),
  })
  return {}
}

const ofAccount = (world: World, accountId: string): StoredBudget[] =>
  [...budgetsOf(world).values()].filter((b) => b.accountId === accountId)

function checkBudget(budget: Budget): void {
  const limit = budget.BudgetLimit as { Amount?: string; Unit?: string } | undefined
  if (budget.BudgetType === 'COST' && !limit && !budget.PlannedBudgetLimits && !budget.AutoAdjustData)
    throw invalid('A cost budget needs BudgetLimit, PlannedBudgetLimits or AutoAdjustData.')
  if (limit && !(Number(limit.Amount) > 0))
    throw invalid(`The budget limit amount \`${limit.Amount}\` must be greater than 0.`)
}

/** AWS fills in the period, the cost types and the spend; nothing is spent in the sandbox. */
function withDefaults(world: World, budget: Budget): Budget {
  const now = new Date(world.now())
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)
  const unit = (budget.BudgetLimit as { Unit?: string } | undefined)?.Unit ?? 'USD'
  return {
    CostFilters: {},
    TimePeriod: { Start: start, End: Date.UTC(2087, 5, 15) },
    CalculatedSpend: { ActualSpend: { Amount: '0.0', Unit: unit } },
    ...budget,
    LastUpdatedTime: world.now(),
  }
}

export const describeBudget = (call: OnBudget) => ({ Budget: budgetOf(call).budget })

export function describeBudgets(call: Call<{ AccountId: string; NextToken?: string; MaxResults?: number }>) {
  const all = ofAccount(call.world, requireOwn(call))
  const { items, next } = pageOf(all, {
    token: call.input.NextToken,
    size: call.input.MaxResults ?? 100,
    badToken: 'InvalidNextTokenException',
  })
  return { Budgets: items.map((b) => b.budget), NextToken: next }
}

export function updateBudget(call: Call<{ AccountId: string; NewBudget: Budget }>) {
  const { NewBudget, AccountId } = call.input
  const stored = budgetOf({ ...call, input: { AccountId, BudgetName: NewBudget.BudgetName } })
  checkBudget(NewBudget)
  keep(call.world, { ...stored, budget: withDefaults(call.world, NewBudget) })
  return {}
}

export function deleteBudget(call: OnBudget) {
  const { accountId, budget } = budgetOf(call)
  budgetsOf(call.world).delete(keyOf(accountId, budget.BudgetName))
  return {}
}

function tagged(call: Call<{ ResourceARN: string }>): StoredBudget {
  const name = call.input.ResourceARN.split(':budget/')[1] ?? ''
  const found = budgetsOf(call.world).get(keyOf(call.caller.accountId, name))
  if (!found || arnOf(call.caller.accountId, name) !== call.input.ResourceARN)
    throw notFound(`The resource ${call.input.ResourceARN} doesn't exist.`)
  return found
}

export const listTags = (call: Call<{ ResourceARN: string }>) => ({
  ResourceTags: tagsFromMap(tagged(call).tags),
})

export function tagResource(call: Call<{ ResourceARN: string; ResourceTags: readonly Tag[] }>) {
  const stored = tagged(call)
  keep(call.world, { ...stored, tags: { ...stored.tags, ...mapFromTags(call.input.ResourceTags) } })
  return {}
}

export function untagResource(call: Call<{ ResourceARN: string; ResourceTagKeys: readonly string[] }>) {
  const stored = tagged(call)
  const kept = Object.entries(stored.tags).filter(([key]) => !call.input.ResourceTagKeys.includes(key))
  keep(call.world, { ...stored, tags: Object.fromEntries(kept) })
  return {}
}
