import { sql } from 'kysely'
import { quotaTitle } from '../../domain/accounts/steps.ts'
import { highestLimit, quotaChangeIssues } from '../../domain/quotas/change.ts'
import {
  factOn,
  type OwnLimit,
  overrideOn,
  publishedLimit,
  QUOTAS,
  type QuotaFact,
} from '../../domain/quotas/lookup.ts'
import type { QuotaChange, QuotaEntry, QuotaList, QuotaRow } from '../../domain/quotas/view.ts'
import { type Day, dayInJapan } from '../../kernel/days.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'

/** Every quota of one AWS organisation with what holds today, why, and what was entered for later. */
export async function listQuotas(tx: Tx, awsOrganizationId: string): Promise<QuotaList> {
  const members = await memberAccounts(tx, awsOrganizationId)
  const entries = await readEntries(tx, awsOrganizationId)
  const today = dayInJapan(tx.at)
  const facts = [...new Set(QUOTAS.map((fact) => fact.quota))].flatMap((quota) => factOn(quota, today) ?? [])
  return {
    awsOrganizationId,
    items: facts.map((fact) => toRow(fact, members, today, entries)),
  }
}

/** What was entered for one AWS organisation and holds today; what went back to AWS is not among it. */
export async function ownLimitsOf(tx: Tx, awsOrganizationId: string): Promise<readonly OwnLimit[]> {
  const entries = await readEntries(tx, awsOrganizationId)
  const today = dayInJapan(tx.at)
  return [...new Set(entries.map(({ quota }) => quota))].flatMap((quota) => {
    const found = overrideOn(quota, awsOrganizationId, today, entries)
    if (found === null || found.limit === null) return []
    const { limit, reason, effectiveFrom } = found
    return [{ quota, limit, reason, effectiveFrom }]
  })
}

/** Enters a value, or with `limit` null gives the quota back to AWS. Saying the same again writes nothing. */
export async function changeQuota(
  tx: Tx,
  awsOrganizationId: string,
  quota: string,
  change: QuotaChange,
): Promise<void> {
  const members = await memberAccounts(tx, awsOrganizationId)
  const today = dayInJapan(tx.at)
  const fact = factOn(quota, today)
  if (fact === null) throw notFound('quota', quota)
  const effectiveFrom = change.effectiveFrom ?? today
  const issues = quotaChangeIssues(fact, { limit: change.limit, effectiveFrom }, today, members)
  if (issues.length > 0)
    throw invalid('quota_change', `The quota \`${quota}\` cannot be set like this.`, issues)
  const before = overrideOn(quota, awsOrganizationId, effectiveFrom, await readEntries(tx, awsOrganizationId))
  if ((before?.limit ?? null) === change.limit) return
  await sql`
    insert into quota_override (aws_organization_id, quota, effective_from, quota_limit, reason, recorded_at, recorded_by)
    values (${awsOrganizationId}, ${quota}, ${effectiveFrom}, ${change.limit}, ${change.reason}, ${tx.at}, ${tx.actor.name})
    on conflict (aws_organization_id, quota, effective_from) do update set quota_limit = excluded.quota_limit,
      reason = excluded.reason, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`.execute(
    tx.sql,
  )
  await tx.record({
    kind: change.limit === null ? 'quota.reset' : 'quota.changed',
    organisationId: null,
    subject: awsOrganizationId,
    data: { quota, limit: change.limit, before: before?.limit ?? null, effectiveFrom, reason: change.reason },
  })
  await tx.notify('aws-organizations', awsOrganizationId, null)
  await tx.notify('queue', awsOrganizationId, null)
}

interface Entry extends QuotaEntry {
  readonly awsOrganizationId: string
  readonly quota: string
}

async function readEntries(tx: Tx, awsOrganizationId: string): Promise<readonly Entry[]> {
  const result = await sql<Omit<Entry, 'recordedAt'> & { recordedAt: Date }>`
    select aws_organization_id as "awsOrganizationId", quota, quota_limit as "limit",
      effective_from::text as "effectiveFrom", reason, recorded_by as "recordedBy", recorded_at as "recordedAt"
    from quota_override where aws_organization_id = ${awsOrganizationId} order by effective_from`.execute(
    tx.sql,
  )
  return result.rows.map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }))
}

/** Null before the first complete sweep. */
async function memberAccounts(tx: Tx, awsOrganizationId: string): Promise<number | null> {
  const row = await tx.sql
    .selectFrom('aws_organization as g')
    .leftJoin('aws_organization_sweep as s', 's.aws_organization_id', 'g.id')
    .select('s.accounts')
    .where('g.id', '=', awsOrganizationId)
    .executeTakeFirst()
  if (row === undefined) throw notFound('aws_organization', awsOrganizationId)
  return row.accounts === null ? null : Math.max(0, row.accounts - 1)
}

function toRow(fact: QuotaFact, members: number | null, today: Day, entries: readonly Entry[]): QuotaRow {
  const published = publishedLimit(fact, members)
  const mine = entries.filter((entry) => entry.quota === fact.quota)
  const now = overrideOn(fact.quota, mine[0]?.awsOrganizationId ?? '', today, mine)
  return {
    quota: fact.quota,
    title: quotaTitle(fact.quota),
    scope: fact.scope,
    limit: now?.limit ?? published,
    published,
    computed: fact.shareOfMembers ? { ...fact.shareOfMembers, atLeast: fact.limit, members } : null,
    adjustable: fact.adjustable,
    highest: highestLimit(fact, members),
    windowDays: fact.windowDays ?? null,
    source: fact.source,
    asOf: fact.asOf,
    override: now === null || now.limit === null ? null : shown(now),
    upcoming: mine.filter((entry) => entry.effectiveFrom > today).map(shown),
  }
}

const shown = ({ limit, effectiveFrom, reason, recordedBy, recordedAt }: Entry): QuotaEntry => ({
  limit,
  effectiveFrom,
  reason,
  recordedBy,
  recordedAt,
})
