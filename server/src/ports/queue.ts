import type { Admission } from '../domain/scheduling/admission.ts'
import type { QuotaName, StepFailure, WorkflowContext } from './workflow.ts'

/**
 * The queue of work and the slots of scarce quotas, as the engine needs them. `storage/queue` implements it on
 * PostgreSQL. Every method is one short transaction; the clock is the database's, so that machines whose clocks
 * differ agree on who is alive.
 */
export interface WorkStore {
  /** An executor that did not say for this long that it lives loses its work. */
  readonly leaseMs: number
  /** Fills every free unit of one quota by the fair policy, or of all quotas that somebody waits for. */
  grant(executorId: string, only?: QuotaKey): Promise<readonly GrantedWork[]>
  /**
   * Takes the work for one execution of its workflow and fences earlier ones: raises the epoch. Null when the work
   * is not to be run (withdrawn, done, waiting for repair).
   */
  claim(workId: string, executorId: string): Promise<Claim | null>
  /** May that execution still act? False once another one claimed the work. */
  holdsLease(workId: string, epoch: number): Promise<boolean>
  /** Asks for one unit; true when it is held now. Asking again with the same holder changes nothing. */
  acquire(request: SlotRequest, executorId: string): Promise<boolean>
  /** Gives the unit back, remembers that this hold is over, and fills the free unit in the same transaction. */
  release(release: SlotRelease): Promise<readonly GrantedWork[]>
  /** The workflow ended. Frees every slot of the work and fills them in the same transaction. */
  end(
    workId: string,
    epoch: number,
    executorId: string,
    outcome: WorkOutcome,
  ): Promise<readonly GrantedWork[]>
  /** Puts work that waits for repair back into the queue; its history from that page of the journal on is run again. */
  requeue(workId: string, how: Requeue): Promise<void>
  /** When this wait began (durable, so that a crash does not start its time-out anew). Milliseconds ago. */
  waitedMs(workId: string, step: string): Promise<number>
  /** Says for the first time that this executor lives. It gets work from now on, and takes none. */
  announce(executorId: string): Promise<void>
  /** Says that this executor lives; returns the work of executors that stopped doing so, now assigned to this one. */
  heartbeat(executorId: string): Promise<readonly TakenWork[]>
  leave(executorId: string): Promise<void>
  /** What there is to do besides what messages told, in one look. */
  look(executorId: string): Promise<Outlook>
  find(workId: string): Promise<WorkItem | null>
  /** Wakes whoever waits for `topic` on any machine. */
  signal(topic: string): Promise<void>
  /**
   * Hears grants, signals and new work of all machines; `onGap` when messages may have been missed. The session that
   * listens also tells others that this executor lives: they take its work soon after `onLost`, unless `onGap` follows.
   */
  listen(executorId: string, on: QueueListener): Promise<{ stop(): Promise<void> }>
  /** Records the first estimate of work that has none yet. Returns what it did for the metrics. */
  estimate(): Promise<{ queued: number; estimated: number }>
  status(): Promise<QueueStatus>
}

export interface QuotaKey {
  readonly quota: Admission | QuotaName
  readonly scope: string
}

export interface GrantedWork {
  readonly workId: string
  readonly kind: string
  readonly mode: WorkMode
  /** Never started before. */
  readonly fresh: boolean
}

/** `give_up` undoes what was done, so that the estate is clean. */
export type WorkMode = 'do' | 'give_up'

export interface TakenWork extends GrantedWork {
  readonly state: 'granted' | 'running'
}

export interface Outlook {
  /** Somebody waits for a unit of a quota. */
  readonly waiting: boolean
  /** Work waits that has no first estimate yet. */
  readonly unestimated: boolean
  /** Work of this executor that should be granted or running; the engine compares it with what it runs. */
  readonly assigned: readonly TakenWork[]
}

