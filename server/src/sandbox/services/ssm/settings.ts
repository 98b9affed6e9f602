import type { Settings } from '../../core/contract.ts'

const asOf = '2026-11-22'
const quotas = 'docs.aws.amazon.com/general/latest/gr/ssm.html'
const assumed = 'assumed; AWS publishes no figure'

export const settings: Settings = {
  durations: {
    'ssm.document': { ms: 3_000, jitter: 0.3, source: assumed, asOf },
    'ssm.step': { ms: 5_000, jitter: 0.3, source: assumed, asOf },
  },
  limits: {
    'ssm.documents': { value: 500, source: `${quotas}: SSM documents in an account and Region`, asOf },
    'ssm.versions': { value: 1_000, source: `${quotas}: versions of a document`, asOf },
    'ssm.document_bytes': { value: 65_536, source: `${quotas}: size of a document`, asOf },
    'ssm.shared_accounts': {
      value: 1_000,
      source: `${quotas}: accounts that a private document is shared with`,
      asOf,
    },
    'ssm.executions': { value: 100, source: `${quotas}: concurrent automations`, asOf },
  },
}
