import type { Settings } from '../../core/contract.ts'

const asOf = '2026-11-01'
const quotas = 'docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html'
const assumed = 'assumed: AWS publishes no figure'
const minute = 60_000
const day = 86_400_000

export const settings: Settings = {
  durations: {
    'organizations.create_account': { ms: 3 * minute, jitter: 0.4, source: assumed, asOf },
    'organizations.create_account_failure': { ms: 20_000, jitter: 0.3, source: assumed, asOf },
    'organizations.close_account': { ms: 5 * minute, jitter: 0.3, source: assumed, asOf },
    'organizations.permanent_closure': { ms: 90 * day, source: `${quotas}; post-closure period`, asOf },
    'organizations.policy_type': { ms: 10_000, jitter: 0.3, source: assumed, asOf },
    'organizations.handshake_expiry': { ms: 15 * day, source: quotas, asOf },
    'organizations.minimum_age': {
      ms: 4 * day,
      source: 'API model RemoveAccountFromOrganization; quotas page says 7 days',
      asOf,
    },
  },
  limits: {
    'organizations.accounts': {
      value: 10_000,
      source: `${quotas} (default 10, adjustable; set here as raised)`,
      asOf,
    },
    'organizations.concurrent_creations': { value: 5, source: 'Organizations user guide 2023', asOf },
    'organizations.concurrent_closures': { value: 3, source: quotas, asOf },
    'organizations.closure_quota_min': {
      value: 250,
      source: 'API model CloseAccount: higher of 250 or 20 %, at most 1,000 in 30 days',
      asOf,
    },
    'organizations.closure_quota_percent': { value: 20, source: 'API model CloseAccount', asOf },
    'organizations.closure_quota_max': { value: 1_000, source: 'API model CloseAccount', asOf },
    'organizations.ous': { value: 2_000, source: quotas, asOf },
    'organizations.ou_depth': { value: 5, source: quotas, asOf },
    'organizations.invitations_per_day': { value: 20, source: quotas, asOf },
    'organizations.tags_per_resource': { value: 50, source: quotas, asOf },
    'organizations.delegated_admins_per_service': {
      value: 3,
      source: 'AWS Config allows up to 3; other services differ',
      asOf,
    },
    'organizations.resource_policy_size': { value: 40_000, source: quotas, asOf },
    'organizations.SERVICE_CONTROL_POLICY.size': {
      value: 10_240,
      source: 'AWS announcement of 15 May 2026',
      asOf,
    },
    'organizations.SERVICE_CONTROL_POLICY.attached': {
      value: 10,
      source: 'AWS announcement of 15 May 2026',
      asOf,
    },
    'organizations.SERVICE_CONTROL_POLICY.count': { value: 10_000, source: quotas, asOf },
    'organizations.RESOURCE_CONTROL_POLICY.size': { value: 5_120, source: quotas, asOf },
    'organizations.RESOURCE_CONTROL_POLICY.attached': {
      value: 5,
      source: 'assumed (from memory of the guide)',
      asOf,
    },
    'organizations.BACKUP_POLICY.attached': { value: 10, source: quotas, asOf },
    'organizations.TAG_POLICY.attached': { value: 10, source: quotas, asOf },
    'organizations.AISERVICES_OPT_OUT_POLICY.attached': { value: 5, source: quotas, asOf },
    'organizations.AISERVICES_OPT_OUT_POLICY.size': { value: 2_500, source: quotas, asOf },
    'organizations.other.size': { value: 10_000, source: quotas, asOf },
    'organizations.other.attached': { value: 10, source: assumed, asOf },
    'organizations.other.count': { value: 1_000, source: quotas, asOf },
    'rate.organizations': { value: 20, source: `${assumed}; per account, all calls together`, asOf },
    'burst.organizations': { value: 100, source: assumed, asOf },
  },
}
