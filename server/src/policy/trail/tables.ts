import type { SkipReason } from './facts.ts'

/** Shapes of the dated files of `server/data/cloudtrail/`. */
export interface ActionsFile {
  readonly eventTypes: {
    readonly skip: Readonly<Record<string, string>>
    /** Types of events that are calls. */
    readonly calls: readonly string[]
  }
  readonly prefixes: readonly { readonly eventSource: string; readonly prefix: string }[]
  readonly alsoTry: readonly { readonly prefix: string; readonly then: readonly string[] }[]
  /** Services that log under one source: where the parameter is there, the action is the other service's. */
  readonly elsewhere: readonly {
    readonly prefix: string
    readonly parameter: string
    readonly then: string
  }[]
  readonly versionSuffix: { readonly pattern: string }
  readonly renames: readonly {
    readonly prefix: string
    readonly events: Readonly<Record<string, readonly string[]>>
  }[]
  readonly versionedObject: { readonly parameter: string; readonly events: Readonly<Record<string, string>> }
  readonly split: readonly SplitRule[]
  readonly chosen: readonly ChosenRule[]
  readonly verbs: {
    readonly prefix: string
    readonly byPrefix: Readonly<Record<string, string>>
    readonly exceptions: Readonly<Record<string, string>>
  }
  /** Events of a service whose resources are paths: event → verb, then the paths that it may mean, `/restapis/${restApiId}`. */
  readonly paths: {
    readonly prefix: string
    /** What stands before the path. */
    readonly arn: string
    readonly events: Readonly<Record<string, readonly string[]>>
  }
  readonly notAuthorized: readonly { readonly eventSource: string; readonly events: readonly string[] }[]
}

/** An event that is checked as several actions, each with its own place of the resource. */
export interface SplitRule {
  readonly prefix: string
  readonly event: string
  /** Of several ARNs the first one counts whose parameters are there. */
  readonly checks: readonly { readonly action: string; readonly arns?: readonly string[] }[]
}

/** An event whose parameters say which actions it stands for: `operation` of each item of a transaction. */
export interface ChosenRule {
  readonly prefix: string
  readonly event: string
  readonly from: readonly string[]
  /** Value at the path → action of the service. */
  readonly actions: Readonly<Record<string, string>>
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
      /** The call is always of this type, although the catalogue does not require it. */
      readonly always?: boolean
      /** The id is a name and something of AWS's behind `then`: `secret:NAME-Ab12Cd`. */
      readonly name?: { readonly from: readonly string[]; readonly then: string }
    }[]
  }
  /** ARNs that IAM is asked for in another form than the Service Authorization Reference writes them. */
  readonly forms: {
    readonly rules: readonly {
      readonly prefix: string
      readonly type: string
      readonly arns: readonly string[]
      /** Names of actions that keep the form of the reference, or of the only ones that do not. */
      readonly not?: readonly string[]
      readonly only?: readonly string[]
    }[]
  }
  /**
   * Types with one ARN in an account that the action is asked on beside others: `glue rootcatalog`. Where it is not listed, such an
   * ARN counts only as the action's one type: beside others it is one of several that may be meant.
   */
  readonly fixed: { readonly types: readonly string[] }
  /** `rds:DescribeDBInstances db`: without a name the action is asked on every resource of the type, `db:*`. */
  readonly every: { readonly types: readonly string[] }
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
