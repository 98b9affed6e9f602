import type { Settings } from '../core/contract.ts'

export const coreSettings: Settings = {
  limits: {
    'sigv4.skew_ms': {
      value: 300_000,
      source:
        'AWS General Reference, Signature Version 4 troubleshooting: within five minutes of the time stamp',
      asOf: '2026-11-01',
    },
  },
}
