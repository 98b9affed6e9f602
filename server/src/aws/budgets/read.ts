import {
  type Budget,
  type BudgetsClient,
  DescribeBudgetCommand,
  DescribeNotificationsForBudgetCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
} from '@aws-sdk/client-budgets'
import { paged } from '../pages.ts'

export async function budgetByName(
  client: BudgetsClient,
  payerId: string,
  name: string,
): Promise<Budget | null> {
  const { Budget } = await client.send(new DescribeBudgetCommand({ AccountId: payerId, BudgetName: name }))
  return Budget ?? null
}

export async function notifications(client: BudgetsClient, payerId: string, name: string) {
  const { Notifications } = await client.send(
    new DescribeNotificationsForBudgetCommand({ AccountId: payerId, BudgetName: name }),
  )
  return Notifications ?? []
}

export async function subscribers(
  client: BudgetsClient,
  payerId: string,
  name: string,
  notification: Notification,
): Promise<readonly string[]> {
  const addresses: string[] = []
  const all = paged(async (token) => {
    const page = await client.send(
      new DescribeSubscribersForNotificationCommand({
        AccountId: payerId,
        BudgetName: name,
        Notification: notification,
        NextToken: token,
      }),
    )
    return { items: page.Subscribers, next: page.NextToken }
  })
  for await (const subscriber of all) addresses.push(subscriber.Address ?? '')
  return addresses
}
