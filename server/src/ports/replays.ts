import type { ReportSection, ReportTable } from '../domain/policies/kinds.ts'
import type {
  ProposalView,
  ReplayIngest,
  ReplayPolicy,
  ReplayProgress,
  ReplayRequest,
} from '../domain/policies/replays.ts'
import type { ReplayReport } from '../domain/policies/report.ts'
import type { ReplayWorld } from '../domain/policies/world.ts'

/** One replay that this worker runs. `attempt` fences: what an earlier attempt still says is not taken. */
export interface ReplayJob {
  readonly id: string
  readonly awsOrganizationId: string
  readonly attempt: number
  readonly policies: readonly ReplayPolicy[]
  readonly withInForce: boolean
  readonly against: ReplayRequest['against']
  readonly since: string | null
  readonly until: string | null
  readonly world: ReplayWorld
}

export interface ReplayOutcome {
  readonly ingest: ReplayIngest
  readonly report: ReplayReport
  readonly proposals: readonly ProposalView[]
  /** Tables of which the report has not all lines. */
  readonly tables: readonly WholeTable[]
}

/** All lines of one table, as the file that people get. */
export interface WholeTable {
  readonly section: ReportSection
  readonly table: ReportTable
  readonly lines: number
  /** CSV packed with gzip, in base64: it goes from process to process. */
  readonly csvGz: string
}

/** `cancelled`: a person asked for its end. `lost`: another worker has it. */
export type Standing = 'go' | 'cancelled' | 'lost'

/** Replays in the database. Every change of state writes the ledger in its transaction. */
export interface ReplayStore {
  /** The next one, and the right to run it: of each AWS organisation one at a time, a dead worker's before new ones. */
  claim(): Promise<ReplayJob | null>
  /** Keeps the right and tells how far it is. */
  beat(job: ReplayJob, progress: ReplayProgress): Promise<Standing>
  done(job: ReplayJob, outcome: ReplayOutcome): Promise<void>
  failed(job: ReplayJob, error: { readonly code: string; readonly message: string }): Promise<void>
  cancelled(job: ReplayJob): Promise<void>
  /** Gives the right back at once: this worker stops, and another goes on. */
  release(job: ReplayJob): Promise<void>
}

/** Reads the trail and asks the facts, away from the worker's own thread. */
export interface ReplayRunner {
  /** Rejects with the signal's reason soon after it is aborted. */
  run(
    job: ReplayJob,
    onProgress: (progress: ReplayProgress) => void,
    signal: AbortSignal,
  ): Promise<ReplayOutcome>
}
