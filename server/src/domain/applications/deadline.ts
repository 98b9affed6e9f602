import type { Day } from '../../kernel/days.ts'

const DAY_MS = 86_400_000

/**
 * When the work should be done: at the start of the first day of use in Japan, but never sooner than a day after the
 * approval, which is the promise of B3 ("usable the next day at the latest").
 */
export function deadlineOf(start: Day | null, approvedAt: Date): Date {
  const promised = approvedAt.getTime() + DAY_MS
  const wanted = start ? Date.parse(`${start}T00:00:00+09:00`) : 0
  return new Date(Math.max(promised, wanted))
}
