import { sql } from 'kysely'
import { type Estimate, estimate, type InService } from '../../domain/scheduling/estimate.ts'
import type { Waiting } from '../../domain/scheduling/fair.ts'
import type { QuotaKey } from '../../ports/queue.ts'
import type { QueueContext } from './context.ts'

/** What is known of one piece of work that is not done. `place` counts from 1 in its queue; null once it holds a unit. */
export interface WorkEstimate extends Estimate {
  readonly workId: string
  readonly state: 'queued' | 'granted' | 'running'
  readonly place: number | null
}

export interface EstimateReader {
  /** Of all open work, at most `maxAgeMs` old. */
  all(): Promise<ReadonlyMap<string, WorkEstimate>>
}

const MAX_AGE_MS = 1000
/** An estimate of ten thousand that wait keeps the server busy; it stands so many times as long as it took. */
const STANDS_TIMES = 20

interface Estimated {
  readonly at: number
  /** Until it is known: no time at all. */
  tookMs: number
  readonly value: Promise<ReadonlyMap<string, WorkEstimate>>
}

/** Estimates for pages: computed once for many readers, again when they are older than a second, or some seconds of a long queue. */
export function estimateReader(on: QueueContext, maxAgeMs = MAX_AGE_MS): EstimateReader {
  let last: Estimated | null = null
  const now = () => on.clock.now().getTime()
  return {
    all() {
      if (last !== null && now() - last.at < Math.max(maxAgeMs, last.tookMs * STANDS_TIMES)) return last.value
      const mine: Estimated = { at: now(), tookMs: 0, value: estimateAll(on) }
      last = mine
      mine.value.then(
        () => {
          mine.tookMs = now() - mine.at
        },
        () => {
          last = null
        },
      )
      return mine.value
    },
  }
}

export async function estimateAll(on: QueueContext): Promise<ReadonlyMap<string, WorkEstimate>> {
  await on.facts.refresh()
  const [open, waiting, slots] = await Promise.all([readOpen(on), readWaiting(on), readSlots(on)])
  const result = new Map<string, WorkEstimate>()
  for (const work of open) if (work.released_ms !== null) result.set(work.work_id, inTail(on, work))
  for (const key of keysOf(waiting, slots)) estimateQueue(on, key, waiting, slots, result)
  return result
}

interface OpenRow {
  readonly work_id: string
  readonly kind: string
  readonly granted_ms: number
  readonly released_ms: number | null
  readonly now_ms: number
}

interface WaitingRow extends QuotaKey {
  readonly work_id: string
  readonly hold: string
  readonly kind: string
  readonly tenant_id: string
  readonly aws_organization_id: string
  readonly start_tag: number
  readonly seq: string
  readonly deadline_ms: number | null
  readonly now_ms: number
  readonly virtual_time: number | null
  readonly last_was_urgent: boolean | null
}

interface SlotRow extends QuotaKey {
  readonly work_id: string
  readonly kind: string
  readonly granted_ms: number
  readonly now_ms: number
  readonly aws_organization_id: string
}

