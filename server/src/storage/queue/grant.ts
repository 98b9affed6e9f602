import { sql } from 'kysely'
import { choose, type FairClock, type Heads, type Waiting } from '../../domain/scheduling/fair.ts'
import type { GrantedWork, QuotaKey, SlotRequest, WorkMode } from '../../ports/queue.ts'
import { literal } from '../begin.ts'
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

export interface QueueHead {
  readonly now_ms: number
  readonly used: number
  readonly uses: readonly number[]
  readonly virtual_time: number | null
  readonly last_was_urgent: boolean | null
  readonly turn: WaitRow | null
  readonly deadline: WaitRow | null
  /** The work that asks in the middle of its workflow; null if another execution owns it. */
  readonly asker: WaitRow | null
  /** The hold under which the asker has a unit; null: it has none. */
  readonly held: string | null
}

/** A process that is paused in the middle of a grant must not hold up all others: the server ends its transaction. */
const IDLE_MS = 5000

/**
 * Serialises everything that changes who holds a quota. Say it before its rows are read, best together with BEGIN; take
 * several in sorted order.
 */
export const quotaLock = (key: QuotaKey): string =>
  `set local idle_in_transaction_session_timeout to ${IDLE_MS};
    select pg_advisory_xact_lock(hashtextextended(${literal(`${key.quota} ${key.scope}`)}, 7265))`

/**
 * Fills the free units of one quota by the fair policy; the quota must be locked. Returns the work that this
 * executor starts itself; other executors hear of theirs by NOTIFY.
 * @param first the head of the queue, if it was read under the lock already.
 */
export async function fillUnits(
  trx: Trx,
  on: QueueContext,
  key: QuotaKey,
  executorId: string,
  first?: QueueHead,
): Promise<readonly GrantedWork[]> {
  const mine: GrantedWork[] = []
  for (let i = 0; i < MOST_AT_ONCE; i++) {
    const head = i === 0 && first !== undefined ? first : await readHead(trx, on, key)
    if (head?.turn == null || !hasFreeUnit(on, key, head, head.turn)) break
    const choice = choose(headsOf(on, head), clockOf(head), head.now_ms)
    if (choice === null) break
    const row = choice.reason === 'deadline' ? head.deadline : head.turn
    if (row === null) break
    const given = await give(trx, on, key, { row, reason: choice.reason, clock: choice.clock }, executorId)
    // Withdrawn in this very moment: the unit goes to the next.
    if (given === 'withdrawn') continue
    if (given !== 'to another') mine.push(given)
    // Nothing has to be looked for when that was the last unit.
    if (!hasFreeUnit(on, key, withOneMore(head), row)) break
  }
  return mine
}

export type Asked = 'held' | 'free' | 'wait' | 'fenced'

/**
 * Gives the unit at once to a running workflow where nobody waits for one, by the same policy and without a row in the
 * queue. The quota must be locked. `wait`: it has to queue.
 */
export async function giveAtOnce(
  trx: Trx,
  on: QueueContext,
  request: SlotRequest,
  executorId: string,
): Promise<Asked> {
  const head = await readHead(trx, on, request, request)
  if (head?.asker == null) return 'fenced'
  if (head.held !== null) {
    if (head.held !== request.hold) await adopt(trx, request, head.held)
    return 'held'
  }
  const row = head.asker
  if (head.turn !== null || !row.running || !hasFreeUnit(on, request, head, row)) return 'wait'
  const choice = choose({ turn: waitingOf(on, row), deadline: null }, clockOf(head), head.now_ms)
  if (choice === null) return 'wait'
  await give(trx, on, request, { row, reason: choice.reason, clock: choice.clock, untold: true }, executorId)
  return 'free'
}

/**
 * An execution that died holds the unit under another number: it made an OU, say, which this one found made, so that one hold
 * fell away. Work holds a unit of a quota once at a time; it would wait for itself.
 */
