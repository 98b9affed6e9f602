import type { ColumnType, Generated } from 'kysely'
import type { ImportBody, KeptKind } from '../../catalog/imports/view.ts'
import type { KeptCarrier, KeptPolicy } from '../../domain/controls/kept.ts'
import type { ApplyState, PlanState, StepState } from '../../domain/controls/kinds.ts'
import type { ControlDrift, PlanError } from '../../domain/controls/plans.ts'
import type { ControlSetBody } from '../../domain/controls/sets.ts'
import type { Operation, StepError } from '../../ports/controls.ts'

/** JSONB: read as the value, written as text. */
type JsonColumn<T> = ColumnType<T, string, string>
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>

export interface ControlTables {
  control_set: {
    name: string
    version: number
    origin: 'rankan' | 'own'
    body: JsonColumn<ControlSetBody>
    sha256: string
    created_at: Date
    created_by_id: string
    created_by: string
  }
  control_plan: {
    id: string
    seq: Generated<string>
    aws_organization_id: string
    target_id: string
    target_name: string | null
    set_name: string
    set_version: number
    action: 'put' | 'remove'
    hook_mode: 'WARN' | 'FAIL' | null
    state: PlanState
    created_at: Date
    created_by_id: string
    created_by: string
    finished_at: Date | null
    digest: string | null
    body: string | null
    steps: number | null
    preventive: boolean | null
    error: MaybeJson<PlanError>
  }
  control_apply: {
    id: string
    seq: Generated<string>
    plan_id: string
    aws_organization_id: string
    state: ApplyState
    reason: string | null
    created_at: Date
    created_by_id: string
    created_by: string
    started_at: Date | null
    finished_at: Date | null
    error: MaybeJson<StepError>
  }
  control_step: {
    apply_id: string
    number: number
    state: StepState
    attempts: Generated<number>
    operation: MaybeJson<Operation>
    result: MaybeJson<Record<string, string>>
    error: MaybeJson<StepError>
    started_at: Date | null
    finished_at: Date | null
  }
  control_reading: { aws_organization_id: string; read_at: Date; drift: JsonColumn<readonly ControlDrift[]> }
  control_run: { job_id: string; executor: string; attempt: number; lease_until: Date }
  control_assignment: {
    aws_organization_id: string
    target_id: string
    set_name: string
    set_version: number
    plan_id: string
    applied_at: Date
  }
  control_kept: {
    aws_organization_id: string
    target_id: string
    part: string
    /** Of policies; empty for other parts. */
    kind: string
    name: string
    body: JsonColumn<KeptPolicy | KeptCarrier>
    plan_id: string
  }
  control_import: {
    name: string
    version: number
    kind: KeptKind
    source_version: string
    source: string
    aws_organization_id: string | null
    entries: number
    body: JsonColumn<ImportBody>
    sha256: string
    created_at: Date
    created_by_id: string
    created_by: string
  }
}
