import { AwsError, type Call, type World } from '../../core/contract.ts'

export interface LandingZone {
  readonly managementAccountId: string
  readonly arn: string
  readonly homeRegion: string
  readonly organizationId: string
  readonly rootId: string
  readonly version: string
  readonly status: 'ACTIVE' | 'PROCESSING' | 'FAILED'
  readonly drift: 'IN_SYNC' | 'DRIFTED'
  readonly manifest: unknown
  readonly remediationTypes: readonly string[]
}

export type OperationFamily = 'landing_zone' | 'baseline' | 'control'

export interface Operation {
  readonly id: string
  readonly managementAccountId: string
  readonly family: OperationFamily
  readonly type: string
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly startedAt: number
  readonly endedAt: number | null
  readonly message: string | null
  /** What it works on: landing zone, OU or account ARN. */
  readonly targetArn: string
  /** Enabled baseline or enabled control. */
  readonly resourceArn: string
  readonly controlArn: string | null
}

export interface EnabledBaseline {
  readonly arn: string
  readonly managementAccountId: string
  readonly baseline: string
  readonly version: string
  readonly targetArn: string
  /** Last part of the target ARN: OU, account or landing-zone id. */
  readonly targetId: string
  readonly parentArn: string | null
  readonly status: 'SUCCEEDED' | 'FAILED' | 'UNDER_CHANGE'
  readonly operationId: string
  readonly drift: 'IN_SYNC' | 'DRIFTED'
  readonly parameters: readonly { readonly key: string; readonly value: unknown }[]
  readonly tags: Readonly<Record<string, string>>
  /** Child of an account: it was enrolled before, so that the next lifecycle event is an update. */
  readonly everEnrolled?: boolean
  /** Child of an account that was closed while enrolled. */
  readonly closed?: boolean
}

export interface EnabledControl {
  readonly arn: string
  readonly managementAccountId: string
  readonly controlArn: string
  readonly targetArn: string
  readonly status: 'SUCCEEDED' | 'FAILED' | 'UNDER_CHANGE'
  readonly operationId: string
  readonly parameters: readonly { readonly key: string; readonly value: unknown }[]
  readonly tags: Readonly<Record<string, string>>
}

export const AWS_CONTROL_TOWER_BASELINE = 'AWSControlTowerBaseline'
/** The version of the role that Control Tower itself acts with; moves made with it are its own. */
export const CONTROL_TOWER_ROLE = 'AWSControlTowerAdmin'

/** Key: management account id. */
export const zonesOf = (world: World) => world.table<LandingZone>('controltower.landing_zones')
/** Key: operation id. */
export const operationsOf = (world: World) => world.table<Operation>('controltower.operations')
/** Key: `<target id>/<baseline name>`. */
export const baselinesOf = (world: World) => world.table<EnabledBaseline>('controltower.enabled_baselines')
/** ARN → key of `baselinesOf`. */
export const baselineKeysOf = (world: World) => world.table<string>('controltower.baseline_arns')
/** Key: ARN. */
export const controlsOf = (world: World) => world.table<EnabledControl>('controltower.enabled_controls')
/** Running control operations; key: operation id, value: management account. */
export const runningControlsOf = (world: World) => world.table<string>('controltower.running_controls')
/** The one running OU operation of a landing zone; key: management account. */
export const runningOusOf = (world: World) =>
  world.table<{ operationId: string; ouId: string }>('controltower.running_ous')
/** Enrolled accounts by OU; key: OU id. */
const countsOf = (world: World) => world.table<number>('controltower.ou_counts')

export const idOf = (arn: string) => arn.split('/').at(-1) ?? ''
export const upperId = (world: World) => world.id(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
export const ouArn = (zone: LandingZone, ouId: string) =>
  `arn:aws:organizations::${zone.managementAccountId}:ou/${zone.organizationId}/${ouId}`
export const accountArn = (zone: LandingZone, accountId: string) =>
  `arn:aws:organizations::${zone.managementAccountId}:account/${zone.organizationId}/${accountId}`
export const resourceArn = (zone: LandingZone, kind: string, world: World) =>
  `arn:aws:controltower:${zone.homeRegion}:${zone.managementAccountId}:${kind}/${upperId(world)}`

export const conflict = (message: string) => new AwsError('ConflictException', message, {}, 409)
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, {}, 404)
export const badRequest = (message: string) => new AwsError('ValidationException', message)
export const overQuota = (message: string) => new AwsError('ServiceQuotaExceededException', message, {}, 402)

/** The caller's landing zone, as seen from the region of the call (only the home region knows it). */
export function zoneOf({ world, caller, region }: Call<unknown>): LandingZone | undefined {
  const zone = zonesOf(world).get(caller.accountId)
  return zone && zone.homeRegion === region ? zone : undefined
}

export function requireZone(call: Call<unknown>): LandingZone {
  const zone = zoneOf(call)
  if (!zone)
    throw badRequest(
      'AWS Control Tower cannot perform the operation: there is no landing zone in this account and Region.',
    )
  return zone
}

export const enabledOn = (world: World, targetId: string, baseline = AWS_CONTROL_TOWER_BASELINE) =>
  baselinesOf(world).get(`${targetId}/${baseline}`)

export function putBaseline(world: World, enabled: EnabledBaseline): void {
  const key = `${enabled.targetId}/${enabled.baseline}`
  const old = baselinesOf(world).get(key)
  count(world, old?.parentArn ?? null, -1)
  count(world, enabled.parentArn, 1)
  if (old && old.arn !== enabled.arn) baselineKeysOf(world).delete(old.arn)
  baselinesOf(world).put(key, enabled)
  baselineKeysOf(world).put(enabled.arn, key)
}

export function removeBaseline(world: World, enabled: EnabledBaseline): void {
  count(world, enabled.parentArn, -1)
  baselinesOf(world).delete(`${enabled.targetId}/${enabled.baseline}`)
  baselineKeysOf(world).delete(enabled.arn)
}

/** Children are counted at their parent, because an OU holds only so many. */
function count(world: World, parentArn: string | null, by: number): void {
  if (parentArn !== null) countsOf(world).put(parentArn, (countsOf(world).get(parentArn) ?? 0) + by)
}

export const childrenOf = (world: World, parentArn: string) => countsOf(world).get(parentArn) ?? 0

/** Is that OU registered, so that accounts in it are governed? */
export function registeredOu(world: World, ouId: string): EnabledBaseline | null {
  const found = ouId.startsWith('ou-') ? enabledOn(world, ouId) : undefined
  return found && found.status !== 'FAILED' ? found : null
}
