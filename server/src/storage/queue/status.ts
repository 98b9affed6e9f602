import { sql } from 'kysely'
import { QUOTAS } from '../../domain/quotas/lookup.ts'
import type { QueueStatus } from '../../ports/queue.ts'
import type { QueueContext } from './context.ts'

/** What the centre sees of the queue, and what the metrics say. */
export async function queueStatus(on: QueueContext): Promise<QueueStatus> {
  await on.facts.refresh()
  const [counts, slots, executors, errors] = await Promise.all([
    readCounts(on),
    readSlots(on),
    readExecutors(on),
    etaErrors(on),
  ])
  return {
    depth: counts.queued ?? 0,
    running: (counts.granted ?? 0) + (counts.running ?? 0),
    needsRepair: counts.needs_repair ?? 0,
    slots,
    executors,
    etaErrorP90: percentile(errors, 0.9),
  }
}

async function readCounts(on: QueueContext): Promise<Readonly<Record<string, number>>> {
  const result = await sql<{
    state: string
    count: number
  }>`select state, count(*)::int as count from work_queue
    where state in ('queued', 'granted', 'running', 'needs_repair') group by state`.execute(on.db)
  return Object.fromEntries(result.rows.map((row) => [row.state, row.count]))
}

const WINDOWED = [...new Set(QUOTAS.filter((fact) => fact.windowDays !== undefined).map((one) => one.quota))]

async function readSlots(on: QueueContext): Promise<QueueStatus['slots']> {
  const [held, ...windows] = await Promise.all([
    readHeld(on),
    ...WINDOWED.map((quota) => readWindow(on, quota)),
  ])
  return [...held, ...windows.flat()].map(({ aws, ...row }) => ({
    ...row,
    limit: on.facts.limitOf(row.quota, aws).limit,
  }))
}

interface UsedRow {
  readonly quota: string
  readonly scope: string
  readonly aws: string
  readonly used: number
  readonly waiting: number
}

async function readHeld(on: QueueContext): Promise<readonly UsedRow[]> {
  const result = await sql<UsedRow>`
    select quota, scope, min(aws) as aws, sum(used)::int as used, sum(waiting)::int as waiting from (
      select s.quota, s.scope, q.aws_organization_id as aws, 1 as used, 0 as waiting from quota_slot s join work_queue q using (work_id)
      union all select quota, scope, aws_organization_id, 0, 1 from quota_wait) as both_sides
    where quota <> all(${WINDOWED}) group by quota, scope order by quota, scope`.execute(on.db)
  return result.rows
}

/** Of every AWS organisation, also where nothing was used: who plans to close accounts wants to know how many may be. */
async function readWindow(on: QueueContext, quota: string): Promise<readonly UsedRow[]> {
  const { windowMs } = on.facts.limitOf(quota, '')
  const result = await sql<UsedRow>`
    select ${quota} as quota, scope, scope as aws,
      (select count(*)::int from quota_use u where u.quota = ${quota} and u.scope = every_one.scope
        and u.used_at > clock_timestamp() - ${windowMs ?? 0} * interval '1 millisecond') as used,
      (select count(*)::int from quota_wait w where w.quota = ${quota} and w.scope = every_one.scope) as waiting
    from (select id as scope from aws_organization
      union select distinct scope from quota_use where quota = ${quota}) every_one order by scope`.execute(
    on.db,
  )
  return result.rows
}

async function readExecutors(on: QueueContext): Promise<QueueStatus['executors']> {
  const result = await sql<{ id: string; alive: boolean }>`
    select id, left_at is null and heartbeat_at > clock_timestamp() - ${on.leaseMs} * interval '1 millisecond' as alive
    from executor where left_at is null order by id`.execute(on.db)
  return result.rows
}

/** |done − first estimate| over the time from the estimate to the end, of the newest work that needed no repair. */
async function etaErrors(on: QueueContext): Promise<readonly number[]> {
  const result = await sql<{ error: number }>`
    select (abs(extract(epoch from done_at - eta_first)) / greatest(extract(epoch from done_at - eta_first_at), 0.001))::double precision as error
    from work_queue where state = 'done' and eta_first is not null and repairs = 0
    order by done_at desc limit 500`.execute(on.db)
  return result.rows.map((row) => row.error)
}

export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null
}
