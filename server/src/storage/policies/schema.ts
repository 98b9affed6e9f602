import type { ColumnType, Generated } from 'kysely'
import type { GuardrailKind, ReplayPhase, ReplayState, TargetKind } from '../../domain/policies/kinds.ts'
import type { ReplayIngest, ReplayRequest, ReplayTotals } from '../../domain/policies/replays.ts'
import type { ExemptionOf } from '../../domain/policies/report.ts'

/** JSONB: read as the value, written as text. */
type JsonColumn<T> = ColumnType<T, string, string>

/** What a replay is asked for, beside where. */
export type KeptRequest = Omit<ReplayRequest, 'awsOrganizationId' | 'title'>

export interface PolicyTables {
  guardrail_place: {
    aws_organization_id: string
    id: string
    kind: TargetKind
    name: string
    parent_id: string | null
  }
  guardrail: {
    aws_organization_id: string
    policy_id: string
    kind: GuardrailKind
    name: string
    description: string
    aws_managed: boolean
    document: string
    sha256: string
    first_seen_at: Date
    changed_at: Date
  }
  guardrail_attachment: { aws_organization_id: string; policy_id: string; target_id: string }
  guardrail_reading: {
    aws_organization_id: string
    organization_id: string
    management_account_id: string
    kinds: GuardrailKind[]
    read_at: Date
  }
  replay_world: { sha256: string; aws_organization_id: string; body: string }
  replay: {
    id: string
    seq: Generated<string>
    aws_organization_id: string
    title: string
    state: ReplayState
    request: JsonColumn<KeptRequest>
    world_sha256: string
    parent_id: string | null
    exemptions: JsonColumn<readonly ExemptionOf[]>
    created_at: Date
    created_by_id: string
    created_by: string
    started_at: Date | null
    finished_at: Date | null
    attempts: Generated<number>
    cancel_asked_at: Date | null
    error: JsonColumn<{ code: string; message: string } | null> | null
    ingest: JsonColumn<ReplayIngest | null> | null
    totals: JsonColumn<ReplayTotals | null> | null
  }
  replay_run: {
    replay_id: string
    executor: string
    lease_until: Date
    /** Workers that ended in the middle of it. */
    deaths: Generated<number>
    phase: ReplayPhase
    files_total: number | null
    files_read: Generated<number>
    events_read: ColumnType<string, number | undefined, number>
    facts_total: ColumnType<string | null, number | null | undefined, number | null>
    facts_asked: ColumnType<string, number | undefined, number>
  }
  replay_result: { replay_id: string; body: string }
  replay_table: { replay_id: string; section: string; name: string; lines: number; csv_gz: Buffer }
}
