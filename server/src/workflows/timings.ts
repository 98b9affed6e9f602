import type { PollLimits } from '../ports/workflow.ts'
import data from './timings.json' with { type: 'json' }

/** How often workflows look, in milliseconds of AWS's time. */
export interface Timings {
  readonly account: PollLimits
  readonly enrolment: PollLimits
  readonly ou: PollLimits
  readonly assignment: PollLimits
  readonly release: PollLimits
  readonly closing: PollLimits
  readonly confirmation: PollLimits
  /** EventBridge may drop an event: after so many looks the estate itself is asked, and the account says so. */
  readonly looksBeforeConfirmingWithoutEvent: number
}

export const TIMINGS: Timings = data
