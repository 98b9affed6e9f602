import type { Settings } from '../../core/contract.ts'

export const settings: Settings = {
  durations: {
    'account.primary_email': {
      ms: 4 * 3_600_000,
      jitter: 0.3,
      source: 'account management reference guide: a change may take up to four hours to show everywhere',
      asOf: '2026-11-21',
    },
  },
  limits: {
    // Per account for each API; AWS states 1 a second for writes of one account, 10 for reads of all.
    'rate.account': {
      value: 10,
      source: 'docs.aws.amazon.com/accounts/latest/reference/quotas.html',
      asOf: '2026-11-21',
    },
    'burst.account': { value: 10, source: 'assumed; AWS publishes no figure', asOf: '2026-11-21' },
  },
}
