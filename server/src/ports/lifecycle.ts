import type { LifecycleEvent } from './estate.ts'

/** What is kept of an event. */
export type KeptEvent = Omit<LifecycleEvent, 'accountName' | 'requestId'>

/** Events that AWS delivered, kept once each. */
export interface LifecycleStore {
  /** SQS and EventBridge deliver at least once. With the event, whoever waits for one of the topics is woken. */
  keep(awsOrganizationId: string, event: LifecycleEvent, topics: readonly string[]): Promise<void>
  /** The newest event about that account with one of the names, or null. */
  latest(accountId: string, names: readonly string[]): Promise<KeptEvent | null>
}

/** Everything that AWS says of one account. */
export const accountTopic = (accountId: string): string => `account:${accountId}`

/**
 * What the waiter and AWS's event both know of something that ends: the name of an account that Control Tower makes,
 * the id of a request to create one, the id of an OU. Nobody else is woken: each wake costs the waiter a call.
 */
export const endingTopic = (awsOrganizationId: string, of: string): string =>
  `estate:${awsOrganizationId}:${of}`

export function topicsOf(awsOrganizationId: string, event: LifecycleEvent): readonly string[] {
  const { accountId, accountName, requestId, ouId } = event
  const ended = [accountName, requestId, OU_ENDINGS.has(event.name) ? ouId : null]
  const ending = ended.flatMap((of) => (of === null ? [] : [endingTopic(awsOrganizationId, of)]))
  return accountId === null || BEGINNINGS.has(event.name) ? ending : [accountTopic(accountId), ...ending]
}

/** What Organizations says when an account comes: whoever waits for it does not know its id yet. */
const BEGINNINGS = new Set(['CreateAccountResult', 'AccountJoinedOrganization'])

const OU_ENDINGS = new Set(['RegisterOrganizationalUnit', 'DeregisterOrganizationalUnit'])

/** A retry of a half-made account ends with `UpdateManagedAccount`, so both mean that Control Tower is through. */
export const ACCOUNT_READY_EVENTS = ['CreateManagedAccount', 'UpdateManagedAccount'] as const
