import type { ColumnType, Generated } from 'kysely'
import type { DraftForm } from '../../domain/applications/draft.ts'
import type { ApplicationForm } from '../../domain/applications/form.ts'
import type { ApplicationKind, ApplicationState, Environment } from '../../domain/applications/kinds.ts'
import type { Approval, OrderState, Stage, Who } from '../../domain/applications/life.ts'
import type { AskedException } from '../../domain/applications/rules/evaluate.ts'
import type { Order } from '../../ports/orders.ts'

/** JSONB: read as the value, written as text. */
type JsonColumn<T> = ColumnType<T, string, string>

export interface Approvals {
  readonly organisation?: Approval
  readonly centre?: Approval
}

export interface Answer {
  readonly by: Who
  readonly comment: string
}

export interface OrderFailure {
  readonly step: string
  readonly code: string
  readonly message: string
  readonly correctable: readonly string[]
  readonly at: string
}

interface ApplicationTable {
  id: string
  kind: ApplicationKind
  state: ApplicationState
  version: number
  organisation_id: string
  organisation_code: string
  organisation_name_ja: string
  organisation_name_en: string
  system_code: string
  system_name_ja: string
  system_name_en: string
  environments: Environment[]
  provider: string | null
  account_id: string | null
  applicant_id: string
  applicant_name: string
  applicant_role: string
  /** A draft's is unchecked; from `submitted` on it went through the schema. */
  form: JsonColumn<DraftForm | ApplicationForm>
  approvals: JsonColumn<Approvals>
  answer: JsonColumn<Answer | null> | null
  batch_id: string | null
  created_at: Date
  since: Date
  submitted_at: Date | null
  finished_at: Date | null
  updated_at: Date
  updated_by_id: string
  updated_by_name: string
  search: string
}

export interface ApplicationTables {
  application: ApplicationTable
  /** Written by triggers of `application`. */
  application_token: { token: string; application_id: string; organisation_id: string }
  application_form_version: {
    application_id: string
    version: number
    organisation_id: string
    form: JsonColumn<DraftForm | ApplicationForm>
    at: Date
    by_id: string
    by_name: string
  }
  application_event: {
    id: Generated<string>
    application_id: string
    organisation_id: string
    at: Date
    action: string
    from_state: string | null
    to_state: string
    actor: JsonColumn<Who>
    on_behalf_of: JsonColumn<Who | null> | null
    policy_version: string | null
    comment: string
  }
  application_stage_time: {
    id: Generated<string>
    stage: Stage | 'work'
    left_at: Date
    seconds: number
  }
  application_comment: {
    id: string
    application_id: string
    organisation_id: string
    at: Date
    author: JsonColumn<Who>
    body: string
  }
  application_exception: {
    application_id: string
    organisation_id: string
    rule: string
    reason: AskedException['reason']
    expires_on: string
    approver: JsonColumn<Who>
    granted_at: Date
  }
  application_order: {
    work_id: string
    application_id: string
    organisation_id: string
    kind: ApplicationKind
    environment: Environment | null
    aws_organization_id: string
    state: OrderState
    account_name: string | null
    account_email: string | null
    account_id: string | null
    body: JsonColumn<Order>
    corrections: JsonColumn<Readonly<Record<string, unknown>>>
    failure: JsonColumn<OrderFailure | null> | null
    created_at: Date
    started_at: Date | null
    finished_at: Date | null
  }
  account_name: {
    /** Lower case. */
    value: string
    kind: 'name' | 'email'
    work_id: string
    organisation_id: string
    reserved_at: Date
  }
  approval_delegation: {
    id: string
    from_person: JsonColumn<Who>
    to_person: JsonColumn<Who>
    stage: Stage
    organisation_ids: string[]
    first_day: string
    last_day: string
    reason: string
    made_at: Date
    revoked_at: Date | null
  }
  application_batch: {
    id: string
    sha256: string
    actor_id: string
    actor_name: string
    applications: number
    at: Date
  }
  application_reminder: {
    application_id: string
    since: Date
    after_hours: number
    organisation_id: string
    at: Date
  }
  notification: {
    id: Generated<string>
    person_id: string
    organisation_id: string | null
    at: Date
    kind: string
    subject: string
    params: JsonColumn<Readonly<Record<string, string>>>
    read_at: Date | null
  }
  outbox: {
    id: Generated<string>
    at: Date
    to_person: string
    kind: string
    subject: string
    params: JsonColumn<Readonly<Record<string, string>>>
    once_key: string
    sent_at: Date | null
    message_key: string
    state: Generated<'waiting' | 'sent' | 'dead'>
    attempts: Generated<number>
    next_at: Generated<Date>
    to_address: Generated<string | null>
    last_error: Generated<string | null>
  }
}
