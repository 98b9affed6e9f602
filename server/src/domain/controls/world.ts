import type { Json } from '../../kernel/json.ts'
import type { GuardrailKind, TargetKind } from '../policies/kinds.ts'

/** What is there in one AWS organisation today, as far as controls go. A part that is null could not be read: nothing is planned there. */
export interface ControlWorld {
  readonly organizationId: string
  readonly managementAccountId: string
  /** Whether Control Tower has a landing zone here; without one the paths that need none are taken. */
  readonly landingZone: boolean
  /** Root, OUs and accounts. */
  readonly places: readonly ControlPlace[]
  readonly policies: PolicySight
  readonly tower: TowerSight | null
  readonly packs: PackSight | null
  readonly securityHub: SecurityHubSight | null
  readonly hooks: HookSight | null
  readonly documents: DocumentSight | null
}

export interface ControlPlace {
  readonly id: string
  readonly kind: TargetKind
  readonly name: string
  readonly parentId: string | null
}

export interface PolicySight {
  /** Types that are switched on at the root. */
  readonly kinds: readonly GuardrailKind[]
  readonly policies: readonly SeenPolicy[]
}

export interface SeenPolicy {
  /** `p-…` */
  readonly id: string
  readonly kind: GuardrailKind
  readonly name: string
  readonly description: string
  readonly awsManaged: boolean
  /** The JSON text as AWS keeps it. */
  readonly document: string
  /** Ids of roots, OUs and accounts; of `p-RCPFullAWSAccess`, which is everywhere, none. */
  readonly targets: readonly string[]
}

export interface TowerSight {
  /** Controls that Control Tower offers and we know, by alias: `{"SH.S3.8": "arn:aws:controltower:…:control/…"}`. */
  readonly offered: Readonly<Record<string, string>>
  /** What is enabled, on every OU. */
  readonly enabled: readonly SeenControl[]
}

export interface SeenControl {
  /** ARN of the enabled control. */
  readonly arn: string
  /** ARN as in `offered`. */
  readonly control: string
  /** `ou-…` */
  readonly target: string
  readonly status: 'SUCCEEDED' | 'FAILED' | 'UNDER_CHANGE'
  readonly drift: 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKING' | 'UNKNOWN'
  readonly parameters: Readonly<Record<string, Json>>
}

export interface PackSight {
  /** Organisation conformance packs of the home region. AWS does not give their templates back. */
  readonly packs: readonly SeenPack[]
}

export interface SeenPack {
  readonly name: string
  readonly arn: string
  readonly status: string
  readonly parameters: Readonly<Record<string, string>>
  readonly excludedAccounts: readonly string[]
  /** ISO 8601; null when AWS does not tell. Moves with every update, so it shows a change that the template would. */
  readonly updatedAt: string | null
}

export interface SecurityHubSight {
  /** `CENTRAL` before policies can be associated. */
  readonly configuration: 'CENTRAL' | 'LOCAL'
  /** Region of the configuration policies; ARNs of standards name it. */
  readonly region: string
  readonly policies: readonly SeenSecurityHubPolicy[]
  /** Root, OUs and accounts that were set to rule themselves, which an association of a policy ends. */
  readonly selfManaged: readonly string[]
}

export interface SeenSecurityHubPolicy {
  readonly id: string
  readonly name: string
  readonly enabledStandards: readonly string[]
  readonly enabledControls: readonly string[] | null
  readonly disabledControls: readonly string[] | null
  /** Root, OUs and accounts with the policy applied to themselves, not inherited. */
  readonly targets: readonly { readonly id: string; readonly status: 'PENDING' | 'SUCCESS' | 'FAILED' }[]
}

export interface HookSight {
  /** Where the rules lie; null: nobody has named a bucket. */
  readonly bucket: string | null
  /** Whether Organizations lets CloudFormation manage the permissions of stack sets. */
  readonly trusted: boolean
  /** Stack sets of ours. */
  readonly hooks: readonly SeenHook[]
}

/** Stack sets whose names begin so are ours: hooks, and documents of Systems Manager. */
export const HOOK_SETS = 'rankan-hook-'
export const REPAIR_SETS = 'rankan-repairs-'

/** A stack set whose permissions Organizations manages. */
export interface SeenStackSet {
  readonly name: string
  /** JSON */
  readonly template: string
  /** Root and OUs. */
  readonly targets: readonly string[]
  /** What CloudFormation found in the accounts when somebody last had it look; null: nobody has. */
  readonly drift: SeenStackDrift | null
}

/** The last detection of drift of a stack set that ended. */
export interface SeenStackDrift {
  /** ISO 8601 */
  readonly checkedAt: string
  /** Stacks that it was to look at, those that are not as the template says, and those that it could not look at. */
  readonly stacks: number
  readonly drifted: number
  readonly failed: number
}

export interface SeenHook extends SeenStackSet {
  /** What lies in the bucket where the template points; empty when nothing does, null when it could not be read. */
  readonly rules: string | null
}

export interface DocumentSight {
  /** Own documents of the management account only. */
  readonly documents: readonly SeenDocument[]
  /** Stack sets of ours that bring documents into the accounts; null: the role may not read stack sets. */
  readonly stackSets: { readonly trusted: boolean; readonly sets: readonly SeenStackSet[] } | null
}

export interface SeenDocument {
  readonly name: string
  /** `Automation` … */
  readonly type: string
  /** JSON or YAML, of the default version. */
  readonly content: string
}
