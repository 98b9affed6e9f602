import type { Settings } from '../../core/contract.ts'

const LIMITS = 'docs.aws.amazon.com/singlesignon/latest/userguide/limits.html'
const ASSUMED = 'assumed; AWS publishes no figure'
const asOf = '2026-11-21'

export const settings: Settings = {
  durations: {
    'sso.assignment': { ms: 8_000, jitter: 0.5, source: ASSUMED, asOf },
    /** A request that was made to stick ends as failed after that time. */
    'sso.stuck': { ms: 86_400_000, source: ASSUMED, asOf },
    'sso.provision': { ms: 10_000, jitter: 0.5, source: ASSUMED, asOf },
    'sso.provision_per_account': { ms: 2_000, source: ASSUMED, asOf },
  },
  limits: {
    'rate.sso': { value: 20, source: `${LIMITS}: 20 transactions a second for all APIs together`, asOf },
    'burst.sso': { value: 20, source: ASSUMED, asOf },
    'sso.outstanding_assignments': { value: 10, source: LIMITS, asOf },
    'sso.permission_sets': { value: 3500, source: `${LIMITS} (2,000 in older copies)`, asOf },
    'sso.permission_sets_per_account': { value: 500, source: `${LIMITS} (250 in older copies)`, asOf },
    'sso.inline_policy_bytes': {
      value: 32_768,
      source: `${LIMITS}; 10,240 characters without white space`,
      asOf,
    },
    'sso.inline_policy_characters': { value: 10_240, source: LIMITS, asOf },
    'sso.managed_policies': { value: 20, source: LIMITS, asOf },
  },
}
