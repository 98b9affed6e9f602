import { sql } from 'kysely'
import type { ReplayView } from '../../domain/policies/replays.ts'
import type { ExemptionOf } from '../../domain/policies/report.ts'
import { conflict } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { CENTRE_ONLY, type Tx } from '../transact.ts'
import { replayRow, replayView } from './replay-rows.ts'
import { sha256Of } from './save-guardrails.ts'
import type { KeptRequest } from './schema.ts'

/** Replays that may wait for one AWS organisation; a person who queues more has made a mistake in a loop. */
const MOST_WAITING = 50

/** Channel that wakes the workers. */
export const REPLAY_CHANNEL = 'rankan_replays'

export interface AskedReplay {
  readonly id: string
  readonly awsOrganizationId: string
  readonly title: string
  readonly request: KeptRequest
  readonly worldSha256: string
  readonly parentId: string | null
  readonly exemptions: readonly ExemptionOf[]
}

/** Queues a replay and tells the ledger what was asked: hashes stand for the documents, which the replay keeps. */
export async function askReplay(tx: Tx, asked: AskedReplay): Promise<ReplayView> {
  const { awsOrganizationId, request } = asked
  const { count } = await tx.sql
    .selectFrom('replay')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  if (count >= MOST_WAITING)
    throw conflict(
      'too_many_replays',
      `${count} replays of \`${awsOrganizationId}\` are waiting already. Cancel some, or wait.`,
    )
  await tx.sql
    .insertInto('replay')
    .values({
      id: asked.id,
      aws_organization_id: awsOrganizationId,
      title: asked.title,
      state: 'queued',
      request: JSON.stringify(request),
      world_sha256: asked.worldSha256,
      parent_id: asked.parentId,
      exemptions: JSON.stringify(asked.exemptions),
      created_at: tx.at,
      created_by_id: tx.actor.id,
      created_by: tx.actor.name,
      started_at: null,
      finished_at: null,
      cancel_asked_at: null,
      error: null,
      ingest: null,
      totals: null,
    })
    .execute()
  await tx.record({
    kind: 'replay.asked',
    organisationId: null,
    subject: asked.id,
    data: {
      awsOrganizationId,
      title: asked.title,
      policies: request.policies.map(({ name, kind, targets, document }) => ({
        name,
        kind,
        targets,
        sha256: sha256Of(document),
      })),
      request: sha256Of(canonicalJson(request)),
      world: asked.worldSha256,
      parentId: asked.parentId,
    },
  })
  await tx.notify('replays', asked.id, CENTRE_ONLY)
  await sql`select pg_notify(${REPLAY_CHANNEL}, ${asked.id})`.execute(tx.sql)
  return replayView(await replayRow(tx, asked.id))
}

/** A queued replay is cancelled at once; a running one by its worker, within seconds. */
export async function cancelReplay(tx: Tx, id: string): Promise<ReplayView> {
  await tx.sql.selectFrom('replay').select('id').where('id', '=', id).forUpdate().execute()
  const row = await replayRow(tx, id)
  if (row.state !== 'queued' && row.state !== 'running')
    throw conflict('replay_over', `The replay \`${id}\` is ${row.state} already.`)
  if (row.cancel_asked_at === null) {
    await tx.sql
      .updateTable('replay')
      .set({
        cancel_asked_at: tx.at,
        ...(row.state === 'queued' ? { state: 'cancelled' as const, finished_at: tx.at } : {}),
      })
      .where('id', '=', id)
      .execute()
    await tx.record({
      kind: row.state === 'queued' ? 'replay.cancelled' : 'replay.cancel_asked',
      organisationId: null,
      subject: id,
      data: {},
    })
    await tx.notify('replays', id, CENTRE_ONLY)
  }
  return replayView(await replayRow(tx, id))
}
