import { sql } from 'kysely'
import type { QuotaCircumstances, QuotaOverride } from '../../domain/quotas/lookup.ts'
import type { Db } from '../database.ts'

/** What holds for single AWS organisations only, and how large they are: a handful of rows. */
export async function readCircumstances(db: Db): Promise<QuotaCircumstances> {
  const { rows } = await sql<Row>`
    select (select coalesce(json_agg(json_build_object('awsOrganizationId', aws_organization_id, 'quota', quota,
        'limit', quota_limit, 'effectiveFrom', effective_from)), '[]') from quota_override) as overrides,
      (select coalesce(json_object_agg(aws_organization_id, accounts - 1), '{}') from aws_organization_sweep
        where accounts > 0) as members`.execute(db)
  const [row] = rows
  return {
    overrides: row?.overrides ?? [],
    memberAccounts: new Map(Object.entries(row?.members ?? {})),
  }
}

interface Row {
  readonly overrides: readonly QuotaOverride[]
  /** The sweep lists the management account too, which is no member. */
  readonly members: Readonly<Record<string, number>>
}
