import { sql } from 'kysely'
import { ACTIONS_OF } from '../../domain/drift/kinds.ts'
import type { DriftListQuery, DriftRow } from '../../domain/drift/view.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'

export interface DriftCursor {
  readonly at: string
  readonly id: string
}

type Filter = Pick<DriftListQuery, 'state' | 'kind' | 'awsOrganizationId' | 'accountId' | 'limit'>

function select(tx: Tx) {
  return tx.sql
    .selectFrom('drift')
    .leftJoin('account', 'account.account_id', 'drift.account_id')
    .leftJoin('aws_organization_sweep as sweep', 'sweep.aws_organization_id', 'drift.aws_organization_id')
    .selectAll('drift')
    .select([
      'account.organisation_name_ja as organisation_name_ja',
      'account.organisation_name_en as organisation_name_en',
      'sweep.last_complete_at as last_complete_at',
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

function filtered(tx: Tx, filter: Filter) {
  let query = select(tx)
  if (filter.state) query = query.where('drift.state', '=', filter.state)
  if (filter.kind) query = query.where('drift.kind', '=', filter.kind)
  if (filter.awsOrganizationId)
    query = query.where('drift.aws_organization_id', '=', filter.awsOrganizationId)
  if (filter.accountId) query = query.where('drift.account_id', '=', filter.accountId)
  return query
}

/** Newest first. */
export async function listDrift(tx: Tx, filter: Filter, after: DriftCursor | null) {
  let query = filtered(tx, filter)
  if (after)
    query = query.where(sql<boolean>`(drift.found_at, drift.id) < (${after.at}::timestamptz, ${after.id})`)
  const rows = await query
    .orderBy('drift.found_at', 'desc')
    .orderBy('drift.id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  const items = rows.slice(0, filter.limit)
  const last = items.at(-1)
  return {
    items: items.map(toView),
    next: rows.length > filter.limit && last ? { at: last.found_at.toISOString(), id: last.id } : null,
    total: await count(tx, filter),
  }
}

async function count(tx: Tx, filter: Filter): Promise<number> {
  const row = await filtered(tx, filter)
    .clearSelect()
    .select(sql<string>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

export async function findDrift(tx: Tx, id: string): Promise<DriftRow> {
  const row = await select(tx).where('drift.id', '=', id).executeTakeFirst()
  if (!row) throw notFound('drift', id)
  return toView(row)
}

function toView(row: Row): DriftRow {
  const seen = row.last_complete_at
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    awsOrganizationId: row.aws_organization_id,
    accountId: row.account_id,
    accountName: row.account_name,
    organisationId: row.organisation_id,
    organisationName:
      row.organisation_name_ja === null
        ? null
        : { ja: row.organisation_name_ja, en: row.organisation_name_en ?? row.organisation_name_ja },
    expected: row.expected,
    actual: row.actual,
    actions: row.state === 'open' ? [...ACTIONS_OF[row.kind]] : [],
    foundAt: row.found_at.toISOString(),
    lastSeenAt: (seen && seen > row.found_at && row.state !== 'resolved' ? seen : row.found_at).toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedBy: row.resolved_by,
    resolution: row.resolution,
    reason: row.reason,
  }
}
