import { sql } from 'kysely'
import type { StepMoment, WorkObserver } from '../../ports/queue.ts'
import { type Changes, type Tx, transact } from '../transact.ts'
import { json, WORKER } from './row.ts'

/** Writes how the steps go. Telling the same moment twice changes nothing; an older attempt never hides a newer one. */
export function timelineObserver(on: Changes): WorkObserver {
  const tell = (workId: string, write: (tx: Tx) => Promise<void>): Promise<void> =>
    transact(on, WORKER, async (tx) => {
      await write(tx)
      const work = await tx.sql
        .selectFrom('application_order')
        .select(['application_id', 'organisation_id'])
        .where('work_id', '=', workId)
        .executeTakeFirst()
      if (work) await tx.notify('applications', work.application_id, work.organisation_id)
    })
  return {
    stepStarted: (at) => tell(at.workId, (tx) => started(tx, at)),
    stepSucceeded: (at) => tell(at.workId, (tx) => succeeded(tx, at)),
    attemptFailed: (at) =>
      tell(at.workId, async (tx) => {
        await tx.sql
          .updateTable('work_step')
          .set({
            state: at.retryInMs === null ? 'failed' : 'waiting',
            finished_at: at.retryInMs === null ? tx.at : null,
            attempts: attempts(at),
            error: json({ ...at.error, at: tx.at.toISOString() }),
          })
          .where('work_id', '=', at.workId)
          .where('step', '=', at.step)
          .execute()
      }),
    slotWaiting: (at) => tell(at.workId, (tx) => slot(tx, at.workId, at.quota, 'waiting')),
    slotTaken: (at) => tell(at.workId, (tx) => slot(tx, at.workId, at.quota, 'done')),
  }
}

const attempts = (at: StepMoment) => sql<number>`greatest(work_step.attempts, ${at.attempt})`

async function started(tx: Tx, at: StepMoment): Promise<void> {
  await upsert(tx, at.workId, at.step, 'running', at.attempt)
}

/** A replayed step was done before a crash: only what the crash kept from being written is filled in. */
async function succeeded(tx: Tx, at: StepMoment & { readonly replayed: boolean }): Promise<void> {
  if (!at.replayed) return upsert(tx, at.workId, at.step, 'done', at.attempt)
  const known = await tx.sql
    .selectFrom('work_step')
    .select('state')
    .where('work_id', '=', at.workId)
    .where('step', '=', at.step)
    .executeTakeFirst()
  if (known?.state !== 'done') await upsert(tx, at.workId, at.step, 'done', at.attempt)
}

/** A wait for a unit of a quota is shown as a step of its own, `slot:<quota>`. */
const slot = (tx: Tx, workId: string, quota: string, state: 'waiting' | 'done'): Promise<void> =>
  upsert(tx, workId, `slot:${quota}`, state, 1)

async function upsert(
  tx: Tx,
  workId: string,
  step: string,
  state: 'running' | 'waiting' | 'done',
  attempt: number,
): Promise<void> {
  const done = state === 'done'
  await sql`
    insert into work_step (work_id, step, organisation_id, application_id, state, attempts, started_at, finished_at)
    select work_id, ${step}, organisation_id, application_id, ${state}, ${attempt}, ${tx.at},
           case when ${done} then ${tx.at}::timestamptz end
      from application_order where work_id = ${workId}
    on conflict (work_id, step) do update
      set state = excluded.state, finished_at = excluded.finished_at,
          attempts = greatest(work_step.attempts, excluded.attempts)`.execute(tx.sql)
}