async function adopt(trx: Trx, { quota, scope, workId, hold }: SlotRequest, held: string): Promise<void> {
  await sql`update quota_slot set hold = ${hold}
    where quota = ${quota} and scope = ${scope} and work_id = ${workId} and hold = ${held}`.execute(trx)
  await sql`delete from quota_wait where quota = ${quota} and scope = ${scope} and work_id = ${workId}`.execute(
    trx,
  )
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

export async function readHead(
  trx: Trx,
  on: QueueContext,
  key: QuotaKey,
  asker?: SlotRequest,
): Promise<QueueHead | undefined> {
  const columns = sql`w.tenant_id, w.aws_organization_id, w.start_tag, w.seq, q.kind, q.mode, q.work_id,
    q.started_at is null as fresh, q.state = 'running' as running, (extract(epoch from w.deadline) * 1000)::double precision as deadline_ms`
  const from = sql`quota_wait w join work_queue q using (work_id) where w.quota = ${key.quota} and w.scope = ${key.scope}`
  const windowed = on.facts.limitOf(key.quota, '').windowMs !== null
  const uses = windowed
    ? sql`(select coalesce(json_agg(extract(epoch from clock_timestamp() - used_at) * 1000), '[]') from quota_use
        where quota = ${key.quota} and scope = ${key.scope})`
    : sql`'[]'::json`
  const asking = asker
    ? sql`(select row_to_json(a) from (select ${columns}, ${asker.hold}::text as hold from work_queue w
        join work_queue q using (work_id) where work_id = ${asker.workId} and w.epoch = ${asker.epoch}) a) as asker,
      (select hold from quota_slot where quota = ${key.quota} and scope = ${key.scope}
        and work_id = ${asker.workId} order by hold <> ${asker.hold} limit 1) as held`
    : sql`null as asker, null as held`
  const result = await sql<QueueHead>`
    with turn as (select ${columns}, w.hold from ${from} order by w.start_tag, w.seq limit 1),
    deadline as (select ${columns}, w.hold from ${from} and w.deadline is not null
      order by w.deadline, w.start_tag, w.seq limit 1)
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms,
      (select count(*)::int from quota_slot where quota = ${key.quota} and scope = ${key.scope}) as used,
      ${uses} as uses,
      (select virtual_time from quota_clock where quota = ${key.quota} and scope = ${key.scope}) as virtual_time,
      (select last_was_urgent from quota_clock where quota = ${key.quota} and scope = ${key.scope}) as last_was_urgent,
      (select row_to_json(turn) from turn) as turn,
      (select row_to_json(deadline) from deadline) as deadline, ${asking}`.execute(trx)
  return result.rows[0]
}

interface Chosen {
  readonly row: WaitRow
  readonly reason: string
  readonly clock: FairClock
  /** Who gets it asks for it here and needs no message. */
  readonly untold?: boolean
}

/** Out of the queue, to an executor if the work starts by it, and into the books: one statement, because this is done for all work. */
async function give(
  trx: Trx,
  on: QueueContext,
  key: QuotaKey,
  { row, reason, clock, untold }: Chosen,
  executorId: string,
): Promise<GrantedWork | 'to another' | 'withdrawn'> {
  // A running workflow asks for its admission again when a crash lost what it did under it.
  const startsWork = STARTS_WORK.includes(row.hold) && !row.running
  const work = { workId: row.work_id, kind: row.kind, mode: row.mode, fresh: row.fresh }
  const assigned = startsWork ? assigning(on, row, executorId) : sql`select null::text as executor_id`
  const message = startsWork
    ? sql`json_build_object('type', 'start', 'executor', executor_id, 'work', ${JSON.stringify(work)}::json)::text`
    : sql`${JSON.stringify({ type: 'granted', id: `${row.work_id}#${row.hold}` })}::text`
  const result = await sql<{ executor_id: string | null }>`
    with gone as (delete from quota_wait where quota = ${key.quota} and scope = ${key.scope}
      and work_id = ${row.work_id} and hold = ${row.hold}),
    assigned as (${assigned}),
    slot as (insert into quota_slot (quota, scope, work_id, hold, tenant_id, reason)
      select ${key.quota}, ${key.scope}, ${row.work_id}, ${row.hold}, ${row.tenant_id}, ${reason} from assigned),
    use as (insert into quota_use (quota, scope, work_id, hold)
      select ${key.quota}, ${key.scope}, ${row.work_id}, ${row.hold} from assigned
      where ${on.facts.limitOf(key.quota, '').windowMs !== null} on conflict do nothing),
    clock as (insert into quota_clock (quota, scope, virtual_time, last_was_urgent)
      select ${key.quota}, ${key.scope}, ${clock.virtualTime}::double precision, ${clock.lastWasUrgent}::boolean from assigned
      on conflict (quota, scope) do update set virtual_time = excluded.virtual_time, last_was_urgent = excluded.last_was_urgent)
    select executor_id, case when executor_id is distinct from ${executorId} and not ${untold ?? false}::boolean
      then pg_notify('rankan_work', ${message})::text end from assigned`.execute(trx)
  const [to] = result.rows
  if (to === undefined) return 'withdrawn'
  return to.executor_id === executorId ? work : 'to another'
}

/** Gives the work to the living executor that has least to do, so that the death of one does not take all work in flight. */
function assigning(on: QueueContext, row: WaitRow, executorId: string) {
  const { slotMs, tailMs } = on.facts.expected(row.kind)
  return sql`
    update work_queue set state = 'granted', granted_at = clock_timestamp(), time_scale = ${on.timeScale},
      eta_granted = coalesce(eta_granted, clock_timestamp() + ${slotMs + tailMs} * interval '1 millisecond'),
      executor_id = coalesce((
        select e.id from executor e
        left join work_queue other on other.executor_id = e.id and other.state in ('granted', 'running')
        where e.left_at is null and e.missing_since is null and e.heartbeat_at > clock_timestamp() - ${on.leaseMs} * interval '1 millisecond'
        group by e.id order by count(other.work_id), e.id <> ${executorId}, e.id limit 1), ${executorId})
    where work_id = ${row.work_id} and state = 'queued'
    returning executor_id`
}
