import type { DurationPrior } from '../scheduling/durations.ts'
import data from './durations.json' with { type: 'json' }

/** How long work takes before anything was observed, in milliseconds of AWS's time. */
export const DURATION_PRIORS: readonly DurationPrior[] = data
