import type { AttentionItem } from '../view.ts'

/** High before medium, then the longest standing. */
export const bySeverity = (a: AttentionItem, b: AttentionItem): number =>
  (a.severity === b.severity ? 0 : a.severity === 'high' ? -1 : 1) ||
  (a.since ?? '9999').localeCompare(b.since ?? '9999') ||
  a.key.localeCompare(b.key)
