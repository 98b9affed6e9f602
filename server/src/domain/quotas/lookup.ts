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
  /** Uses count for this many days after they began, whether or not they ended. */
  readonly windowDays?: number
  readonly verified: boolean
}

/** A value that holds for one AWS organisation: granted by AWS, or chosen lower by the centre. */
export interface QuotaOverride {
  readonly awsOrganizationId: string
  readonly quota: string
  readonly limit: number
  readonly effectiveFrom: Day
}

export const QUOTAS: readonly QuotaFact[] = data

/** Days for which a use counts after it began; null for quotas of what is in flight. */
export const windowDaysOf = (quota: string): number | null =>
  QUOTAS.find((fact) => fact.quota === quota)?.windowDays ?? null

/** The limit that applies on that day: the newest override, else the newest fact. Null for a quota nobody declared. */
export function limitOn(
  quota: string,
  awsOrganizationId: string,
  day: Day,
  overrides: readonly QuotaOverride[],
  facts: readonly QuotaFact[] = QUOTAS,
): number | null {
  const override = newest(
    overrides.filter((o) => o.quota === quota && o.awsOrganizationId === awsOrganizationId),
    day,
  )
  return (
    override?.limit ??
    newest(
      facts.filter((f) => f.quota === quota),
      day,
    )?.limit ??
    null
  )
}

function newest<T extends { readonly effectiveFrom: Day }>(rows: readonly T[], day: Day): T | null {
  const past = rows.filter((row) => row.effectiveFrom <= day)
  return past.reduce<T | null>(
    (best, row) => (best === null || row.effectiveFrom > best.effectiveFrom ? row : best),
    null,
  )
}
