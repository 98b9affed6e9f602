/**
 * What the engine tells about the steps of a workflow, so that people see each with its attempts, errors and times.
 * `storage/estate/timeline.ts` implements it. Telling it twice is harmless: a row is known by workId, step and attempt.
 */
export interface Timeline {
  tell(event: StepEvent): Promise<void>
}

export interface StepEvent {
  readonly workId: string
  readonly step: string
  readonly state: 'running' | 'waiting' | 'done' | 'failed'
  /** From 1. An attempt that ended with an error that is retried is told again with the next number. */
  readonly attempt: number
  /** ISO 8601 */
  readonly at: string
  readonly error?: { readonly code: string; readonly message: string }
  /** e.g. the quota that a waiting step waits for. */
  readonly detail?: Readonly<Record<string, string>>
}

/** A person's repair, as the engine carries it out; the store has recorded it before. */
export interface WorkRepair {
  /** Takes the workflow up again from that step on; earlier steps keep their results. */
  retry(workId: string, fromStep: string): Promise<void>
  /** Ends the workflow for good, so that `give up` can clean the estate with a workflow of its own. */
  cancel(workId: string): Promise<void>
  /** Starts the cleaning workflow `abandon`. */
  abandon(workId: string): Promise<void>
}
