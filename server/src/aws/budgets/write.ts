import {
  type Budget,
  type BudgetsClient,
  CreateBudgetCommand,
  CreateNotificationCommand,
  DeleteBudgetCommand,
  DeleteNotificationCommand,
  type Notification,
  type Subscriber,
  UpdateBudgetCommand,
} from '@aws-sdk/client-budgets'
import type { BudgetOrder } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import { budgetByName, notifications, subscribers } from './read.ts'

/** Share of the monthly limit at which the contacts hear of it, on real and on forecast cost. */
const THRESHOLDS = [
  { NotificationType: 'ACTUAL', Threshold: 80 },
  { NotificationType: 'FORECASTED', Threshold: 100 },
] as const

/** Created in one call with its notifications; one that exists is brought to what is asked. */
export async function ensureBudget(
  client: BudgetsClient,
  payerId: string,
  order: BudgetOrder,
): Promise<void> {
  await unless(
    ['DuplicateRecordException'],
    async () => {
      await client.send(
        new CreateBudgetCommand({
          AccountId: payerId,
          Budget: budgetOf(order),
          NotificationsWithSubscribers: wantedNotifications(order).map((Notification) => ({
            Notification,
            Subscribers: subscribersOf(order),
          })),
        }),
      )
    },
    () => correctBudget(client, payerId, order),
  )
}

async function correctBudget(client: BudgetsClient, payerId: string, order: BudgetOrder): Promise<void> {
  const found = await budgetByName(client, payerId, order.name)
  if (Number(found?.BudgetLimit?.Amount) !== Number(order.monthlyLimitUsd))
    await client.send(new UpdateBudgetCommand({ AccountId: payerId, NewBudget: budgetOf(order) }))
  const have = await notifications(client, payerId, order.name)
  for (const wanted of wantedNotifications(order)) {
    const existing = have.find(
      (n) => n.NotificationType === wanted.NotificationType && n.Threshold === wanted.Threshold,
    )
    await correctNotification(client, payerId, order, wanted, existing)
  }
}

/** Subscribers are replaced with their notification: AWS cannot leave a notification without any between two calls. */
async function correctNotification(
  client: BudgetsClient,
  payerId: string,
  order: BudgetOrder,
  wanted: Notification,
  existing: Notification | undefined,
): Promise<void> {
  const at = { AccountId: payerId, BudgetName: order.name }
  if (existing !== undefined) {
    if (sameSet(await subscribers(client, payerId, order.name, existing), order.notify)) return
    await client.send(new DeleteNotificationCommand({ ...at, Notification: existing }))
  }
  await client.send(
    new CreateNotificationCommand({ ...at, Notification: wanted, Subscribers: subscribersOf(order) }),
  )
}

export async function removeBudget(client: BudgetsClient, payerId: string, name: string): Promise<void> {
  await unless(
    ['NotFoundException'],
    async () => {
      await client.send(new DeleteBudgetCommand({ AccountId: payerId, BudgetName: name }))
    },
    () => undefined,
  )
}

const budgetOf = (order: BudgetOrder): Budget => ({
  BudgetName: order.name,
  BudgetType: 'COST',
  TimeUnit: 'MONTHLY',
  BudgetLimit: { Amount: order.monthlyLimitUsd, Unit: 'USD' },
  CostFilters: { LinkedAccount: [order.accountId] },
})

const wantedNotifications = (order: BudgetOrder): readonly Notification[] =>
  order.notify.length === 0
    ? []
    : THRESHOLDS.map((t) => ({ ...t, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' }))

const subscribersOf = (order: BudgetOrder): Subscriber[] =>
  order.notify.map((Address) => ({ SubscriptionType: 'EMAIL', Address }))

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item) => b.includes(item))
