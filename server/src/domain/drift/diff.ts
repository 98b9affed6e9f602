import type { AccountStatus, AwsAccountState } from '../accounts/status.ts'
import type { DriftKind } from './kinds.ts'

/** What the register holds of one account of the AWS organisation. */
export interface RegisterEntry {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly status: AccountStatus
  readonly awsState: AwsAccountState
  readonly ouId: string
}

/** What AWS shows. */
export interface EstateEntry {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly state: AwsAccountState
  readonly ouId: string
}

export interface RegisterSnapshot {
  readonly entries: readonly RegisterEntry[]
  /** Accounts that a workflow works on now: what differs there is explained. */
  readonly busy: ReadonlySet<string>
  /** E-mail addresses (lower case) of orders whose account is not known yet. */
  readonly expectedEmails: ReadonlySet<string>
  /** Accounts that belong to the landing zone itself: management, log archive, audit. */
  readonly ownAccounts: ReadonlySet<string>
}

export interface EstateListing {
  readonly entries: readonly EstateEntry[]
  /** False when any page could not be read: then nothing may be called absent. */
  readonly complete: boolean
}

export interface DriftFinding {
  readonly kind: DriftKind
  readonly accountId: string
  readonly accountName: string
  readonly expected: string | null
  readonly actual: string | null
}

/** A change that no person needs to look at: AWS went on with what a workflow began. */
export interface Follow {
  readonly accountId: string
  readonly awsState: AwsAccountState | 'gone'
}

export interface Comparison {
  readonly findings: readonly DriftFinding[]
  readonly follow: readonly Follow[]
}

/**
 * Compares register and estate, level-driven: the answer depends on nothing but what both show now. An account
 * that a workflow works on is left alone, and an incomplete listing proves no absence.
 */
export function compare(register: RegisterSnapshot, listing: EstateListing): Comparison {
  const known = new Map(register.entries.map((entry) => [entry.accountId, entry]))
  const seen = new Set(listing.entries.map((entry) => entry.accountId))
  const idle = (accountId: string) => !register.busy.has(accountId) && !register.ownAccounts.has(accountId)
  const pairs = listing.entries.filter((entry) => idle(entry.accountId))
  const present = pairs.flatMap((entry) => {
    const mine = known.get(entry.accountId)
    return mine ? comparePair(mine, entry) : unknown(register, entry)
  })
  const absent = listing.complete
    ? register.entries.filter((mine) => idle(mine.accountId) && !seen.has(mine.accountId)).flatMap(missing)
    : []
  const all = [...present, ...absent]
  return {
    findings: all.filter((one): one is DriftFinding => 'kind' in one),
    follow: all.filter((one): one is Follow => !('kind' in one)),
  }
}

type Outcome = DriftFinding | Follow

const STARTED_TO_CLOSE: readonly AccountStatus[] = ['post_closure', 'closed']
const NOT_USABLE: readonly AwsAccountState[] = ['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']

function unknown(register: RegisterSnapshot, entry: EstateEntry): readonly Outcome[] {
  if (register.expectedEmails.has(entry.email.toLowerCase())) return []
  if (entry.state === 'CLOSED') return []
  return [finding('unknown_account', entry, null, `${entry.name} <${entry.email}>`)]
}

function comparePair(mine: RegisterEntry, entry: EstateEntry): readonly Outcome[] {
  if (STARTED_TO_CLOSE.includes(mine.status)) return afterClosing(mine, entry)
  if (NOT_USABLE.includes(entry.state)) return [finding('closed_outside', entry, mine.awsState, entry.state)]
  const moved = mine.ouId !== entry.ouId ? [finding('moved', entry, mine.ouId, entry.ouId)] : []
  const renamed = mine.name !== entry.name ? [finding('renamed', entry, mine.name, entry.name)] : []
  const addressed =
    mine.email.toLowerCase() !== entry.email.toLowerCase()
      ? [finding('email_changed', entry, mine.email, entry.email)]
      : []
  const back = mine.status === 'departed' ? [finding('reopened', entry, mine.status, entry.state)] : []
  return [...back, ...moved, ...renamed, ...addressed]
}

/** In the 90 days after closing the account goes from PENDING_CLOSURE to SUSPENDED to CLOSED by itself. */
function afterClosing(mine: RegisterEntry, entry: EstateEntry): readonly Outcome[] {
  if (entry.state === 'ACTIVE' || entry.state === 'PENDING_ACTIVATION')
    return [finding('reopened', entry, mine.awsState, entry.state)]
  return entry.state === mine.awsState ? [] : [{ accountId: mine.accountId, awsState: entry.state }]
}

function missing(mine: RegisterEntry): readonly Outcome[] {
  if (mine.status === 'closed' || mine.status === 'departed') return []
  if (mine.status === 'post_closure') return [{ accountId: mine.accountId, awsState: 'gone' }]
  return [finding('left_organization', mine, mine.ouId, null)]
}

const finding = (
  kind: DriftKind,
  about: { accountId: string; name: string },
  expected: string | null,
  actual: string | null,
): DriftFinding => ({ kind, accountId: about.accountId, accountName: about.name, expected, actual })
