import type { RankanError } from '../kernel/errors.ts'
import type { Effect } from '../ports/workflow.ts'
import { classify, retryAfter } from './backoff.ts'
import type { Journal } from './journal.ts'
import { type Run, StepFailed } from './run.ts'
import type { Timeline } from './timeline.ts'

/** The step that runs, and the check that this execution may still act. */
export interface StepAt {
  readonly workId: string
  readonly step: string
  /** The attempt that runs now, counted over all looks of a wait; a look that sees nothing yet is no failed attempt. */
  attempt: number
  announced: number
  /** Rejects when another execution owns the work. */
  readonly fence: () => Promise<void>
  readonly timeline: Timeline
  readonly journal: Journal
  /** An earlier execution may have run it already. */
  readonly again: boolean
}

/** Runs an effect, again after what passes, until it is done or a person is needed. Each attempt is fenced. */
export async function attemptUntilDone<T>(run: Run, at: StepAt, effect: Effect<T>): Promise<T> {
  const startedMs = run.clock.now().getTime()
  for (let attempt = 1; ; attempt++) {
    run.stopping.throwIfAborted()
    await at.fence()
    announce(at)
    try {
      return await effect(at.again || attempt > 1)
    } catch (thrown) {
      if (thrown instanceof StepFailed) throw thrown
      const error = classify(thrown)
      const elapsed = run.clock.now().getTime() - startedMs
      const retry = retryAfter(error, attempt, elapsed, run.timeScale, run.random.next())
      tell(run, at, error, retry?.delayMs ?? null)
      at.attempt++
      if (retry === null) throw failureOf(at, error)
      await at.journal.turn()
      await run.clock.sleep(retry.delayMs, run.stopping)
    }
  }
}

function announce(at: StepAt): void {
  if (at.announced === at.attempt) return
  at.announced = at.attempt
  at.timeline.tell({ type: 'started', step: at.step, attempt: at.attempt })
}

function tell(run: Run, at: StepAt, error: RankanError, retryInMs: number | null): void {
  const { workId, step, attempt } = at
  const seen = { code: error.code, message: error.message }
  at.timeline.tell({ type: 'failed', step, attempt, error: seen, retryInMs })
  if (retryInMs === null) run.metrics.failed(step, error.code)
  else run.metrics.retried(step, error.code)
  const fields = { workId, step, attempt, kind: error.kind, code: error.code, retryInMs }
  if (error.kind === 'bug')
    run.log.error({ ...fields, stack: error.stack, cause: String(error.cause) }, error.message)
  else run.log.info(fields, error.message)
}

const failureOf = (at: StepAt, error: RankanError): StepFailed =>
  new StepFailed(at.step, { code: error.code, message: error.message, correctable: [] })
