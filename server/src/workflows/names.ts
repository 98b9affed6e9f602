import type { Order } from '../ports/orders.ts'

export const PERMISSION_SETS = ['Admin', 'NonAdmin'] as const
export type PermissionSet = (typeof PERMISSION_SETS)[number]

/** One group for each account and permission set, so that rights on one environment give none on another. */
export const groupName = (accountName: string, set: PermissionSet): string =>
  `${accountName}-${set === 'Admin' ? 'admin' : 'nonadmin'}`

export const budgetName = (accountId: string): string => `rankan-${accountId}`

/** A token of Service Catalog: [A-Za-z0-9_-]{1,128}. A cleared attempt needs a new one, or AWS repeats its old answer. */
export const creationToken = (workId: string, attempt: number): string =>
  `${workId.replaceAll(/[^A-Za-z0-9_-]/g, '-')}-${attempt}`

export function accountTags(order: Order): Readonly<Record<string, string>> {
  return {
    'rankan:application': order.applicationId,
    'rankan:organisation': order.organisationCode,
    'rankan:system': order.systemCode,
    ...(order.environment ? { 'rankan:environment': order.environment } : {}),
  }
}
