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

/** Topics: one account, and everything that goes on in one AWS organisation. */
export const accountTopic = (accountId: string): string => `account:${accountId}`
export const estateTopic = (awsOrganizationId: string): string => `estate:${awsOrganizationId}`

/** A retry of a half-made account ends with `UpdateManagedAccount`, so both mean that Control Tower is through. */
export const ACCOUNT_READY_EVENTS = ['CreateManagedAccount', 'UpdateManagedAccount'] as const
