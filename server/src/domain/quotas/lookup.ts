import type { Day } from '../../kernel/days.ts'
import data from './quotas.json' with { type: 'json' }

/** One dated value of a quota. `verified` is false where our facts mark it [?]. */
export interface QuotaFact {
  readonly quota: string
  /** What one budget covers: `aws_organization`, `ou`, or `installation`. */
  readonly scope: string
  readonly limit: number
  readonly effectiveFrom: Day
  readonly source: string
  readonly asOf: Day
  readonly adjustable: boolean
  /** The most that AWS grants on request, where known. */
  readonly maximum?: number
  /** AWS computes it: so much of the member accounts, at least `limit` and at most `atMost`. */
  readonly shareOfMembers?: { readonly percent: number; readonly atMost: number }
  /** Uses count for this many days after they began, whether or not they ended. */
  readonly windowDays?: number
  readonly verified: boolean
}

/** A value that holds for one AWS organisation from a day on: granted by AWS, or chosen lower by the centre. */
export interface QuotaOverride {
  readonly awsOrganizationId: string
  readonly quota: string
  /** Null: from that day on what AWS publishes holds again. */
  readonly limit: number | null
  readonly effectiveFrom: Day
}

/** What was entered for one AWS organisation, and holds there on the day of who asks. */
export interface OwnLimit {
  readonly quota: string
  readonly limit: number
  /** Why, in the words of who entered it. */
  readonly reason: string
  readonly effectiveFrom: Day
}

/** What is known of the AWS organisations and moves their limits. */
export interface QuotaCircumstances {
  readonly overrides: readonly QuotaOverride[]
  /** Member accounts of each AWS organisation at its last complete sweep; it is absent before the first one. */
  readonly memberAccounts: ReadonlyMap<string, number>
}

export const NO_CIRCUMSTANCES: QuotaCircumstances = { overrides: [], memberAccounts: new Map() }

export const QUOTAS: readonly QuotaFact[] = data

/** Days for which a use counts after it began; null for quotas of what is in flight. */
export const windowDaysOf = (quota: string): number | null =>
  QUOTAS.find((fact) => fact.quota === quota)?.windowDays ?? null

/** The limit that applies on that day: the newest override, else what AWS publishes. Null for a quota nobody declared. */
export function limitOn(
  quota: string,
  awsOrganizationId: string,
  day: Day,
  known: QuotaCircumstances,
  facts: readonly QuotaFact[] = QUOTAS,
): number | null {
  const override = overrideOn(quota, awsOrganizationId, day, known.overrides)
  if (override !== null && override.limit !== null) return override.limit
  const fact = factOn(quota, day, facts)
  return fact && publishedLimit(fact, known.memberAccounts.get(awsOrganizationId) ?? null)
}

/** AWS's own value for an organisation of so many member accounts; the least it can be while nobody counted them. */
export function publishedLimit(
  fact: Pick<QuotaFact, 'limit' | 'shareOfMembers'>,
  members: number | null,
): number {
  if (fact.shareOfMembers === undefined || members === null) return fact.limit
  const { percent, atMost } = fact.shareOfMembers
  return Math.min(atMost, Math.max(fact.limit, Math.floor((members * percent) / 100)))
}

export const factOn = (quota: string, day: Day, facts: readonly QuotaFact[] = QUOTAS): QuotaFact | null =>
  newest(
    facts.filter((fact) => fact.quota === quota),
    day,
  )

export const overrideOn = <T extends QuotaOverride>(
  quota: string,
  awsOrganizationId: string,
  day: Day,
  overrides: readonly T[],
): T | null =>
  newest(
    overrides.filter((one) => one.quota === quota && one.awsOrganizationId === awsOrganizationId),
    day,
  )

function newest<T extends { readonly effectiveFrom: Day }>(rows: readonly T[], day: Day): T | null {
  const past = rows.filter((row) => row.effectiveFrom <= day)
  return past.reduce<T | null>(
    (best, row) => (best === null || row.effectiveFrom > best.effectiveFrom ? row : best),
    null,
  )
}
