import type { World } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import { putChild } from './accounts.ts'
import { BASELINE_VERSION, LATEST_LANDING_ZONE } from './catalogue.ts'
import { accountsIn } from './organization.ts'
import {
  AWS_CONTROL_TOWER_BASELINE,
  type EnabledBaseline,
  enabledOn,
  type LandingZone,
  ouArn,
  putBaseline,
  registeredOu,
  resourceArn,
  upperId,
  zonesOf,
} from './state.ts'

export interface SeedLandingZone {
  readonly managementAccountId: string
  readonly organizationId: string
  readonly rootId: string
  /** e.g. `ap-northeast-1` */
  readonly homeRegion: string
  readonly governedRegions: readonly string[]
  readonly logArchiveAccountId: string
  readonly auditAccountId: string
  readonly securityOuName: string
  /** OUs that are registered from the beginning; their accounts are enrolled. */
  readonly registeredOuIds: readonly string[]
  /** True: accounts that are moved into a registered OU enrol by themselves. */
  readonly autoEnrolment: boolean
}

/** A landing zone as it stands after set-up. */
export function seedLandingZone(world: World, seed: SeedLandingZone): LandingZone {
  const zone: LandingZone = {
    managementAccountId: seed.managementAccountId,
    arn: `arn:aws:controltower:${seed.homeRegion}:${seed.managementAccountId}:landingzone/${upperId(world)}`,
    homeRegion: seed.homeRegion,
    organizationId: seed.organizationId,
    rootId: seed.rootId,
    version: LATEST_LANDING_ZONE,
    status: 'ACTIVE',
    drift: 'IN_SYNC',
    manifest: manifestOf(seed),
    remediationTypes: seed.autoEnrolment ? ['INHERITANCE_DRIFT'] : [],
  }
  zonesOf(world).put(zone.managementAccountId, zone)
  for (const ouId of seed.registeredOuIds) registerOu(world, zone, ouId)
  return zone
}

const manifestOf = (seed: SeedLandingZone) => ({
  governedRegions: seed.governedRegions,
  organizationStructure: { security: { name: seed.securityOuName } },
  centralizedLogging: {
    accountId: seed.logArchiveAccountId,
    configurations: { loggingBucket: { retentionDays: 365 }, accessLoggingBucket: { retentionDays: 3650 } },
    enabled: true,
  },
  securityRoles: { accountId: seed.auditAccountId },
  accessManagement: { enabled: true },
})

/** Registers an OU at once, with the accounts that are in it. */
export function registerOu(world: World, zone: LandingZone, ouId: string): void {
  const parent: EnabledBaseline = {
    arn: resourceArn(zone, 'enabledbaseline', world),
    managementAccountId: zone.managementAccountId,
    baseline: AWS_CONTROL_TOWER_BASELINE,
    version: BASELINE_VERSION,
    targetArn: ouArn(zone, ouId),
    targetId: ouId,
    parentArn: null,
    status: 'SUCCEEDED',
    operationId: uuid(world),
    drift: 'IN_SYNC',
    parameters: [],
    tags: {},
  }
  putBaseline(world, parent)
  for (const account of accountsIn(world, ouId)) enrolAtOnce(world, zone, parent, account.id)
}

const enrolAtOnce = (world: World, zone: LandingZone, parent: EnabledBaseline, accountId: string) =>
  putChild(world, zone, parent, accountId, {
    status: 'SUCCEEDED',
    operationId: parent.operationId,
    everEnrolled: true,
  })

/** An account that the seed or the control API made fast is enrolled if its OU is registered. */
export function onFastAccount(
  world: World,
  account: { accountId: string; managementAccountId: string; ouId: string },
): void {
  const zone = zonesOf(world).get(account.managementAccountId)
  const parent = registeredOu(world, account.ouId)
  if (zone && parent && !enabledOn(world, account.accountId))
    enrolAtOnce(world, zone, parent, account.accountId)
}
