import { sql } from 'kysely'
import type {
  ReplayDetail,
  ReplayListQuery,
  ReplayPolicy,
  ReplayView,
} from '../../domain/policies/replays.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'

const select = (tx: Tx) =>
  tx.sql
    .selectFrom('replay')
    .leftJoin('replay_run as run', 'run.replay_id', 'replay.id')
    .selectAll('replay')
    .select(['run.phase', 'run.files_total', 'run.files_read', 'run.events_read'])
    .select(['run.facts_total', 'run.facts_asked'])

export type ReplayRow = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

export async function replayRow(tx: Tx, id: string): Promise<ReplayRow> {
  const row = await select(tx).where('replay.id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('replay', id)
  return row
}

/** Newest first, after `seq`. */
export async function listReplays(
  tx: Tx,
  query: Pick<ReplayListQuery, 'awsOrganizationId' | 'state' | 'limit'>,
  after: string | null,
): Promise<{ readonly items: ReplayView[]; readonly next: string | null }> {
  let rows = select(tx)
  if (query.awsOrganizationId) rows = rows.where('replay.aws_organization_id', '=', query.awsOrganizationId)
  if (query.state) rows = rows.where('replay.state', '=', query.state)
  if (after !== null) rows = rows.where(sql<boolean>`replay.seq < ${after}::bigint`)
  const found = await rows
    .orderBy('replay.seq', 'desc')
    .limit(query.limit + 1)
    .execute()
  const items = found.slice(0, query.limit)
  return {
    items: items.map(replayView),
    next: found.length > query.limit ? (items.at(-1)?.seq ?? null) : null,
  }
}

export async function replayDetail(tx: Tx, id: string): Promise<ReplayDetail> {
  const row = await replayRow(tx, id)
  const children = await tx.sql
    .selectFrom('replay')
    .select('id')
    .where('parent_id', '=', id)
    .orderBy('seq')
    .execute()
  return {
    ...replayView(row),
    documents: [...row.request.policies],
    againstDocuments: againstOf(row),
    ingest: row.ingest,
    children: children.map((one) => one.id),
  }
}

const againstOf = ({ request: { against } }: ReplayRow): ReplayPolicy[] =>
  against?.what === 'policies' ? [...against.policies] : []

export function replayView(row: ReplayRow): ReplayView {
  return {
    id: row.id,
    awsOrganizationId: row.aws_organization_id,
    title: row.title,
    state: row.state,
    cancelling: row.state === 'running' && row.cancel_asked_at !== null,
    progress: progressOf(row),
    since: row.request.since,
    until: row.request.until,
    policies: row.request.policies.map(({ name, kind, targets }) => ({ name, kind, targets: [...targets] })),
    withInForce: row.request.withInForce,
    against: row.request.against?.what ?? null,
    parentId: row.parent_id,
    exemptions: [...row.exemptions],
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    attempts: row.attempts,
    error: row.error,
    totals: row.totals,
  }
}

const progressOf = (row: ReplayRow): ReplayView['progress'] => ({
  phase: row.state === 'queued' ? 'waiting' : row.state === 'done' ? 'done' : (row.phase ?? 'waiting'),
  filesTotal: row.files_total,
  filesRead: row.files_read ?? 0,
  eventsRead: Number(row.events_read ?? 0),
  factsTotal: row.facts_total === null ? null : Number(row.facts_total),
  factsAsked: Number(row.facts_asked ?? 0),
})
