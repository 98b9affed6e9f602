import type {
  ControlPart,
  DocumentEffect,
  HookEffect,
  PackEffect,
  PolicyEffect,
  SecurityHubEffect,
  TowerEffect,
} from '../domain/controls/effects.ts'
import type { KeptCarrier, KeptPolicy } from '../domain/controls/kept.ts'
import type { StepState } from '../domain/controls/kinds.ts'
import type { ControlPlan, PlanError } from '../domain/controls/plans.ts'
import type { ControlSetBody, SetRef } from '../domain/controls/sets.ts'
import type {
  DocumentSight,
  HookSight,
  PackSight,
  PolicySight,
  SecurityHubSight,
  TowerSight,
} from '../domain/controls/world.ts'
import type { OwnLimit } from '../domain/quotas/lookup.ts'
import type { Json } from '../kernel/json.ts'

/**
 * What plan and apply of controls need of one AWS organisation. `aws/` implements it: Organizations policies in
 * `aws/organizations/control-policies.ts`, each other part in the folder of its service. A part is null where this installation has no
 * adapter for it or the organisation does not use the service; the plan then says so and takes another path.
 * Errors are those of `ports/estate.ts`.
 */
export interface ControlsPort {
  hasLandingZone(): Promise<boolean>
  readonly policies: ControlPort<PolicySight, PolicyEffect>
  readonly tower: ControlPort<TowerSight, TowerEffect> | null
  readonly packs: ControlPort<PackSight, PackEffect> | null
  readonly securityHub: ControlPort<SecurityHubSight, SecurityHubEffect> | null
  readonly hooks: ControlPort<HookSight, HookEffect> | null
  readonly documents: ControlPort<DocumentSight, DocumentEffect> | null
}

/** One part of AWS that carries controls. */
export interface ControlPort<Sight, Effect> {
  /** Everything of the part, or null when the organisation does not use the service. Throws rather than tell a half. */
  read(): Promise<Sight | null>
  /**
   * Starts the effect, or finds that it is done or under way, so that a crash between call and record never doubles it.
   * `conflict` and `throttled` are tried again later.
   * @param again false only when no attempt before this one can have done anything: there is no need to look first.
   */
  begin(effect: Effect, again?: boolean): Promise<Begun>
  /** What AWS says of that operation now. Level-driven: never waits. */
  look(operation: Operation): Promise<OperationState>
}

/** `result` is small and shown to people: the id of a policy, the ARN of an enabled control. */
export type Begun =
  | { readonly done: true; readonly result: Readonly<Record<string, string>> }
  | { readonly done: false; readonly operation: Operation }

/** Plain JSON that finds the operation again, also in another process; the part's own. */
export type Operation = Readonly<Record<string, Json>>

export type OperationState =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded'; readonly result: Readonly<Record<string, string>> }
  /** `code` and `message` are AWS's words. */
  | { readonly state: 'failed'; readonly code: string; readonly message: string }

/** A plan that this worker makes. `attempt` fences: what an earlier attempt still says is not taken. */
export interface PlanJob {
  readonly id: string
  readonly attempt: number
  readonly awsOrganizationId: string
  /** As asked: `r-…`, `ou-…` or `root`. */
  readonly target: string
  readonly set: StoredSet
  readonly action: 'put' | 'remove'
  readonly hookMode: 'WARN' | 'FAIL' | null
}

export interface StoredSet extends SetRef {
  readonly body: ControlSetBody
}

/** What was applied before in the AWS organisation of a plan. */
export interface Standing {
  /** Sets of one target, with their bodies. */
  readonly sets: readonly StoredSet[]
  readonly policies: readonly KeptPolicy[]
  readonly carriers: readonly KeptCarrier[]
  /** Quotas that the centre entered for the AWS organisation, as they hold today. */
  readonly ownLimits: readonly OwnLimit[]
}

export interface PlanOutcome {
  readonly plan: ControlPlan
  /** SHA-256 of what was read and matters, hex. */
  readonly digest: string
}

/** An apply that this worker carries out. */
export interface ApplyJob {
  readonly id: string
  readonly attempt: number
  readonly awsOrganizationId: string
  /** `give_up`: what was done is undone, in reverse. */
  readonly mode: 'do' | 'give_up'
  readonly plan: ControlPlan
  readonly digest: string
  readonly steps: readonly JobStep[]
}

export interface JobStep {
  readonly number: number
  readonly state: StepState
  /** Attempts that were begun before, in any process: 0 means that nothing can have been done. */
  readonly attempts: number
  readonly operation: Operation | null
}

/** Plans and applies in the database. Every change of state writes the ledger in its transaction. */
export interface ControlStore {
  /** The next plan or apply, and the right to work on it; one whose worker is gone comes first. null: there is none. */
  claim(): Promise<{ readonly plan: PlanJob } | { readonly apply: ApplyJob } | null>
  /** Keeps the right for some seconds more. False: another worker has it. */
  beat(job: { readonly id: string; readonly attempt: number }): Promise<boolean>
  /** Gives the right back at once: this worker stops, and another goes on. */
  release(job: { readonly id: string; readonly attempt: number }): Promise<void>
  standing(awsOrganizationId: string, target: string): Promise<Standing>
  planned(job: PlanJob, outcome: PlanOutcome): Promise<void>
  planFailed(job: PlanJob, error: PlanError): Promise<void>
  /** The world is not the one of the plan: nothing was done. */
  refused(job: ApplyJob, message: string): Promise<void>
  /** Written before the effect. Throws `conflict` when another worker has the job: then nothing may be done. */
  stepStarted(job: ApplyJob, number: number): Promise<void>
  stepBegun(job: ApplyJob, number: number, operation: Operation): Promise<void>
  stepDone(job: ApplyJob, number: number, result: Readonly<Record<string, string>>): Promise<void>
  /** What went wrong and is tried again. */
  stepTrouble(job: ApplyJob, number: number, error: StepError): Promise<void>
  /** The apply waits for a person. */
  stepFailed(job: ApplyJob, number: number, error: StepError): Promise<void>
  /** Of an apply that is given up. `kept`: nothing undoes it, or undoing failed with `error`. */
  stepUndone(job: ApplyJob, number: number, outcome: Undone): Promise<void>
  /** Every step is done: the target has its sets, and what carries them is kept. */
  done(job: ApplyJob): Promise<void>
  givenUp(job: ApplyJob): Promise<void>
  /** Parts other than policies that carry something of ours there; none while an apply goes on. */
  partsInUse(awsOrganizationId: string): Promise<readonly ControlPart[]>
  /** Keeps what of ours was not found as it was applied. */
  saw(awsOrganizationId: string, sight: CarrierSight): Promise<void>
}

/** What carries controls and is no policy, as it is there now; null: not read. */
export interface CarrierSight {
  readonly tower: TowerSight | null
  readonly packs: PackSight | null
  readonly securityHub: SecurityHubSight | null
  readonly hooks: HookSight | null
  readonly documents: DocumentSight | null
}

export type Undone =
  | { readonly state: 'undone'; readonly result: Readonly<Record<string, string>> }
  | { readonly state: 'kept'; readonly error: StepError | null }

export interface StepError {
  readonly code: string
  readonly message: string
}
