import { sql } from 'kysely'
import type { QuotaOverride } from '../../domain/quotas/lookup.ts'
import type { Db } from '../database.ts'

/** All quotas that hold for one AWS organisation only: a handful of rows. */
export async function readOverrides(db: Db): Promise<readonly QuotaOverride[]> {
  const result = await sql<QuotaOverride>`
    select aws_organization_id as "awsOrganizationId", quota, quota_limit as "limit", effective_from::text as "effectiveFrom"
    from quota_override`.execute(db)
  return result.rows
}
