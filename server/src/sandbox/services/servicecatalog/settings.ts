import type { Settings } from '../../core/contract.ts'

const ASSUMED = 'assumed; AWS publishes no figure'
const asOf = '2026-11-21'

export const settings: Settings = {
  durations: {
    'servicecatalog.record_start': { ms: 5_000, jitter: 0.5, source: ASSUMED, asOf },
    /** From the first failure (IN_PROGRESS_IN_ERROR) to FAILED. */
    'servicecatalog.roll_back': { ms: 60_000, jitter: 0.3, source: ASSUMED, asOf },
    'servicecatalog.poll': { ms: 15_000, source: ASSUMED, asOf },
  },
}
