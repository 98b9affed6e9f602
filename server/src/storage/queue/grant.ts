import { sql } from 'kysely'
import { choose, type FairClock, type Heads, type Waiting } from '../../domain/scheduling/fair.ts'
import type { GrantedWork, QuotaKey, WorkMode } from '../../ports/queue.ts'
import type { QueueContext, Trx } from './context.ts'

/** Holds that let queued work start; the others are taken by a workflow that runs already. */
const STARTS_WORK: readonly string[] = ['admission', 'resume']
/** One transaction fills at most this many units, so that it stays short. */
const MOST_AT_ONCE = 100

interface WaitRow {
  readonly work_id: string
  readonly hold: string
  readonly tenant_id: string
  readonly aws_organization_id: string
  readonly start_tag: number
  readonly seq: number
  readonly deadline_ms: number | null
  readonly kind: string
  readonly mode: WorkMode
  readonly fresh: boolean
  readonly running: boolean
}

interface QueueHead {
  readonly now_ms: number
  readonly used: number
  readonly uses: readonly number[]
  readonly virtual_time: number | null
  readonly last_was_urgent: boolean | null
  readonly turn: WaitRow | null
  readonly deadline: WaitRow | null
}

/** A process that is paused in the middle of a grant must not hold up all others: the server ends its transaction. */
const IDLE_MS = '5000'

/** Serialises everything that changes who holds a quota. Call before reading its rows; take several in sorted order. */
export const lockQuota = (trx: Trx, key: QuotaKey) =>
  sql`select set_config('idle_in_transaction_session_timeout', ${IDLE_MS}, true),
    pg_advisory_xact_lock(hashtextextended(${`${key.quota} ${key.scope}`}, 7265))`.execute(trx)

/**
 * Fills the free units of one quota by the fair policy; the quota must be locked. Returns the work that this
 * executor starts itself; other executors hear of theirs by NOTIFY.
 */
export async function fillUnits(
  trx: Trx,
  on: QueueContext,
  key: QuotaKey,
  executorId: string,
): Promise<readonly GrantedWork[]> {
  const mine: GrantedWork[] = []
  for (let i = 0; i < MOST_AT_ONCE; i++) {
    const head = await readHead(trx, on, key)
    if (head?.turn == null || !hasFreeUnit(on, key, head, head.turn)) break
    const choice = choose(headsOf(on, head), clockOf(head), head.now_ms)
    if (choice === null) break
    const row = choice.reason === 'deadline' ? head.deadline : head.turn
    if (row === null) break
    const given = await give(trx, on, key, row, choice.reason, choice.clock, executorId)
    // Withdrawn in this very moment: the unit goes to the next.
    if (given === 'withdrawn') continue
    if (given !== 'to another') mine.push(given)
    // Nothing has to be looked for when that was the last unit.
    if (!hasFreeUnit(on, key, withOneMore(head), row)) break
  }
  return mine
}

function hasFreeUnit(on: QueueContext, key: QuotaKey, head: QueueHead, row: WaitRow): boolean {
  const { limit, windowMs } = on.facts.limitOf(key.quota, row.aws_organization_id)
  if (windowMs === null) return head.used < limit
  return head.uses.filter((ageMs) => ageMs < windowMs).length < limit
}

const clockOf = (head: QueueHead): FairClock => ({
  virtualTime: head.virtual_time ?? 0,
  lastWasUrgent: head.last_was_urgent ?? false,
})

const withOneMore = (head: QueueHead): QueueHead => ({
  ...head,
  used: head.used + 1,
  uses: [...head.uses, 0],
})

const headsOf = (on: QueueContext, head: QueueHead): Heads => ({
  turn: head.turn === null ? null : waitingOf(on, head.turn),
  deadline: head.deadline === null ? null : waitingOf(on, head.deadline),
})

const waitingOf = (on: QueueContext, row: WaitRow): Waiting => ({
  id: `${row.work_id}#${row.hold}`,
  tenantId: row.tenant_id,
  startTag: row.start_tag,
  seq: row.seq,
  deadlineMs: row.deadline_ms,
  expected: on.facts.expected(row.kind),
})

