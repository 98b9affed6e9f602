import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { GrantedWork, WorkObserver, WorkStore } from '../ports/queue.ts'
import type { StepFailure } from '../ports/workflow.ts'
import { classify } from './backoff.ts'
import type { Lease } from './lease.ts'
import type { EngineMetrics } from './metrics.ts'
import type { Wakes } from './wakes.ts'

export interface EngineLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What every part of a running engine shares. */
export interface Run {
  readonly executorId: string
  readonly store: WorkStore
  readonly observer: WorkObserver
  readonly clock: Clock
  readonly random: Random
  readonly timeScale: number
  /** How old results of steps may become before they are written: what a crash may cost, besides the step that ran. */
  readonly pageMs: number
  readonly wakes: Wakes
  readonly metrics: EngineMetrics
  readonly log: EngineLog
  readonly stopping: AbortSignal
  readonly lease: Lease
  /** Starts work that was granted to this executor. */
  start(work: readonly GrantedWork[]): void
}

/** A step ended as failed: the work waits for a person. Recorded as a value, so that a replay fails in the same way. */
export class StepFailed extends Error {
  readonly step: string
  readonly failure: StepFailure
  constructor(step: string, failure: StepFailure) {
    super(failure.message)
    this.name = 'StepFailed'
    this.step = step
    this.failure = failure
  }
}

const STORE_RETRY_MS = 200

/** Our own tables while PostgreSQL restarts: goes on until it is back, or until this process is told to stop. */
export async function persistently<T>(run: Run, what: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (classify(error).kind !== 'unavailable') throw error
      run.log.warn({ what, error: String(error) }, 'the database does not answer; trying again')
      await run.clock.sleep(STORE_RETRY_MS, run.stopping)
    }
  }
}
