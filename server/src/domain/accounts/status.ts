import type { Bilingual } from '../../kernel/text.ts'

/**
 * The life of an account in the register. AWS's own state is kept beside it (`awsState`): the two differ while a
 * workflow runs, and a lasting difference is drift.
 *
 * vending → active ⇄ suspended; active | suspended → closing → post_closure (90 days) → closed;
 * departed: it left the AWS organisation outside of Rankan and a person recorded that.
 */
export const ACCOUNT_STATUSES = [
  'vending',
  'active',
  'suspended',
  'closing',
  'post_closure',
  'closed',
  'departed',
] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

/** `State` of an account in the Organizations API (the older `Status` is retired in September 2026). */
export const AWS_ACCOUNT_STATES = [
  'PENDING_ACTIVATION',
  'ACTIVE',
  'SUSPENDED',
  'PENDING_CLOSURE',
  'CLOSED',
] as const
export type AwsAccountState = (typeof AWS_ACCOUNT_STATES)[number]

const NEXT: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  vending: ['active', 'closing', 'departed'],
  active: ['suspended', 'closing', 'post_closure', 'departed'],
  suspended: ['active', 'closing', 'post_closure', 'departed'],
  closing: ['post_closure', 'closed', 'active', 'suspended'],
  post_closure: ['closed', 'active'],
  closed: [],
  departed: ['active'],
}

/** May the register go from one status to the other? Staying is always allowed, so that a repeated step is harmless. */
export const mayBecome = (from: AccountStatus, to: AccountStatus): boolean =>
  from === to || NEXT[from].includes(to)

export const ACCOUNT_STATUS_TEXT: Readonly<Record<AccountStatus, Bilingual>> = {
  vending: { ja: '払い出し中', en: 'Vending' },
  active: { ja: '利用中', en: 'Active' },
  suspended: { ja: '停止中', en: 'Suspended' },
  closing: { ja: '閉鎖処理中', en: 'Closing' },
  post_closure: { ja: '閉鎖済み(90日以内)', en: 'Closed, within 90 days' },
  closed: { ja: '閉鎖', en: 'Closed' },
  departed: { ja: '組織外', en: 'Left the organisation' },
}
