import { round } from './measure.ts'

export interface PeerOptions {
  readonly accounts: number
  /** Length of one account operation in AWS's time. */
  readonly operationS: number
  /** Share of operations that fail once and succeed when sent again. */
  readonly failureShare: number
  readonly seed: number
}

export interface PeerResult {
  readonly model: string
  readonly source: string
  readonly makespan_virtual_s: number
  readonly ratio: number
  /** Requests that nobody would ever come back to without a person. */
  readonly lost: number
}

const SLOTS = 5
const AFT_EVERY_S = 300

/**
 * Models, not measurements: what two well-known tools do with the same load by their own documentation. Neither
 * program is run here.
 */
export function vendingPeers(options: PeerOptions): object {
  const ideal = (options.accounts * options.operationS) / SLOTS
  const fails = failures(options)
  return {
    benchmark: 'vending-peers',
    accounts: options.accounts,
    operation_virtual_s: options.operationS,
    failure_share: options.failureShare,
    ideal_virtual_s: ideal,
    note: 'Models of documented behaviour, named as such; these programs were not run.',
    peers: [aft(options, ideal, fails), lza(options, ideal, fails)],
  }
}

/** Which requests fail, the same for every model: a linear congruential generator under the seed. */
function failures({ accounts, failureShare, seed }: PeerOptions): readonly boolean[] {
  let state = seed >>> 0
  return Array.from({ length: accounts }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 < failureShare
  })
}

/**
 * Account Factory for Terraform: its queue is read every five minutes, one request each time; a failed request goes
 * to a dead-letter queue, where it stays until a person sends it again.
 */
function aft({ accounts, operationS }: PeerOptions, ideal: number, fails: readonly boolean[]): PeerResult {
  const free = Array.from({ length: SLOTS }, () => 0)
  let last = 0
  for (let n = 0; n < accounts; n++) {
    const slot = free.indexOf(Math.min(...free))
    const tick = Math.ceil(Math.max(n * AFT_EVERY_S, free[slot] ?? 0) / AFT_EVERY_S) * AFT_EVERY_S
    free[slot] = tick + operationS
    last = Math.max(last, free[slot] ?? 0)
  }
  return {
    model: 'Account Factory for Terraform',
    source:
      'aws-ia/terraform-aws-control_tower_account_factory: the account-request processor runs every 5 minutes and takes one request; failures go to a dead-letter queue',
    makespan_virtual_s: last,
    ratio: round(last / ideal),
    lost: fails.filter(Boolean).length,
  }
}

/** Landing Zone Accelerator: accounts one after the other in one pipeline stage; a failure ends the stage and with it the rest. */
function lza({ accounts, operationS }: PeerOptions, ideal: number, fails: readonly boolean[]): PeerResult {
  const firstFailure = fails.indexOf(true)
  const made = firstFailure === -1 ? accounts : firstFailure
  const makespan = accounts * operationS
  return {
    model: 'Landing Zone Accelerator',
    source:
      'awslabs/landing-zone-accelerator-on-aws: accounts are created one at a time in the pipeline; a failed one fails the stage',
    makespan_virtual_s: makespan,
    ratio: round(makespan / ideal),
    lost: accounts - made,
  }
}
