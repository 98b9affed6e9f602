import type { Settings } from '../../core/contract.ts'

const asOf = '2026-11-21'

export const settings: Settings = {
  durations: {
    'support.enterprise_case': {
      ms: 30 * 60_000,
      jitter: 0.5,
      source: 'assumed; a person at AWS resolves the case',
      asOf,
    },
  },
}
