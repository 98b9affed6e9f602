/**
 * Quotas that Service Quotas shows, each backed by a dated limit of the estate. `verified`: the code was read in a
 * source; the others are ours, because AWS's codes for them were not found (as of 2026-11-21).
 */
export interface Quota {
  readonly service: string
  readonly serviceName: string
  readonly code: string
  readonly name: string
  readonly limit: string
  readonly adjustable: boolean
  /** Highest value that a request is granted. */
  readonly max: number
  readonly verified: boolean
}

export const QUOTAS: readonly Quota[] = [
  {
    service: 'organizations',
    serviceName: 'AWS Organizations',
    code: 'L-E619E033',
    name: 'Default maximum number of accounts',
    limit: 'organizations.accounts',
    adjustable: true,
    max: 50_000,
    verified: true,
  },
  {
    service: 'controltower',
    serviceName: 'AWS Control Tower',
    code: 'L-SANDBOX1',
    name: 'Concurrent account operations',
    limit: 'controltower.account_operations',
    adjustable: true,
    max: 10,
    verified: false,
  },
  {
    service: 'controltower',
    serviceName: 'AWS Control Tower',
    code: 'L-SANDBOX2',
    name: 'Concurrent control operations',
    limit: 'controltower.control_operations',
    adjustable: false,
    max: 100,
    verified: false,
  },
  {
    service: 'controltower',
    serviceName: 'AWS Control Tower',
    code: 'L-SANDBOX3',
    name: 'Accounts in one organizational unit',
    limit: 'controltower.accounts_per_ou',
    adjustable: false,
    max: 1_000,
    verified: false,
  },
  {
    service: 'sso',
    serviceName: 'AWS IAM Identity Center',
    code: 'L-SANDBOX4',
    name: 'Permission sets',
    limit: 'sso.permission_sets',
    adjustable: true,
    max: 5_000,
    verified: false,
  },
  {
    service: 'sso',
    serviceName: 'AWS IAM Identity Center',
    code: 'L-SANDBOX5',
    name: 'Outstanding account assignments',
    limit: 'sso.outstanding_assignments',
    adjustable: false,
    max: 10,
    verified: false,
  },
]
