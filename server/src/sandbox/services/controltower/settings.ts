import type { Settings } from '../../core/contract.ts'

const ASSUMED = 'assumed; AWS publishes no figure'
const LIMITS = 'docs.aws.amazon.com/controltower/latest/userguide/limits.html'
const asOf = '2026-11-21'
const minutes = (n: number) => n * 60_000

export const settings: Settings = {
  durations: {
    'controltower.account': {
      ms: minutes(25),
      jitter: 0.2,
      source:
        'README of aws-ia/terraform-aws-control_tower_account_factory: an account takes up to 30 minutes',
      asOf,
    },
    'controltower.update_account': { ms: minutes(12), jitter: 0.2, source: ASSUMED, asOf },
    'controltower.unmanage': { ms: minutes(8), jitter: 0.2, source: ASSUMED, asOf },
    'controltower.enrol': {
      ms: minutes(20),
      jitter: 0.25,
      source: 'awslabs/landing-zone-accelerator-on-aws waits up to 30 minutes for it',
      asOf,
    },
    'controltower.unenrol': { ms: minutes(8), jitter: 0.2, source: ASSUMED, asOf },
    'controltower.register_ou': { ms: minutes(6), jitter: 0.2, source: ASSUMED, asOf },
    'controltower.register_ou_per_account': { ms: minutes(1), source: ASSUMED, asOf },
    'controltower.deregister_ou': { ms: minutes(3), jitter: 0.2, source: ASSUMED, asOf },
    'controltower.control': { ms: minutes(3), jitter: 0.3, source: ASSUMED, asOf },
    /** An operation that was made to stick ends as failed after that time, as AWS's time-outs end it. */
    'controltower.stuck': { ms: minutes(1440), source: ASSUMED, asOf },
    'controltower.landing_zone': {
      ms: minutes(45),
      jitter: 0.2,
      source: 'controltower user guide: setting up may take up to 60 minutes',
      asOf,
    },
  },
  limits: {
    'controltower.account_operations': { value: 5, source: `${LIMITS} (adjustable to 10)`, asOf },
    'controltower.unmanage_operations': { value: 1, source: LIMITS, asOf },
    'controltower.ou_operations': { value: 1, source: LIMITS, asOf },
    'controltower.control_operations': { value: 100, source: LIMITS, asOf },
    'controltower.accounts_per_ou': {
      value: 1000,
      source: 'controltower user guide, region-stackset-limitations',
      asOf,
    },
    'controltower.accounts': { value: 10_000, source: LIMITS, asOf },
    // 1: MoveAccount into an OU that is busy with another account is refused; 0: it moves and its enrolment fails as drift.
    'controltower.busy_ou_refuses_move': {
      value: 1,
      source: `${LIMITS} says only that it is "considered conflicting"`,
      asOf,
    },
    // 1: Account Factory fails the record at once when all account operations are taken; 0: the record waits for a free one.
    'controltower.account_operations_refuse': { value: 1, source: ASSUMED, asOf },
  },
}
