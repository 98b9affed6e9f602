import { sql } from 'kysely'
import pg from 'pg'
import type { Claim, Outlook, QuotaKey, TakenWork, WorkItem, WorkMode } from '../../ports/queue.ts'
import type { QueueContext } from './context.ts'

export async function claimWork(on: QueueContext, workId: string, executorId: string): Promise<Claim | null> {
  const result = await sql<{
    kind: string
    mode: WorkMode
    epoch: string
    tenant_id: string
    aws_organization_id: string
    admission: QuotaKey['quota']
    holds_admission: boolean
    repaired: boolean
    ended: Readonly<Record<string, number>> | null
  }>`
    update work_queue w set state = 'running', epoch = w.epoch + 1, executor_id = ${executorId},
      started_at = coalesce(w.started_at, clock_timestamp()), resume_page = null
    from (select resume_page from work_queue where work_id = ${workId} for update) as before
    where work_id = ${workId} and state in ('granted', 'running')
    returning kind, mode, epoch, tenant_id, aws_organization_id, admission, before.resume_page is not null as repaired,
      exists (select 1 from quota_slot s where s.work_id = ${workId} and s.hold = 'admission') as holds_admission,
      (select json_object_agg(hold, pages) from work_hold_ended e where e.work_id = ${workId}) as ended`.execute(
    on.db,
  )
  const row = result.rows[0]
  if (row === undefined) return null
  return {
    workId,
    kind: row.kind,
    mode: row.mode,
    epoch: Number(row.epoch),
    tenantId: row.tenant_id,
    awsOrganizationId: row.aws_organization_id,
    admission: { quota: row.admission, scope: row.aws_organization_id },
    holdsAdmission: row.holds_admission,
    repaired: row.repaired,
    endedHolds: new Map(Object.entries(row.ended ?? {})),
  }
}

export async function holdsLease(on: QueueContext, workId: string, epoch: number): Promise<boolean> {
  const result = await sql`select 1 from work_queue where work_id = ${workId} and epoch = ${epoch}`.execute(
    on.db,
  )
  return result.rows.length > 0
}

interface AssignedRow {
  readonly workId: string
  readonly kind: string
  readonly mode: WorkMode
  readonly state: TakenWork['state']
  readonly fresh: boolean
}

const ASSIGNED = sql`work_id as "workId", kind, mode, state, started_at is null as fresh`

/** Before the first heartbeat: an executor that others do not see yet must take nothing, or each of several new ones would. */
export async function announce(on: QueueContext, executorId: string): Promise<void> {
  await sql`insert into executor (id) values (${executorId})
    on conflict (id) do update set heartbeat_at = clock_timestamp(), left_at = null`.execute(on.db)
}

/** A session that PostgreSQL ended (a restart, an administrator) is opened again within this; a dead process opens none. */
const SESSION_GRACE_MS = 1000

/**
 * Renews this executor's lease, and takes over what dead ones had: those whose lease is over, and those whose session
 * has been missing for a while. An executor that was only paused is fenced when the work is claimed anew; until then it
 * is still the only one that runs it.
 */
export async function heartbeat(on: QueueContext, executorId: string): Promise<readonly TakenWork[]> {
  const result = await sql<AssignedRow>`
    with me as (
      insert into executor (id) values (${executorId})
      on conflict (id) do update set heartbeat_at = clock_timestamp(), left_at = null),
    looked as (
      select id, missing_since, pg_try_advisory_xact_lock(rankan_session_key(id)) as missing from executor
      where guarded and left_at is null and id <> ${executorId} and ${renewed(on)}),
    seen as (
      update executor set missing_since = case when looked.missing then clock_timestamp() end
      from looked where executor.id = looked.id and looked.missing = (looked.missing_since is null)
      returning case when looked.missing then ${tellGone} end)
    update work_queue set executor_id = ${executorId}
    where state in ('granted', 'running') and not exists (
      select 1 from executor where id = work_queue.executor_id and left_at is null and ${renewed(on)}
        and not coalesce(missing_since < clock_timestamp() - ${SESSION_GRACE_MS} * interval '1 millisecond', false))
    returning ${ASSIGNED}`.execute(on.db)
  return result.rows
}

/** Told to all executors with the commit. */
const tellGone = sql`pg_notify('rankan_work', '{"type":"gone"}')`

const renewed = (on: QueueContext) =>
  sql`heartbeat_at > clock_timestamp() - ${on.leaseMs} * interval '1 millisecond'`

/** What an executor says on the session that lives and dies with its process. */
export const guardSession = (executorId: string): string => {
  const id = pg.escapeLiteral(executorId)
  return `select pg_advisory_lock_shared(rankan_session_key(${id}));
    insert into executor (id, guarded) values (${id}, true)
    on conflict (id) do update set guarded = true, missing_since = null`
}

/** A graceful end: what this executor had is free for others at once. */
export async function leave(on: QueueContext, executorId: string): Promise<void> {
  await sql`update executor set left_at = clock_timestamp() where id = ${executorId} returning ${tellGone}`.execute(
    on.db,
  )
  await sql`delete from executor where heartbeat_at < clock_timestamp() - interval '1 day'
    and not exists (select 1 from work_queue q where q.executor_id = executor.id and q.state in ('granted', 'running'))`.execute(
    on.db,
  )
}

export async function look(on: QueueContext, executorId: string): Promise<Outlook> {
  const { rows } = await sql<Outlook>`
    with assigned as (select ${ASSIGNED} from work_queue
      where executor_id = ${executorId} and state in ('granted', 'running'))
    select exists (select from quota_wait) as waiting,
      exists (select from work_queue where state = 'queued' and eta_first is null) as unestimated,
      (select coalesce(json_agg(assigned), '[]') from assigned) as assigned`.execute(on.db)
  return rows[0] ?? { waiting: false, unestimated: false, assigned: [] }
}

export async function findWork(on: QueueContext, workId: string): Promise<WorkItem | null> {
  const result = await sql<WorkItem>`
    select work_id as "workId", kind, state, mode, resume_page as "resumePage", failed_step as "failedStep"
    from work_queue where work_id = ${workId}`.execute(on.db)
  return result.rows[0] ?? null
}

export async function waitedMs(on: QueueContext, workId: string, step: string): Promise<number> {
  const result = await sql<{ ms: number }>`
    insert into work_wait as w (work_id, step) values (${workId}, ${step})
    on conflict (work_id, step) do update set since = w.since
    returning greatest(0, extract(epoch from clock_timestamp() - since) * 1000)::double precision as ms`.execute(
    on.db,
  )
  return result.rows[0]?.ms ?? 0
}