async function readHead(trx: Trx, on: QueueContext, key: QuotaKey): Promise<QueueHead | undefined> {
  const columns = sql`w.work_id, w.hold, w.tenant_id, w.aws_organization_id, w.start_tag, w.seq, q.kind, q.mode,
    q.started_at is null as fresh, q.state = 'running' as running, (extract(epoch from w.deadline) * 1000)::double precision as deadline_ms`
  const from = sql`quota_wait w join work_queue q using (work_id) where w.quota = ${key.quota} and w.scope = ${key.scope}`
  const windowed = on.facts.limitOf(key.quota, '').windowMs !== null
  const uses = windowed
    ? sql`(select coalesce(json_agg(extract(epoch from clock_timestamp() - used_at) * 1000), '[]') from quota_use
        where quota = ${key.quota} and scope = ${key.scope})`
    : sql`'[]'::json`
  const result = await sql<QueueHead>`
    with turn as (select ${columns} from ${from} order by w.start_tag, w.seq limit 1),
    deadline as (select ${columns} from ${from} and w.deadline is not null
      order by w.deadline, w.start_tag, w.seq limit 1)
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms,
      (select count(*)::int from quota_slot where quota = ${key.quota} and scope = ${key.scope}) as used,
      ${uses} as uses,
      (select virtual_time from quota_clock where quota = ${key.quota} and scope = ${key.scope}) as virtual_time,
      (select last_was_urgent from quota_clock where quota = ${key.quota} and scope = ${key.scope}) as last_was_urgent,
      (select row_to_json(turn) from turn) as turn,
      (select row_to_json(deadline) from deadline) as deadline`.execute(trx)
  return result.rows[0]
}

async function give(
  trx: Trx,
  on: QueueContext,
  key: QuotaKey,
  row: WaitRow,
  reason: string,
  clock: FairClock,
  executorId: string,
): Promise<GrantedWork | 'to another' | 'withdrawn'> {
  await sql`delete from quota_wait where quota = ${key.quota} and scope = ${key.scope}
    and work_id = ${row.work_id} and hold = ${row.hold}`.execute(trx)
  // A running workflow asks for its admission again when a crash lost what it did under it.
  const startsWork = STARTS_WORK.includes(row.hold) && !row.running
  const assigned = startsWork ? await assign(trx, on, row, executorId) : null
  if (startsWork && assigned === null) return 'withdrawn'
  const work = { workId: row.work_id, kind: row.kind, mode: row.mode, fresh: row.fresh }
  const message = startsWork
    ? { type: 'start', executor: assigned, work }
    : { type: 'granted', id: `${row.work_id}#${row.hold}` }
  await sql`
    with slot as (insert into quota_slot (quota, scope, work_id, hold, tenant_id, reason)
      values (${key.quota}, ${key.scope}, ${row.work_id}, ${row.hold}, ${row.tenant_id}, ${reason})),
    use as (insert into quota_use (quota, scope, work_id, hold)
      select ${key.quota}, ${key.scope}, ${row.work_id}, ${row.hold}
      where ${on.facts.limitOf(key.quota, '').windowMs !== null} on conflict do nothing),
    clock as (insert into quota_clock (quota, scope, virtual_time, last_was_urgent)
      values (${key.quota}, ${key.scope}, ${clock.virtualTime}, ${clock.lastWasUrgent})
      on conflict (quota, scope) do update set virtual_time = excluded.virtual_time, last_was_urgent = excluded.last_was_urgent)
    select pg_notify('rankan_work', ${JSON.stringify(message)}) where ${!startsWork || assigned !== executorId}`.execute(
    trx,
  )
  return assigned === executorId ? work : 'to another'
}

/** Gives the work to the living executor that has least to do, so that the death of one does not take all work in flight. */
async function assign(trx: Trx, on: QueueContext, row: WaitRow, executorId: string): Promise<string | null> {
  const { slotMs, tailMs } = on.facts.expected(row.kind)
  const result = await sql<{ executor_id: string }>`
    update work_queue set state = 'granted', granted_at = clock_timestamp(), time_scale = ${on.timeScale},
      eta_granted = coalesce(eta_granted, clock_timestamp() + ${slotMs + tailMs} * interval '1 millisecond'),
      executor_id = coalesce((
        select e.id from executor e
        left join work_queue other on other.executor_id = e.id and other.state in ('granted', 'running')
        where e.left_at is null and e.missing_since is null and e.heartbeat_at > clock_timestamp() - ${on.leaseMs} * interval '1 millisecond'
        group by e.id order by count(other.work_id), e.id <> ${executorId}, e.id limit 1), ${executorId})
    where work_id = ${row.work_id} and state = 'queued'
    returning executor_id`.execute(trx)
  return result.rows[0]?.executor_id ?? null
}
