import type { AccountStatus, AwsAccountState } from '../domain/accounts/status.ts'
import type { Environment } from '../domain/applications/kinds.ts'
import type { DriftFinding, RegisterSnapshot } from '../domain/drift/diff.ts'
import type { DriftKind } from '../domain/drift/kinds.ts'
import type { GuardrailKind, TargetKind } from '../domain/policies/kinds.ts'
import type { AlternateContact, EstatePolicy } from './estate.ts'

export interface RegisteredAccount {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly status: AccountStatus
  readonly awsState: AwsAccountState
  readonly awsOrganizationId: string
  readonly organisationId: string | null
  readonly environment: Environment | null
  readonly ouId: string
  readonly ouName: string
  readonly facts: Readonly<Record<string, string>>
}

/** The register of accounts, as the workflows use it. Each call is idempotent and writes the ledger in its transaction. */
export interface AccountRegister {
  /** Throws `not_found`. */
  account(accountId: string): Promise<RegisteredAccount>
  /**
   * Chooses the OU by the mapping rule and reserves a place in it for this order, so that orders that run at the
   * same time cannot fill an OU beyond its limit together. The path of OU names below the root.
   */
  place(workId: string): Promise<readonly string[]>
  suspended(workId: string, accountId: string, reason: string): Promise<void>
  resumed(workId: string, accountId: string, reason: string): Promise<void>
  moved(
    workId: string,
    accountId: string,
    ou: { id: string; name: string },
    environment: Environment,
  ): Promise<void>
  contactsChanged(workId: string, accountId: string, contacts: readonly AlternateContact[]): Promise<void>
  ownersChanged(workId: string, accountId: string, admins: readonly string[]): Promise<void>
  closing(workId: string, accountId: string): Promise<void>
  /** The closing was given up before AWS took it: the account is in use again. */
  closingGivenUp(workId: string, accountId: string): Promise<void>
  /** Puts the evidence into the ledger before anything is taken away. Frozen once for each order; returns its SHA-256. */
  freeze(workId: string, accountId: string, evidence: ClosingEvidence): Promise<string>
  /** AWS took the closing: the 90-day window starts. */
  closed(workId: string, accountId: string, awsState: AwsAccountState): Promise<void>
}

/** What is known of the account at the moment before it is closed. Plain JSON; no secrets and no tenant data. */
export interface ClosingEvidence {
  readonly account: { name: string; email: string; state: string; joinedAt: string } | null
  readonly ouId: string
  readonly contacts: readonly AlternateContact[]
  readonly groups: readonly { name: string; members: readonly string[] }[]
}

/** All policies of an AWS organisation, its tree and where they are attached: read whole or not at all. */
export interface GuardrailReading {
  readonly organizationId: string
  readonly managementAccountId: string
  /** Kinds that are switched on. */
  readonly kinds: readonly GuardrailKind[]
  /** Root, OUs and accounts. */
  readonly places: readonly GuardrailPlace[]
  readonly policies: readonly EstatePolicy[]
  /** `RCPFullAWSAccess` is left out: AWS attaches it everywhere and it cannot be taken away. */
  readonly attachments: readonly { readonly policyId: string; readonly targetId: string }[]
}

export interface GuardrailPlace {
  readonly id: string
  readonly kind: TargetKind
  readonly name: string
  readonly parentId: string | null
}

/** What the sweep needs of the register. */
export interface SweepStore {
  snapshot(awsOrganizationId: string): Promise<RegisterSnapshot>
  /**
   * Opens new findings, refreshes those still there and, of the account ids that were looked at, closes those
   * that vanished. What was not looked at stays as it is.
   */
  saveFindings(
    awsOrganizationId: string,
    findings: readonly DriftFinding[],
    looked: { readonly complete: boolean; readonly accountIds: ReadonlySet<string> },
  ): Promise<{ readonly opened: number; readonly vanished: number }>
  /** Keeps what AWS has in force now; what changed goes into the ledger, and nothing does when nothing did. Returns how many changes. */
  saveGuardrails(awsOrganizationId: string, reading: GuardrailReading): Promise<number>
  /** Follows AWS where a finished workflow explains it: PENDING_CLOSURE → SUSPENDED → CLOSED after a closing. */
  follow(accountId: string, awsState: AwsAccountState | 'gone'): Promise<void>
}

/** A drift that a person decided to put right, as the workflow `put-right` needs it. */
export interface DriftCase {
  readonly id: string
  readonly kind: DriftKind
  readonly awsOrganizationId: string
  readonly accountId: string
  readonly expected: string | null
}