const MS = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::double precision`)
/** Quotas by which work is admitted; the others are held for seconds and do not move an estimate. */
const ADMISSIONS = sql`('account_operations', 'work_in_flight')`

const readOpen = async (on: QueueContext) =>
  (
    await sql<OpenRow>`select work_id, kind, ${MS('granted_at')} as granted_ms, ${MS('released_at')} as released_ms,
      ${MS('clock_timestamp()')} as now_ms from work_queue where state in ('granted', 'running')`.execute(
      on.db,
    )
  ).rows

const readWaiting = async (on: QueueContext) =>
  (
    await sql<WaitingRow>`select w.quota, w.scope, w.work_id, w.hold, q.kind, w.tenant_id, w.aws_organization_id, w.start_tag,
      w.seq, ${MS('w.deadline')} as deadline_ms, ${MS('clock_timestamp()')} as now_ms, c.virtual_time, c.last_was_urgent
      from quota_wait w join work_queue q using (work_id) left join quota_clock c on c.quota = w.quota and c.scope = w.scope
      where w.quota in ${ADMISSIONS}`.execute(on.db)
  ).rows

const readSlots = async (on: QueueContext) =>
  (
    await sql<SlotRow>`select s.quota, s.scope, s.work_id, q.kind, ${MS('s.granted_at')} as granted_ms,
      ${MS('clock_timestamp()')} as now_ms, q.aws_organization_id
      from quota_slot s join work_queue q using (work_id) where s.quota in ${ADMISSIONS}`.execute(on.db)
  ).rows

function inTail(on: QueueContext, work: OpenRow): WorkEstimate {
  const { tailMs, tailSdMs } = on.facts.expected(work.kind)
  const doneMs = Math.max((work.released_ms ?? work.now_ms) + tailMs, work.now_ms + tailMs * 0.1)
  return {
    workId: work.work_id,
    state: 'running',
    place: null,
    startMs: work.granted_ms,
    doneMs,
    p90Ms: doneMs + 1.2816 * tailSdMs,
  }
}

function keysOf(waiting: readonly WaitingRow[], slots: readonly SlotRow[]): readonly QuotaKey[] {
  const keys = new Map<string, QuotaKey>()
  for (const row of [...waiting, ...slots]) keys.set(`${row.quota} ${row.scope}`, row)
  return [...keys.values()]
}

function estimateQueue(
  on: QueueContext,
  key: QuotaKey,
  allWaiting: readonly WaitingRow[],
  allSlots: readonly SlotRow[],
  result: Map<string, WorkEstimate>,
): void {
  const ofKey = <T extends QuotaKey>(row: T) => row.quota === key.quota && row.scope === key.scope
  const waiting = allWaiting.filter(ofKey)
  const slots = allSlots.filter(ofKey)
  const first = waiting[0] ?? slots[0]
  if (first === undefined) return
  const estimates = estimate({
    nowMs: first.now_ms,
    limit: on.facts.limitOf(key.quota, first.aws_organization_id).limit,
    clock: {
      virtualTime: waiting[0]?.virtual_time ?? 0,
      lastWasUrgent: waiting[0]?.last_was_urgent ?? false,
    },
    inService: slots.map(
      (row): InService => ({
        id: row.work_id,
        sinceMs: row.granted_ms,
        expected: on.facts.expected(row.kind),
      }),
    ),
    waiting: waiting.map((row) => waitingOf(on, row)),
  })
  const places = placesOf(waiting, estimates)
  const queued = new Set(waiting.map((row) => row.work_id))
  for (const [workId, value] of estimates) {
    // In its last steps the work holds only a place in memory; what was said of it above stands.
    if (result.has(workId)) continue
    result.set(workId, {
      ...value,
      workId,
      state: queued.has(workId) ? 'queued' : 'running',
      place: places.get(workId) ?? null,
    })
  }
}

const waitingOf = (on: QueueContext, row: WaitingRow): Waiting => ({
  id: row.work_id,
  tenantId: row.tenant_id,
  startTag: row.start_tag,
  seq: Number(row.seq),
  deadlineMs: row.deadline_ms,
  expected: on.facts.expected(row.kind),
})

function placesOf(
  waiting: readonly WaitingRow[],
  estimates: ReadonlyMap<string, Estimate>,
): ReadonlyMap<string, number> {
  const order = waiting
    .map((row) => ({ id: row.work_id, at: estimates.get(row.work_id)?.startMs ?? 0 }))
    .sort((a, b) => a.at - b.at)
  return new Map(order.map((row, i) => [row.id, i + 1]))
}

/** Writes the first estimate of work that has none, so that its error can be reported once the work is done. */
export async function recordFirstEstimates(on: QueueContext): Promise<{ queued: number; estimated: number }> {
  const missing = await sql<{ work_id: string }>`
    select work_id from work_queue where state = 'queued' and eta_first is null order by seq`.execute(on.db)
  if (missing.rows.length === 0) return { queued: 0, estimated: 0 }
  const estimates = await estimateAll(on)
  const known = missing.rows.flatMap((row) => {
    const found = estimates.get(row.work_id)
    return found === undefined ? [] : [{ id: row.work_id, at: new Date(found.doneMs).toISOString() }]
  })
  await sql`
    update work_queue q set eta_first = e.at, eta_first_at = clock_timestamp()
    from unnest(${known.map((k) => k.id)}::text[], ${known.map((k) => k.at)}::timestamptz[]) as e (work_id, at)
    where q.work_id = e.work_id and q.eta_first is null`.execute(on.db)
  return { queued: estimates.size, estimated: known.length }
}
