import { sql } from 'kysely'
import { systemActor } from '../../domain/people/roles.ts'
import type { ReplayProgress, ReplayTotals } from '../../domain/policies/replays.ts'
import type { ReplayReport } from '../../domain/policies/report.ts'
import type { ReplayJob, ReplayOutcome, ReplayStore, Standing } from '../../ports/replays.ts'
import { CENTRE_ONLY, type Changes, type Scoped, statement, type Tx, transact } from '../transact.ts'
import { REPLAY_CHANNEL } from './ask-replay.ts'
import { type ReplayRow, replayRow } from './replay-rows.ts'
import { keptWorld } from './replay-world.ts'
import { sha256Of } from './save-guardrails.ts'

const WORKER = systemActor('worker')

/** A worker that is silent for so long has lost its replay; one whose session is missed, at once. */
const LEASE_MS = 15_000
/** A replay that took this many workers with it is not given to another. */
const MOST_DEATHS = 5

/** The side of the workers. `executor` is the id under which this worker is known to the others. */
export function replayStore(on: Changes, executor: string): ReplayStore {
  return {
    // Asked every few seconds by every worker, and nearly always there is none: that costs one statement and no lock.
    claim: async () =>
      (await statement(on, WORKER, isAnyOpen)) ? transact(on, WORKER, (tx) => claim(tx, executor)) : null,
    beat: (job, progress) => transact(on, WORKER, (tx) => beat(tx, executor, job, progress)),
    done: (job, outcome) => ending(on, executor, job, (tx) => done(tx, job, outcome)),
    failed: (job, error) =>
      ending(on, executor, job, (tx) =>
        end(tx, job.id, 'failed', { error }, { error: JSON.stringify(error) }),
      ),
    cancelled: (job) => ending(on, executor, job, (tx) => end(tx, job.id, 'cancelled', {})),
    release: (job) =>
      transact(on, WORKER, async (tx) => {
        await tx.sql
          .updateTable('replay_run')
          .set({ lease_until: sql`'-infinity'` })
          .where(ownAttempt(job, executor))
          .execute()
        await sql`select pg_notify(${REPLAY_CHANNEL}, ${job.id})`.execute(tx.sql)
      }),
  }
}

async function isAnyOpen(one: Scoped): Promise<boolean> {
  const { rows } = await sql`select from replay where state in ('queued', 'running') limit 1`.execute(one.sql)
  return rows.length > 0
}

async function claim(tx: Tx, executor: string): Promise<ReplayJob | null> {
  // One worker chooses at a time: two would choose two of one AWS organisation.
  await sql`select pg_advisory_xact_lock(7266, 64)`.execute(tx.sql)
  for (;;) {
    const found = await next(tx)
    if (found === null) return null
    const { row, deaths } = found
    if (row.cancel_asked_at !== null) await end(tx, row.id, 'cancelled', {})
    else if (deaths >= MOST_DEATHS) await giveUp(tx, row.id, deaths)
    else return begin(tx, row, executor, deaths)
  }
}

/** Replays whose worker is gone first, then the oldest of an AWS organisation that has none running. */
async function next(tx: Tx): Promise<{ readonly row: ReplayRow; readonly deaths: number } | null> {
  const { rows } = await sql<{ id: string; deaths: number }>`
    select r.id, coalesce(run.deaths, 0) + (r.state = 'running' and isfinite(run.lease_until))::integer as deaths
      from replay r left join replay_run run on run.replay_id = r.id
     where (r.state = 'running' and (run.lease_until < clock_timestamp() or exists (
             select 1 from executor e where e.id = run.executor
                and (e.left_at is not null or e.missing_since is not null))))
        or (r.state = 'queued' and not exists (
             select 1 from replay o where o.aws_organization_id = r.aws_organization_id and o.state = 'running'))
     order by r.state = 'running' desc, r.seq limit 1 for update of r`.execute(tx.sql)
  const [found] = rows
  return found === undefined ? null : { row: await replayRow(tx, found.id), deaths: found.deaths }
}

async function begin(tx: Tx, row: ReplayRow, executor: string, deaths: number): Promise<ReplayJob> {
  const attempt = row.attempts + 1
  await tx.sql
    .updateTable('replay')
    .set({ state: 'running', attempts: attempt, started_at: row.started_at ?? tx.at })
    .where('id', '=', row.id)
    .execute()
  const run = {
    executor,
    deaths,
    lease_until: sql<Date>`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`,
    phase: 'reading' as const,
    files_total: null,
    files_read: 0,
    events_read: 0,
    facts_total: null,
    facts_asked: 0,
  }
  await tx.sql
    .insertInto('replay_run')
    .values({ replay_id: row.id, ...run })
    .onConflict((conflict) => conflict.column('replay_id').doUpdateSet(run))
    .execute()
  await tx.record({ kind: 'replay.started', organisationId: null, subject: row.id, data: { attempt } })
  await tx.notify('replays', row.id, CENTRE_ONLY)
  const { policies, withInForce, against, since, until } = row.request
  const world = await keptWorld(tx, row.world_sha256)
  const awsOrganizationId = row.aws_organization_id
  return { id: row.id, awsOrganizationId, attempt, policies, withInForce, against, since, until, world }
}

