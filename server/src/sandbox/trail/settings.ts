import type { Settings } from '../core/contract.ts'

const asOf = '2026-11-22'

export const trailSettings: Settings = {
  limits: {
    'cloudtrail.enabled': { value: 1, source: 'ours: 0 switches the trail off', asOf },
    'cloudtrail.rotate_ms': {
      value: 300_000,
      source:
        'CloudTrail user guide: log files are published multiple times an hour, about every five minutes',
      asOf,
    },
    'cloudtrail.file_bytes': {
      value: 4 << 20,
      source: 'ours: what waits is written when it is larger, so that memory stays bounded',
      asOf,
    },
  },
}
