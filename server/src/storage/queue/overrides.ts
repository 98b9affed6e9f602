import { sql } from 'kysely'
import type { QuotaCircumstances, QuotaOverride } from '../../domain/quotas/lookup.ts'
import type { Db } from '../database.ts'

/** What holds for single AWS organisations only, and how large they are: a handful of rows. */
export async function readCircumstances(db: Db): Promise<QuotaCircumstances> {
  const [overrides, sizes] = await Promise.all([
    sql<QuotaOverride>`
      select aws_organization_id as "awsOrganizationId", quota, quota_limit as "limit", effective_from::text as "effectiveFrom"
      from quota_override`.execute(db),
    // The sweep lists the management account too, which is no member.
    sql<{ id: string; members: number }>`
      select aws_organization_id as id, accounts - 1 as members from aws_organization_sweep where accounts > 0`.execute(
      db,
    ),
  ])
  return {
    overrides: overrides.rows,
    memberAccounts: new Map(sizes.rows.map((row) => [row.id, row.members])),
  }
}
