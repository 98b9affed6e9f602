import type { Settings } from '../../core/contract.ts'

const asOf = '2026-11-22'

export const settings: Settings = {
  durations: {
    'securityhub.association': {
      ms: 120_000,
      jitter: 0.4,
      source: 'user guide: an association can be PENDING for up to 24 hours; assumed',
      asOf,
    },
  },
  limits: {
    'securityhub.policies': {
      value: 20,
      source: 'docs.aws.amazon.com/securityhub/latest/userguide/central-configuration-limitations.html',
      asOf,
    },
    'securityhub.import_batch': {
      value: 100,
      source: 'API model securityhub/2018-10-26, BatchImportFindings',
      asOf,
    },
  },
}
