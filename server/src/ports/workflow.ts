/**
 * What a workflow may use of the durable engine. `engine/` implements it on DBOS; `workflows/testing/replay.ts` is the
 * naive one for tests. A workflow function is deterministic between its steps: everything that reads the world,
 * the clock or randomness happens inside `step`.
 */
export interface WorkflowContext {
  readonly workflowId: string
  /**
   * Runs an effect at least once and records its result, so that a recovered workflow does not run it again, unless
   * the process died within seconds after it.
   * A `throttled`, `conflict` or `unavailable` RankanError is retried with jittered back-off inside the step;
   * other errors end the step as failed, and the workflow waits for repair (see `repair`).
   */
  step<T>(name: StepName, effect: Effect<T>): Promise<T>
  /** As `step`, and looks again until `look` returns a value other than null; wakes early on `signal(topic)`. */
  until<T>(
    name: StepName,
    topic: string | null,
    look: () => Promise<T | null>,
    limits: PollLimits,
  ): Promise<T>
  /** Runs `body` while holding one unit of a quota (e.g. `account_operations`); taken fairly, released when it ends. */
  holding<T>(quota: QuotaName, scope: string, body: () => Promise<T>): Promise<T>
  /** Ends the step as failed; a person repairs it: retry, correct a field and go on, or give up. */
  fail(step: StepName, failure: StepFailure): Promise<never>
}

/**
 * @param again false only when no attempt before this one, here or in a process that died, can have done anything:
 * then there is no need to look first.
 */
export type Effect<T> = (again: boolean) => Promise<T>

export type StepName = string

/** Keys of the dated quota table. */
export type QuotaName =
  | 'account_operations'
  | 'moves_per_ou'
  | 'ou_operations'
  | 'assignments_in_flight'
  | 'account_closures_in_flight'
  | 'account_closures_30_days'

/** Durations are in milliseconds of AWS's time, before the engine's time scale. */
export interface PollLimits {
  readonly firstMs: number
  readonly everyMs: number
  readonly timeoutMs: number
}

export interface StepFailure {
  readonly code: string
  readonly message: string
  /** What a person can do: names of fields that may be corrected. */
  readonly correctable: readonly string[]
}
