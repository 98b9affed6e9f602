import type { Day } from '../../kernel/days.ts'
import type { Issue } from '../../kernel/errors.ts'
import { publishedLimit, type QuotaFact } from './lookup.ts'

/** Where neither AWS nor our facts name a ceiling: enough for any estate, and a typing error stands out. */
const HIGHEST = 10_000

/** The highest value that may be entered: what AWS grants at most, or what it publishes where it grants nothing. */
export const highestLimit = (fact: QuotaFact, members: number | null): number =>
  fact.adjustable ? (fact.maximum ?? HIGHEST) : publishedLimit(fact, members)

/** What is wrong with a value for one AWS organisation. A lower value is always allowed: other tools may need a share. */
export function quotaChangeIssues(
  fact: QuotaFact,
  change: { readonly limit: number | null; readonly effectiveFrom: Day },
  today: Day,
  members: number | null,
): readonly Issue[] {
  const highest = highestLimit(fact, members)
  const issues: Issue[] = []
  if (change.limit !== null && change.limit < 1)
    issues.push({
      path: ['limit'],
      code: 'limit_too_low',
      params: { limit: change.limit },
      message: `\`${change.limit}\` would stop all work for good. Enter at least 1.`,
    })
  if (change.limit !== null && change.limit > highest)
    issues.push({
      path: ['limit'],
      code: fact.adjustable ? 'limit_above_maximum' : 'limit_not_adjustable',
      params: { limit: change.limit, highest },
      message: fact.adjustable
        ? `AWS grants at most ${highest} for \`${fact.quota}\`, not \`${change.limit}\`.`
        : `AWS does not raise \`${fact.quota}\`: enter at most ${highest}, not \`${change.limit}\`.`,
    })
  if (change.effectiveFrom < today)
    issues.push({
      path: ['effectiveFrom'],
      code: 'day_is_past',
      params: { effectiveFrom: change.effectiveFrom },
      message: `\`${change.effectiveFrom}\` is past. Enter ${today} or a later day.`,
    })
  return issues
}
