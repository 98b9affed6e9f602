import type { LifecycleEvent } from './estate.ts'

/** Events that AWS delivered, kept once each. */
export interface LifecycleStore {
  /** False when that `eventId` was stored before: SQS and EventBridge deliver at least once. */
  storeOnce(awsOrganizationId: string, event: LifecycleEvent): Promise<boolean>
  /** The newest event about that account with one of the names, or null. */
  latest(accountId: string, names: readonly string[]): Promise<LifecycleEvent | null>
}

/** Wakes the workflows that wait in `until` on that topic. Waking one that does not wait does nothing. */
export type Signal = (topic: string) => Promise<void>

/** Everything that AWS says of one account. */
export const accountTopic = (accountId: string): string => `account:${accountId}`

/** What goes on in an AWS organisation and ends with an event. */
export type Ending = 'creation' | 'management' | 'ou'

/** Wakes who waits for one of these in that AWS organisation: AWS names the account only when it is made. */
export const endingTopic = (awsOrganizationId: string, ending: Ending): string =>
  `estate:${awsOrganizationId}:${ending}`

/** Events that end nothing anybody waits for, such as a move, are left out: each wake costs every waiter a call. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  CreateAccountResult: 'creation',
  CreateManagedAccount: 'management',
  UpdateManagedAccount: 'management',
  RegisterOrganizationalUnit: 'ou',
  DeregisterOrganizationalUnit: 'ou',
}

export const endingOf = (eventName: string): Ending | null => ENDINGS[eventName] ?? null

/** A retry of a half-made account ends with `UpdateManagedAccount`, so both mean that Control Tower is through. */
export const ACCOUNT_READY_EVENTS = ['CreateManagedAccount', 'UpdateManagedAccount'] as const
