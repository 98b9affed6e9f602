import type { ColumnType, Generated } from 'kysely'
import type { AccountStatus, AwsAccountState } from '../../domain/accounts/status.ts'
import type { ClosureSource } from '../../domain/accounts/view.ts'
import type { Environment } from '../../domain/applications/kinds.ts'
import type { DriftAction, DriftKind, DriftState } from '../../domain/drift/kinds.ts'
import type { AlternateContact } from '../../ports/estate.ts'

/** JSONB: read as the value, written as text. */
type JsonColumn<T> = ColumnType<T, string, string>
type JsonDefault<T> = ColumnType<T, string | undefined, string>

export interface AwsOrganizationSettings {
  readonly region?: string
  readonly endpoint?: string
  readonly roleArn?: string
  /** Bucket of the management account for the rules of CloudFormation hooks. */
  readonly hookBucket?: string
}

export interface Suspension {
  readonly at: string
  readonly reason: string
}

export interface Closure {
  readonly requestedAt: string
  readonly windowEndsAt: string
  readonly evidenceHash: string
  /** Absent in rows of before 0.2: Rankan closed those itself. */
  readonly knownBy?: ClosureSource
}

interface AccountTable {
  id: string
  account_id: string
  name: string
  email: string
  status: AccountStatus
  aws_state: AwsAccountState
  environment: Environment | null
  organisation_id: string | null
  organisation_code: string | null
  organisation_name_ja: string | null
  organisation_name_en: string | null
  system_code: string | null
  system_name_ja: string | null
  system_name_en: string | null
  aws_organization_id: string
  ou_id: string
  ou_name: string
  origin: 'vended' | 'adopted'
  work_id: string | null
  contacts: JsonDefault<readonly AlternateContact[]>
  facts: JsonDefault<Readonly<Record<string, string>>>
  suspension: JsonColumn<Suspension | null> | null
  closure: JsonColumn<Closure | null> | null
  created_at: Date
  ready_at: Date | null
  closed_at: Date | null
  search: ColumnType<string, never, never>
}

export interface EstateTables {
  aws_organization: {
    id: string
    name: string
    engine: 'account_factory' | 'auto_enrolment'
    organization_id: string | null
    management_account_id: string | null
    own_accounts: Generated<string[]>
    settings: JsonDefault<AwsOrganizationSettings>
    created_at: Date
  }
  aws_organization_sweep: {
    aws_organization_id: string
    at: Date
    complete: boolean
    last_complete_at: Date | null
    listed: number
    /** At the last complete sweep, with the management account. */
    accounts: number | null
  }
  account: AccountTable
  work_estate: {
    work_id: string
    organisation_id: string
    aws_organization_id: string
    ou_path: string[] | null
    place_settled: Generated<boolean>
    attempt: Generated<number>
    facts: JsonDefault<Readonly<Record<string, string>>>
    account_id: string | null
  }
  closing_evidence: {
    work_id: string
    account_id: string
    organisation_id: string | null
    sha256: string
    body: string
    at: Date
  }
  lifecycle_event: {
    aws_organization_id: string
    event_id: string
    name: string
    account_id: string | null
    ou_id: string | null
    state: 'SUCCEEDED' | 'FAILED' | null
    message: string | null
    time: Date
    received_at: Date
  }
  work_step: {
    work_id: string
    step: string
    seq: Generated<string>
    organisation_id: string
    application_id: string
    state: 'running' | 'waiting' | 'done' | 'failed'
    attempts: number
    started_at: Date
    finished_at: Date | null
    error: JsonColumn<StepError | null> | null
    detail: JsonDefault<Readonly<Record<string, string>>>
  }
  drift: {
    id: string
    kind: DriftKind
    state: DriftState
    aws_organization_id: string
    account_id: string
    account_name: string
    account_email: string | null
    organisation_id: string | null
    expected: string | null
    actual: string | null
    found_at: Date
    resolved_at: Date | null
    resolved_by: string | null
    resolution: DriftAction | 'vanished' | null
    reason: string | null
  }
}

export interface StepError {
  readonly code: string
  readonly message: string
  readonly at: string
}