const giveUp = (tx: Tx, id: string, deaths: number) => {
  const error = {
    code: 'workers_died',
    message: `${deaths} workers ended in the middle of this replay. Their logs tell why; ask for it again then.`,
  }
  return end(tx, id, 'failed', { error }, { error: JSON.stringify(error) })
}

/** Only this worker's attempt: it may have been replaced meanwhile. */
const ownAttempt = (
  job: ReplayJob,
  executor: string,
) => sql<boolean>`replay_id = ${job.id} and executor = ${executor}
  and exists (select 1 from replay r where r.id = ${job.id} and r.state = 'running' and r.attempts = ${job.attempt})`

async function beat(tx: Tx, executor: string, job: ReplayJob, progress: ReplayProgress): Promise<Standing> {
  const { rows } = await sql<{ cancelled: boolean; moved: boolean }>`
    update replay_run run set
      lease_until = clock_timestamp() + ${LEASE_MS} * interval '1 millisecond',
      phase = ${progress.phase}, files_total = ${progress.filesTotal}, files_read = ${progress.filesRead},
      events_read = ${progress.eventsRead}, facts_total = ${progress.factsTotal}, facts_asked = ${progress.factsAsked}
      from replay r, replay_run before
     where run.replay_id = ${job.id} and r.id = run.replay_id and before.replay_id = run.replay_id
       and run.executor = ${executor} and r.state = 'running' and r.attempts = ${job.attempt}
    returning r.cancel_asked_at is not null as cancelled,
      (before.phase, before.files_read, before.facts_asked, before.files_total, before.facts_total)
        is distinct from (run.phase, run.files_read, run.facts_asked, run.files_total, run.facts_total) as moved`.execute(
    tx.sql,
  )
  const [row] = rows
  if (row === undefined) return 'lost'
  if (row.moved) await tx.notify('replays', job.id, CENTRE_ONLY)
  return row.cancelled ? 'cancelled' : 'go'
}

/** The end of an attempt, unless it is another worker's by now. */
const ending = (
  on: Changes,
  executor: string,
  job: ReplayJob,
  work: (tx: Tx) => Promise<void>,
): Promise<void> =>
  transact(on, WORKER, async (tx) => {
    await tx.sql.selectFrom('replay').select('id').where('id', '=', job.id).forUpdate().execute()
    const own = await tx.sql
      .selectFrom('replay_run')
      .select('replay_id')
      .where(ownAttempt(job, executor))
      .executeTakeFirst()
    if (own !== undefined) await work(tx)
  })

async function done(tx: Tx, job: ReplayJob, outcome: ReplayOutcome): Promise<void> {
  const { report, proposals, ingest, tables } = outcome
  const body = JSON.stringify({ report, proposals })
  const totals = totalsOf(report)
  await tx.sql.insertInto('replay_result').values({ replay_id: job.id, body }).execute()
  for (const { section, table, lines, csvGz } of tables)
    await tx.sql
      .insertInto('replay_table')
      .values({ replay_id: job.id, section, name: table, lines, csv_gz: Buffer.from(csvGz, 'base64') })
      .execute()
  await end(
    tx,
    job.id,
    'done',
    { totals, result: sha256Of(body) },
    { totals: JSON.stringify(totals), ingest: JSON.stringify(ingest) },
  )
}

const totalsOf = ({ events, calls, denied, unknown, against }: ReplayReport): ReplayTotals => ({
  events,
  calls,
  denied: denied.calls,
  already: denied.already,
  unknown: unknown.calls,
  newlyDenied: against?.newlyDenied.calls ?? null,
  newlyAllowed: against?.newlyAllowed.calls ?? null,
})

async function end(
  tx: Tx,
  id: string,
  state: 'done' | 'failed' | 'cancelled',
  data: object,
  values: { readonly error?: string; readonly totals?: string; readonly ingest?: string } = {},
): Promise<void> {
  await tx.sql
    .updateTable('replay')
    .set({ state, finished_at: tx.at, ...values })
    .where('id', '=', id)
    .execute()
  await tx.record({ kind: `replay.${state}`, organisationId: null, subject: id, data })
  await tx.notify('replays', id, CENTRE_ONLY)
}
