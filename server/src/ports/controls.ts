import type {
  DocumentEffect,
  HookEffect,
  PackEffect,
  PolicyEffect,
  SecurityHubEffect,
  TowerEffect,
} from '../domain/controls/effects.ts'
import type {
  DocumentSight,
  HookSight,
  PackSight,
  PolicySight,
  SecurityHubSight,
  TowerSight,
} from '../domain/controls/world.ts'
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
