import { sql } from 'kysely'
import { limitOn } from '../../domain/quotas/lookup.ts'
import { type Batch, nextCall, type Pace, paceOf } from '../../domain/quotas/pace.ts'
import type { Clock } from '../../kernel/clock.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { bug } from '../../kernel/errors.ts'
import type { Db } from '../database.ts'
import { readCircumstances } from './overrides.ts'

export interface SharedRateOptions {
  readonly db: Db
  readonly clock: Clock
  /** AWS's time per real time: 1 on real AWS. */
  readonly timeScale: number
  /** One of domain/quotas, in calls a second. */
  readonly quota: string
  readonly awsOrganizationId: string
}

/** A quota that is changed for an AWS organisation holds for its calls after this time. */
const FRESH_MS = 5_000

/**
 * A function that resolves when one more call may be made at a rate which all workers of an AWS organisation share.
 * One statement reserves several calls where they follow fast (as many as wait here, or twice as many as last time when
 * those were used up): a busy worker asks PostgreSQL once for several calls, an idle one takes none from the others.
 */
export function sharedRate(on: SharedRateOptions): () => Promise<void> {
  const now = () => on.clock.now().getTime()
  const currentPace = freshPace(on, now)
  let batch: Batch | null = null
  let reserving: Promise<Batch | null> | null = null
  let waiting = 0
  let size = 1

  async function reserveMore(): Promise<Batch | null> {
    const pace = await currentPace()
    if (pace === null) return null
    size = Math.min(pace.most, Math.max(waiting, batch?.count === 0 ? size * 2 : 1))
    const askedAt = now()
    const startsInMs = await reserve(on, pace, size)
    // The answer took a while: calls begin no earlier than agreed, and are lost as early as if it had taken nothing.
    const validMs = Math.max(pace.validMs - (now() - askedAt), pace.everyMs)
    batch = { pace: { ...pace, validMs }, firstMs: now() + startsInMs, count: size }
    return batch
  }

  /** @returns when the call is due; null when there is nothing to wait for. */
  async function take(): Promise<{ atMs: number; untilMs: number } | null> {
    for (;;) {
      const call = batch && nextCall(batch, now())
      if (call !== null) {
        batch = call.rest
        return call
      }
      reserving ??= reserveMore().finally(() => {
        reserving = null
      })
      if ((await reserving) === null) return null
    }
  }

  return async () => {
    for (;;) {
      waiting++
      const call = await take().finally(() => {
        waiting--
      })
      if (call === null) return
      if (call.atMs > now()) await on.clock.sleep(Math.ceil(call.atMs - now()))
      // A process that was held up must not make calls whose moment is over.
      if (now() <= call.untilMs) return
    }
  }
}

/** The pace by today's quota, read again when it is older than a few seconds. */
function freshPace(on: SharedRateOptions, now: () => number): () => Promise<Pace | null> {
  let pace: Pace | null = null
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() - readAt < FRESH_MS) return pace
    const known = await readCircumstances(on.db)
    const limit = limitOn(on.quota, on.awsOrganizationId, dayInJapan(on.clock.now()), known)
    if (limit === null) throw bug(`The quota \`${on.quota}\` has no value in domain/quotas/quotas.json.`)
    pace = paceOf(Math.max(limit, 1), on.timeScale)
    readAt = now()
    return pace
  }
}

/**
 * Reserves `count` calls on the schedule of all workers. The clock is the database's.
 *
 * @returns ms from now to the moment of the first one.
 */
async function reserve(on: SharedRateOptions, pace: Pace, count: number): Promise<number> {
  const lengthMs = pace.everyMs * count
  const result = await sql<{ ends_in_ms: number }>`
    insert into rate_bucket as b (name, next_at)
      values (${`${on.quota} ${on.awsOrganizationId}`}, clock_timestamp() + ${lengthMs} * interval '1 millisecond')
    on conflict (name) do update set
      next_at = greatest(b.next_at, clock_timestamp()) + ${lengthMs} * interval '1 millisecond'
    returning (extract(epoch from next_at - clock_timestamp()) * 1000)::double precision as ends_in_ms`.execute(
    on.db,
  )
  return (result.rows[0]?.ends_in_ms ?? lengthMs) - lengthMs
}
