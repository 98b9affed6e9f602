import { sql } from 'kysely'
import { bug, conflict } from '../../kernel/errors.ts'
import type { ApplyJob, PlanJob } from '../../ports/controls.ts'
import { CENTRE_ONLY, type Scoped, type Tx } from '../transact.ts'
import { applyRow, stepRows, tell } from './applies.ts'
import { bodyOf, planRow, wakeWorkers } from './plans.ts'

/** A worker that is silent for so long has lost its work; one whose session is missed, at once. */
const LEASE_MS = 15_000

const leaseEnd = sql<Date>`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`

export interface Held {
  readonly id: string
  readonly attempt: number
}

export async function isAnyOpen(one: Scoped): Promise<boolean> {
  const { rows } = await sql`
    select from control_apply where state in ('queued', 'running', 'giving_up')
    union all select from control_plan where state in ('queued', 'reading') limit 1`.execute(one.sql)
  return rows.length > 0
}

/** The next apply, or the next plan, that no living worker has in hand. */
export async function claim(
  tx: Tx,
  executor: string,
): Promise<{ readonly plan: PlanJob } | { readonly apply: ApplyJob } | null> {
  // One worker chooses at a time: two would choose the same.
  await sql`select pg_advisory_xact_lock(7266, 67)`.execute(tx.sql)
  const { rows } = await sql<{ id: string; what: 'plan' | 'apply' }>`
    select j.id, j.what from (
      select id, 'apply' as what, seq from control_apply where state in ('queued', 'running', 'giving_up')
      union all
      select id, 'plan', seq from control_plan where state in ('queued', 'reading')
    ) j left join control_run run on run.job_id = j.id
     where run.job_id is null or run.lease_until < clock_timestamp() or exists (
       select 1 from executor e where e.id = run.executor and (e.left_at is not null or e.missing_since is not null))
     order by j.what, j.seq limit 1`.execute(tx.sql)
  const [found] = rows
  if (found === undefined) return null
  const attempt = await take(tx, found.id, executor)
  return found.what === 'apply'
    ? { apply: await applyJob(tx, found.id, attempt) }
    : { plan: await planJob(tx, found.id, attempt) }
}

async function take(tx: Tx, id: string, executor: string): Promise<number> {
  const { attempt } = await tx.sql
    .insertInto('control_run')
    .values({ job_id: id, executor, attempt: 1, lease_until: leaseEnd })
    .onConflict((again) =>
      again
        .column('job_id')
        .doUpdateSet({ executor, attempt: sql`control_run.attempt + 1`, lease_until: leaseEnd }),
    )
    .returning('attempt')
    .executeTakeFirstOrThrow()
  return attempt
}

async function planJob(tx: Tx, id: string, attempt: number): Promise<PlanJob> {
  const row = await planRow(tx, id)
  const { body } = await tx.sql
    .selectFrom('control_set')
    .select('body')
    .where('name', '=', row.set_name)
    .where('version', '=', row.set_version)
    .executeTakeFirstOrThrow()
  await tx.sql.updateTable('control_plan').set({ state: 'reading' }).where('id', '=', id).execute()
  await tx.record({ kind: 'control_plan.started', organisationId: null, subject: id, data: { attempt } })
  await tx.notify('control_plans', id, CENTRE_ONLY)
  return {
    id,
    attempt,
    awsOrganizationId: row.aws_organization_id,
    target: row.target_id,
    set: { name: row.set_name, version: row.set_version, body },
    action: row.action,
    hookMode: row.hook_mode,
  }
}

async function applyJob(tx: Tx, id: string, attempt: number): Promise<ApplyJob> {
  const row = await applyRow(tx, id)
  const planned = await planRow(tx, row.plan_id)
  const plan = bodyOf(planned)
  if (plan === null || planned.digest === null) throw bug(`The apply \`${id}\` has no plan.`)
  const mode = row.state === 'giving_up' ? 'give_up' : 'do'
  await tx.sql
    .updateTable('control_apply')
    .set({ state: mode === 'do' ? 'running' : 'giving_up', started_at: row.started_at ?? tx.at })
    .where('id', '=', id)
    .execute()
  await tell(tx, id, 'started', { attempt, mode })
  const steps = (await stepRows(tx, id)).map(({ number, state, attempts, operation }) => ({
    number,
    state,
    attempts,
    operation,
  }))
  return {
    id,
    attempt,
    awsOrganizationId: row.aws_organization_id,
    mode,
    plan,
    digest: planned.digest,
    steps,
  }
}

/** Keeps the lease. False: another worker has the job. */
export async function beat(tx: Tx, executor: string, job: Held): Promise<boolean> {
  const updated = await tx.sql
    .updateTable('control_run')
    .set({ lease_until: leaseEnd })
    .where('job_id', '=', job.id)
    .where('executor', '=', executor)
    .where('attempt', '=', job.attempt)
    .returning('job_id')
    .executeTakeFirst()
  return updated !== undefined
}

export async function release(tx: Tx, executor: string, job: Held): Promise<void> {
  await tx.sql
    .updateTable('control_run')
    .set({ lease_until: sql`'-infinity'` })
    .where('job_id', '=', job.id)
    .where('executor', '=', executor)
    .where('attempt', '=', job.attempt)
    .execute()
  await wakeWorkers(tx, job.id)
}

/** Throws `conflict` unless this worker's attempt is the latest; holds the row until the transaction ends. */
export async function demandHeld(tx: Tx, executor: string, job: Held): Promise<void> {
  const own = await tx.sql
    .selectFrom('control_run')
    .select('job_id')
    .where('job_id', '=', job.id)
    .where('executor', '=', executor)
    .where('attempt', '=', job.attempt)
    .forUpdate()
    .executeTakeFirst()
  if (own === undefined) throw conflict('job_lost', `Another worker has \`${job.id}\` now.`)
}

/** The job is over, or waits for a person: nobody holds it, and a later claim begins with the next attempt. */
export const letGo = (tx: Tx, job: Held) =>
  tx.sql
    .updateTable('control_run')
    .set({ lease_until: sql`'-infinity'` })
    .where('job_id', '=', job.id)
    .execute()
