import type { Call, World } from '../../core/contract.ts'
import { type Page, pageOf } from '../shared/paging.ts'
import {
  budgetOf,
  duplicate,
  invalid,
  keep,
  type Notification,
  notFound,
  type StoredBudget,
  type Subscriber,
  sameNotification,
  sameSubscriber,
  tooMany,
  type Warning,
} from './state.ts'

interface Base {
  readonly AccountId: string
  readonly BudgetName: string
}
type OnNotification = Call<Base & { Notification: Notification }>

/** Limits and duplicates among the notifications of one budget. */
export function checkWarnings(world: World, warnings: readonly Warning[]): void {
  if (warnings.length > world.limit('budgets.notifications'))
    throw tooMany('A budget cannot have more notifications.')
  for (const [i, { notification, subscribers }] of warnings.entries()) {
    if (warnings.slice(0, i).some((w) => sameNotification(w.notification, notification)))
      throw duplicate('The notification already exists.')
    checkSubscribers(subscribers)
  }
}

function checkSubscribers(subscribers: readonly Subscriber[]): void {
  if (subscribers.length === 0) throw invalid('A notification needs at least one subscriber.')
  if (
    subscribers.filter((s) => s.SubscriptionType === 'EMAIL').length > 10 ||
    subscribers.filter((s) => s.SubscriptionType === 'SNS').length > 1
  )
    throw tooMany('A notification has at most 10 e-mail subscribers and one SNS topic.')
  for (const [i, subscriber] of subscribers.entries()) {
    if (subscriber.SubscriptionType === 'EMAIL' && !/^[^@\s]+@[^@\s]+$/.test(subscriber.Address))
      throw invalid(`The e-mail address \`${subscriber.Address}\` is not valid.`)
    if (subscribers.slice(0, i).some((s) => sameSubscriber(s, subscriber)))
      throw duplicate('The subscriber already exists.')
  }
}

const withWarnings = (world: World, stored: StoredBudget, warnings: readonly Warning[]) => {
  checkWarnings(world, warnings)
  keep(world, { ...stored, warnings })
  return {}
}

export function createNotification(
  call: Call<Base & { Notification: Notification; Subscribers: readonly Subscriber[] }>,
) {
  const stored = budgetOf(call)
  const added = { notification: call.input.Notification, subscribers: call.input.Subscribers }
  return withWarnings(call.world, stored, [...stored.warnings, added])
}

function warningOf(call: OnNotification): [StoredBudget, Warning] {
  const stored = budgetOf(call)
  const found = stored.warnings.find((w) => sameNotification(w.notification, call.input.Notification))
  if (!found) throw notFound('Unable to find the notification.')
  return [stored, found]
}

export function updateNotification(
  call: Call<Base & { OldNotification: Notification; NewNotification: Notification }>,
) {
  const { OldNotification, NewNotification, ...base } = call.input
  const [stored, old] = warningOf({ ...call, input: { ...base, Notification: OldNotification } })
  const changed = stored.warnings.map((w) => (w === old ? { ...w, notification: NewNotification } : w))
  return withWarnings(call.world, stored, changed)
}

export function deleteNotification(call: OnNotification) {
  const [stored, old] = warningOf(call)
  return withWarnings(
    call.world,
    stored,
    stored.warnings.filter((w) => w !== old),
  )
}

interface PageInput {
  readonly NextToken?: string
  readonly MaxResults?: number
}

const page = <T>(items: readonly T[], { NextToken, MaxResults }: PageInput): Page<T> =>
  pageOf(items, { token: NextToken, size: MaxResults ?? 100, badToken: 'InvalidNextTokenException' })

const wire = (n: Notification) => ({ NotificationState: 'OK', ThresholdType: 'PERCENTAGE', ...n })

export function describeNotifications(call: Call<Base & PageInput>) {
  const { items, next } = page(budgetOf(call).warnings, call.input)
  return { Notifications: items.map((w) => wire(w.notification)), NextToken: next }
}

export function describeSubscribers(call: Call<Base & PageInput & { Notification: Notification }>) {
  const { items, next } = page(warningOf(call)[1].subscribers, call.input)
  return { Subscribers: items, NextToken: next }
}

const withSubscribers = (
  call: OnNotification,
  change: (all: readonly Subscriber[]) => readonly Subscriber[],
) => {
  const [stored, old] = warningOf(call)
  const changed = stored.warnings.map((w) => (w === old ? { ...w, subscribers: change(w.subscribers) } : w))
  return withWarnings(call.world, stored, changed)
}

const without = (all: readonly Subscriber[], gone: Subscriber): readonly Subscriber[] => {
  if (!all.some((s) => sameSubscriber(s, gone))) throw notFound('Unable to find the subscriber.')
  return all.filter((s) => !sameSubscriber(s, gone))
}

type OnSubscriber = Call<Base & { Notification: Notification; Subscriber: Subscriber }>

export const createSubscriber = (call: OnSubscriber) =>
  withSubscribers(call, (all) => [...all, call.input.Subscriber])
export const deleteSubscriber = (call: OnSubscriber) =>
  withSubscribers(call, (all) => without(all, call.input.Subscriber))

type Change = Call<
  Base & { Notification: Notification; OldSubscriber: Subscriber; NewSubscriber: Subscriber }
>

export const updateSubscriber = (call: Change) =>
  withSubscribers(call, (all) => [...without(all, call.input.OldSubscriber), call.input.NewSubscriber])