export interface Claim {
  readonly workId: string
  readonly kind: string
  readonly mode: WorkMode
  readonly epoch: number
  readonly tenantId: string
  readonly awsOrganizationId: string
  readonly admission: QuotaKey
  /** True while the unit that let the work start is still held. */
  readonly holdsAdmission: boolean
  /** The first execution after somebody repaired the work. */
  readonly repaired: boolean
  /** Holds that ended in an earlier execution, and how many pages of the journal then held everything before their end. */
  readonly endedHolds: ReadonlyMap<string, number>
}

export interface SlotRequest extends QuotaKey {
  readonly workId: string
  /** Which `holding` of the workflow this is, counted from 0. */
  readonly hold: string
  readonly epoch: number
}

export interface SlotRelease extends SlotRequest {
  readonly executorId: string
  /** How many pages of the journal hold everything before the end of the hold: going on from an earlier one takes it again. */
  readonly pages: number
}

export type WorkOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'abandoned' }
  | { readonly state: 'needs_repair'; readonly step: string; readonly failure: StepFailure }

export interface Requeue {
  readonly mode: WorkMode
  /** Number of the first page whose steps are run again; steps before it keep their results. */
  readonly resumePage: number
}

export type WorkState = 'queued' | 'granted' | 'running' | 'done' | 'needs_repair' | 'abandoned'

export interface WorkItem {
  readonly workId: string
  readonly kind: string
  readonly state: WorkState
  readonly mode: WorkMode
  /** Number of the page from which it is run again once it is claimed; null when it just goes on. */
  readonly resumePage: number | null
  readonly failedStep: string | null
}

export interface QueueListener {
  /** Work was given to an executor that did not make the grant itself. */
  onStart(executorId: string, work: GrantedWork): void
  /** A running workflow got the unit it waits for: `<workId>#<hold>`. */
  onGranted(id: string): void
  onSignal(topic: string): void
  onFree(): void
  /** An executor left or is missed: what it alone did can be taken over. */
  onGone(): void
  onGap(): void
  onLost(): void
}

export interface QueueStatus {
  readonly depth: number
  readonly running: number
  readonly needsRepair: number
  readonly slots: readonly { quota: string; scope: string; used: number; limit: number; waiting: number }[]
  readonly executors: readonly { id: string; alive: boolean }[]
  /** 90th percentile of |actual − first estimate| over the time that the work took, of the last 500 done; null without any. */
  readonly etaErrorP90: number | null
}

/** What the engine runs for a kind of work. It is called again from the start after a crash; its steps are replayed. */
export type WorkflowFunction = (ctx: WorkflowContext, workId: string) => Promise<void>

/**
 * Sees what happens, for the timeline of an application. Moments of one work come in order, several at a time when they
 * follow fast; they may repeat after a crash, so telling one twice must change nothing. A call that throws is logged
 * and never stops the work.
 */
export interface WorkObserver {
  tell(workId: string, moments: readonly WorkMoment[]): Promise<void>
}

export type WorkMoment = MomentAt &
  (
    | { readonly type: 'started' }
    /** `replayed`: its result was recorded before a crash and it did not run again. */
    | { readonly type: 'succeeded'; readonly replayed: boolean }
    /** `retryInMs` null: the step gave up. */
    | {
        readonly type: 'failed'
        readonly error: { readonly code: string; readonly message: string }
        readonly retryInMs: number | null
      }
    /** Waits for a unit of a quota; the step is `slot:<quota>`. */
    | { readonly type: 'waiting' }
  )

interface MomentAt {
  readonly step: string
  /** Counted from 1 in this execution; 0 for a replayed step. */
  readonly attempt: number
  /** ISO 8601 */
  readonly at: string
}

/** What a person or another part may ask of the engine. */
export interface EngineControl {
  signal(topic: string): Promise<void>
  /** Continues work that waits for repair; from the failed step, or from an earlier one. */
  retry(workId: string, options?: { readonly fromStep?: string }): Promise<void>
  /** Gives up work that waits for repair: runs the kind's `give_up` workflow if there is one. */
  abandon(workId: string, reason: string): Promise<void>
}
