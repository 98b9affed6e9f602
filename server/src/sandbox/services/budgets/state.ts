import { AwsError, type Call, type World } from '../../core/contract.ts'

export interface Notification {
  readonly NotificationType: string
  readonly ComparisonOperator: string
  readonly Threshold: number
  readonly ThresholdType?: string
  readonly NotificationState?: string
}

export interface Subscriber {
  readonly SubscriptionType: string
  readonly Address: string
}

export interface Warning {
  readonly notification: Notification
  readonly subscribers: readonly Subscriber[]
}

/** A budget as CreateBudget takes it. */
export type Budget = Readonly<Record<string, unknown>> & {
  readonly BudgetName: string
  readonly BudgetType: string
  readonly TimeUnit: string
}

export interface StoredBudget {
  readonly accountId: string
  readonly budget: Budget
  readonly warnings: readonly Warning[]
  readonly tags: Readonly<Record<string, string>>
}

/** Key: `<account>/<name>`. */
export const budgetsOf = (world: World) => world.table<StoredBudget>('budgets.budgets')
export const keyOf = (accountId: string, name: string) => `${accountId}/${name}`
export const arnOf = (accountId: string, name: string) => `arn:aws:budgets::${accountId}:budget/${name}`

export const invalid = (message: string) => new AwsError('InvalidParameterException', message)
export const duplicate = (message: string) => new AwsError('DuplicateRecordException', message)
export const tooMany = (message: string) => new AwsError('CreationLimitExceededException', message)
export const notFound = (message: string) => new AwsError('NotFoundException', message)

/** Budgets live in the caller's own account. */
export function requireOwn({ caller, input }: Call<{ AccountId: string }>): string {
  if (input.AccountId !== caller.accountId)
    throw new AwsError(
      'AccessDeniedException',
      `Account ${input.AccountId} is not the account of the caller.`,
    )
  return caller.accountId
}

export type OnBudget = Call<{ AccountId: string; BudgetName: string }>

export function budgetOf(call: OnBudget): StoredBudget {
  const accountId = requireOwn(call)
  const found = budgetsOf(call.world).get(keyOf(accountId, call.input.BudgetName))
  if (!found) throw notFound(`Unable to get budget: ${call.input.BudgetName} - the budget doesn't exist.`)
  return found
}

export const keep = (world: World, stored: StoredBudget) =>
  budgetsOf(world).put(keyOf(stored.accountId, stored.budget.BudgetName), stored)

/** The same notification: its state does not count, and percentage is the default. */
export const sameNotification = (a: Notification, b: Notification) =>
  a.NotificationType === b.NotificationType &&
  a.ComparisonOperator === b.ComparisonOperator &&
  a.Threshold === b.Threshold &&
  (a.ThresholdType ?? 'PERCENTAGE') === (b.ThresholdType ?? 'PERCENTAGE')

export const sameSubscriber = (a: Subscriber, b: Subscriber) =>
  a.SubscriptionType === b.SubscriptionType && a.Address === b.Address
