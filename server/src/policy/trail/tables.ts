import type { SkipReason } from './facts.ts'

/** Shapes of the dated files of `server/data/cloudtrail/`. */
export interface ActionsFile {
  readonly eventTypes: { readonly skip: Readonly<Record<string, string>> }
  readonly prefixes: readonly { readonly eventSource: string; readonly prefix: string }[]
  readonly alsoTry: readonly { readonly prefix: string; readonly then: readonly string[] }[]
  readonly versionSuffix: { readonly pattern: string }
  readonly renames: readonly {
    readonly prefix: string
    readonly events: Readonly<Record<string, readonly string[]>>
  }[]
  readonly versionedObject: { readonly parameter: string; readonly events: Readonly<Record<string, string>> }
  readonly split: readonly SplitRule[]
  readonly verbs: {
    readonly prefix: string
    readonly byPrefix: Readonly<Record<string, string>>
    readonly exceptions: Readonly<Record<string, string>>
  }
  readonly notAuthorized: readonly { readonly eventSource: string; readonly events: readonly string[] }[]
}

/** An event that is checked as several actions, each with its own place of the resource. */
export interface SplitRule {
  readonly prefix: string
  readonly event: string
  readonly checks: readonly { readonly action: string; readonly arn?: string }[]
}

export interface ResourcesFile {
  /** prefix → placeholder of the ARN template → parameters that hold it, first one that is there wins. */
  readonly placeholders: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** Placeholders whose name says too little to look for a parameter of that name. */
  readonly tooGeneral: readonly string[]
  /** prefixes where each resource type of the action is a check of its own. */
  readonly severalTypes: readonly string[]
  /** Beginnings of names of actions that make something: a required type that no parameter names is new: `volume/*`. */
  readonly creates: {
    readonly prefixes: readonly string[]
    readonly verbs: readonly string[]
    readonly not: readonly string[]
  }
  /** Types that AWS makes with the action although the catalogue does not require them: `RunInstances volume`. */
  readonly alsoCreated: readonly string[]
  /** Types of which the region and owner are certain although no parameter tells the id, unless one of these is there. */
  readonly beginnings: {
    readonly rules: readonly {
      readonly actions: readonly string[]
      readonly types: readonly string[]
      readonly unless: readonly string[]
    }[]
  }
  /** Actions that name resources of any type by ids: action → parameters; beginning of an id → type. */
  readonly byId: {
    readonly actions: Readonly<Record<string, readonly string[]>>
    readonly types: Readonly<Record<string, string>>
  }
  /** placeholders that are an IAM name without its path. */
  readonly withoutPath: readonly string[]
}

export interface KeyRule {
  readonly key: string
  readonly from: readonly string[]
  /** What it means that no parameter is there; default `absent`. */
  readonly else?: 'absent' | 'unknown' | readonly string[]
  /** Parameters of which any makes `else` unknown: a launch template may hold the value. */
  readonly unless?: readonly string[]
  readonly actions?: readonly string[]
}

export interface KeysFile {
  /** Service → parameters that stand for tags which the request sets and does not show. */
  readonly tagsElsewhere: { readonly parameters: Readonly<Record<string, readonly string[]>> }
  readonly services: Readonly<Record<string, readonly KeyRule[]>>
}

export interface ImpliedFile {
  readonly passRole: Readonly<Record<string, readonly PassRoleRule[]>>
  readonly tagsOnCreate: Readonly<Record<string, readonly TagRule[]>>
  readonly session: readonly { readonly parameter: string; readonly action: string }[]
}

export interface PassRoleRule {
  /** Event names; `*` at the end is a wildcard. */
  readonly events: readonly string[]
  readonly from: readonly string[]
  /** Service principal, or `null` when the record does not tell. */
  readonly service: string | null
  /** The parameter names an instance profile: its role is not in the record. */
  readonly profile?: boolean
}

export interface TagRule {
  readonly events: readonly string[]
  readonly action: string
}

export interface TrailTables {
  readonly actions: ActionsFile
  readonly resources: ResourcesFile
  readonly keys: KeysFile
  readonly implied: ImpliedFile
}

export const SKIPS: ReadonlySet<string> = new Set<SkipReason>([
  'service_event',
  'console_sign_in',
  'console_action',
  'insight',
  'network_activity',
])
