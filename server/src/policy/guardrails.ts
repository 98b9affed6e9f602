import management from './management/types.json' with { type: 'json' }
import { type ManagementType, RULES } from './management/types.ts'
import data from './rules/rules.json' with { type: 'json' }
import { MAX_CHARACTERS, MAX_PER_TARGET } from './rules/rules.ts'

/** What AWS Organizations says of one kind of policy: its own name for it, and how much of it there may be. */
export interface OrganizationKind {
  readonly kind: 'scp' | 'rcp' | ManagementType
  /** `PolicySummary.Type` */
  readonly awsType: string
  /** Policies that one target takes; of RCPs without `RCPFullAWSAccess`, which takes a place and stays. */
  readonly perTarget: number
  readonly maxCharacters: number
  readonly source: string
  readonly asOf: string
}

const { source, asOf } = data.attachments

const AUTHORIZATION = [
  { kind: 'scp', awsType: 'SERVICE_CONTROL_POLICY' },
  { kind: 'rcp', awsType: 'RESOURCE_CONTROL_POLICY' },
] as const

/** Every kind that Organizations attaches and that we know, with its limits. */
export const ORGANIZATION_KINDS: readonly OrganizationKind[] = [
  ...AUTHORIZATION.map(({ kind, awsType }) => ({
    kind,
    awsType,
    perTarget: MAX_PER_TARGET[kind] ?? 0,
    maxCharacters: MAX_CHARACTERS[kind],
    source,
    asOf,
  })),
  ...[...RULES.values()].map(({ type, api, perTarget, maxCharacters }) => ({
    kind: type,
    awsType: api,
    perTarget,
    maxCharacters,
    source: management.types[type].source,
    asOf: management.asOf,
  })),
]
