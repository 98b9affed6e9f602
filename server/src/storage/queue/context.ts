import { sql, type Transaction } from 'kysely'
import { DURATION_PRIORS } from '../../domain/quotas/durations.ts'
import { limitOn, NO_CIRCUMSTANCES, windowDaysOf } from '../../domain/quotas/lookup.ts'
import { expectations, type Observation } from '../../domain/scheduling/durations.ts'
import type { Expectation } from '../../domain/scheduling/fair.ts'
import type { Clock } from '../../kernel/clock.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { bug } from '../../kernel/errors.ts'
import type { Db } from '../database.ts'
import type { Schema } from '../schema.ts'
import { readCircumstances } from './overrides.ts'

export type Trx = Transaction<Schema>

/** What the queue needs besides its tables. */
export interface QueueContext {
  readonly db: Db
  readonly clock: Clock
  /** AWS's time per real time: 1 on real AWS. */
  readonly timeScale: number
  /** An executor that did not say for this long that it lives is taken to be dead. */
  readonly leaseMs: number
  readonly facts: QueueFacts
}

export interface QueueFacts {
  limitOf(quota: string, awsOrganizationId: string): { limit: number; windowMs: number | null }
  expected(kind: string): Expectation
  /** Reads overrides and sizes of organisations again when they are older than a few seconds, and observed durations now and then. */
  refresh(): Promise<void>
}

const FRESH_MS = 5000
/** How long accounts take is learnt from hundreds of them: a look at all of them seldom changes it. */
const LEARNT_FRESH_MS = 30_000
const OBSERVATIONS = 300 // newest finished work that durations are learnt from
const DAY_MS = 86_400_000

export function queueFacts(db: Db, clock: Clock, timeScale: number): QueueFacts {
  let known = NO_CIRCUMSTANCES
  let expected = expectations(DURATION_PRIORS, [], timeScale)
  let readAt = Number.NEGATIVE_INFINITY
  let learntAt = Number.NEGATIVE_INFINITY
  return {
    limitOf(quota, awsOrganizationId) {
      const limit = limitOn(quota, awsOrganizationId, dayInJapan(clock.now()), known)
      if (limit === null) throw bug(`The quota \`${quota}\` has no value in domain/quotas/quotas.json.`)
      const days = windowDaysOf(quota)
      return { limit, windowMs: days === null ? null : (days * DAY_MS) / timeScale }
    },
    expected: (kind) => expected(kind),
    async refresh() {
      const now = clock.now().getTime()
      if (now - readAt < FRESH_MS) return
      readAt = now
      known = await readCircumstances(db)
      if (now - learntAt < LEARNT_FRESH_MS) return
      learntAt = now
      expected = expectations(DURATION_PRIORS, await readObservations(db), timeScale)
    },
  }
}

async function readObservations(db: Db): Promise<readonly Observation[]> {
  const result = await sql<Observation>`
    select kind,
      extract(epoch from released_at - granted_at)::double precision * 1000 * time_scale as "slotMs",
      extract(epoch from done_at - released_at)::double precision * 1000 * time_scale as "tailMs"
    from work_queue
    where state = 'done' and repairs = 0 and released_at is not null and time_scale is not null
    order by done_at desc limit ${OBSERVATIONS}`.execute(db)
  return result.rows
}
