import type { Call, World } from '../../core/contract.ts'
import { organizationOf, serviceCaller } from '../shared/world.ts'
import { runningAccountOperations } from './accounts.ts'
import { LANDING_ZONE_VERSIONS, LATEST_LANDING_ZONE } from './catalogue.ts'
import { emitLifecycle, isoSeconds } from './lifecycle.ts'
import { listed } from './listing.ts'
import {
  endOperation,
  type Failure,
  operationOf,
  outcomeFault,
  refuseWhileChanging,
  schedule,
  startOperation,
  timesOf,
} from './operations.ts'
import {
  badRequest,
  baselinesOf,
  conflict,
  idOf,
  type LandingZone,
  notFound,
  operationsOf,
  runningOusOf,
  upperId,
  zoneOf,
  zonesOf,
} from './state.ts'

interface ZoneInput {
  readonly version: string
  readonly manifest?: unknown
  readonly remediationTypes?: readonly string[]
}

export function createLandingZone(call: Call<ZoneInput>) {
  const { world, caller, region, input } = call
  if (zonesOf(world).has(caller.accountId)) throw conflict('A landing zone exists in this account already.')
  checkVersion(input)
  const organization = organizationOf(world, caller.accountId)
  if (organization?.MasterAccountId !== caller.accountId)
    throw badRequest('A landing zone can be created only in the management account of an organization.')
  const as = serviceCaller(caller.accountId, 'AWSControlTowerAdmin')
  const { Roots } = world.invoke<{ Roots: { Id: string }[] }>('organizations', 'ListRoots', {}, as)
  const zone: LandingZone = {
    managementAccountId: caller.accountId,
    arn: `arn:aws:controltower:${region}:${caller.accountId}:landingzone/${upperId(world)}`,
    homeRegion: region,
    organizationId: organization.Id,
    rootId: Roots[0]?.Id ?? '',
    version: input.version,
    status: 'PROCESSING',
    drift: 'IN_SYNC',
    manifest: input.manifest ?? {},
    remediationTypes: input.remediationTypes ?? [],
  }
  return { arn: zone.arn, operationIdentifier: begin(world, zone, 'CREATE') }
}

function checkVersion({ version, remediationTypes = [] }: ZoneInput): void {
  if (!LANDING_ZONE_VERSIONS.some((known) => known === version))
    throw badRequest(
      `The landing zone version \`${version}\` is not available; use one of ${LANDING_ZONE_VERSIONS.join(', ')}.`,
    )
  if (remediationTypes.length > 0 && version === '3.0')
    throw badRequest('Remediation types require landing zone version 3.1 or later.')
}

function begin(world: World, zone: LandingZone, type: string): string {
  zonesOf(world).put(zone.managementAccountId, { ...zone, status: 'PROCESSING' })
  const target = { targetArn: zone.arn, resourceArn: zone.arn }
  const { id } = startOperation(world, { zone, family: 'landing_zone', type, ...target })
  const fault = outcomeFault(world, `${type}_LANDING_ZONE`, zone.arn)
  const payload = { id, managementAccountId: zone.managementAccountId }
  schedule(world, world.duration('controltower.landing_zone'), 'landing_zone_done', payload, fault)
  return id
}

type Done = { id: string; managementAccountId: string; failure: Failure }

/** Ends a landing-zone operation (timer). An account that was closed while enrolled makes updates fail. */
export function landingZoneDone(world: World, { id, managementAccountId, failure }: Done): void {
  const zone = zonesOf(world).get(managementAccountId)
  if (!zone) return
  const problem = failure ?? closedProblem(world, zone)
  const operation = endOperation(world, id, problem)
  if (operation?.type === 'DELETE' && !problem) return void zonesOf(world).delete(managementAccountId)
  zonesOf(world).put(managementAccountId, {
    ...zone,
    status: problem ? 'FAILED' : 'ACTIVE',
    drift: problem ? zone.drift : 'IN_SYNC',
  })
  const created = operation?.type === 'CREATE'
  emitLifecycle(world, zone, created ? 'SetupLandingZone' : 'UpdateLandingZone', {
    [created ? 'setupLandingZoneStatus' : 'updateLandingZoneStatus']: {
      state: problem ? 'FAILED' : 'SUCCEEDED',
      message:
        problem?.message ??
        `AWS Control Tower successfully ${created ? 'set up a new' : 'updated the'} landing zone.`,
      rootOrganizationalId: zone.rootId,
      organizationalUnits: [],
      accounts: [],
      requestedTimestamp: isoSeconds(operation?.startedAt ?? world.now()),
      completedTimestamp: isoSeconds(world.now()),
    },
  })
}

function closedProblem(world: World, zone: LandingZone): Failure {
  for (const enabled of baselinesOf(world).values())
    if (enabled.closed && enabled.managementAccountId === zone.managementAccountId)
      return {
        message: `AWS Control Tower cannot update the landing zone: the enrolled account ${enabled.targetId} is suspended. Remove it from AWS Control Tower first.`,
      }
  return null
}

type OnZone = Call<{ landingZoneIdentifier: string }>

/** Identifier: ARN or its last part. */
function identified(call: OnZone): LandingZone {
  const zone = zoneOf(call)
  if (!zone || idOf(zone.arn) !== idOf(call.input.landingZoneIdentifier))
    throw notFound(`No landing zone found with the identifier ${call.input.landingZoneIdentifier}.`)
  return zone
}

export function getLandingZone(call: OnZone) {
  const zone = identified(call)
  return {
    landingZone: {
      arn: zone.arn,
      version: zone.version,
      status: zone.status,
      latestAvailableVersion: LATEST_LANDING_ZONE,
      driftStatus: { status: zone.drift },
      manifest: zone.manifest,
      remediationTypes: zone.remediationTypes,
    },
  }
}

export function listLandingZones(call: Call<unknown>) {
  const zone = zoneOf(call)
  return { landingZones: zone ? [{ arn: zone.arn }] : [] }
}

function idle(call: OnZone): LandingZone {
  const zone = identified(call)
  refuseWhileChanging(zone)
  if (
    runningOusOf(call.world).has(zone.managementAccountId) ||
    runningAccountOperations(call.world, zone.managementAccountId) > 0
  )
    throw conflict('AWS Control Tower cannot perform the operation because another operation is in progress.')
  return zone
}

export function updateLandingZone(call: Call<ZoneInput & { landingZoneIdentifier: string }>) {
  const zone = idle(call)
  checkVersion(call.input)
  const updated = {
    ...zone,
    version: call.input.version,
    manifest: call.input.manifest ?? zone.manifest,
    remediationTypes: call.input.remediationTypes ?? zone.remediationTypes,
  }
  return { operationIdentifier: begin(call.world, updated, 'UPDATE') }
}

export const resetLandingZone = (call: OnZone) => ({
  operationIdentifier: begin(call.world, idle(call), 'RESET'),
})
export const deleteLandingZone = (call: OnZone) => ({
  operationIdentifier: begin(call.world, idle(call), 'DELETE'),
})

export const getLandingZoneOperation = (call: Call<{ operationIdentifier: string }>) => ({
  operationDetails: timesOf(operationOf(call, 'landing_zone')),
})

interface ListInput {
  readonly filter?: { readonly types?: readonly string[]; readonly statuses?: readonly string[] }
  readonly nextToken?: string
  readonly maxResults?: number
}

export function listLandingZoneOperations({ input, world, caller }: Call<ListInput>) {
  const { types = [], statuses = [] } = input.filter ?? {}
  const fits = [...operationsOf(world).values()].filter(
    (o) =>
      o.family === 'landing_zone' &&
      o.managementAccountId === caller.accountId &&
      (types.length === 0 || types.includes(o.type)) &&
      (statuses.length === 0 || statuses.includes(o.status)),
  )
  const { items, next } = listed(fits.reverse(), input, 100)
  return {
    landingZoneOperations: items.map((o) => ({
      operationType: o.type,
      operationIdentifier: o.id,
      status: o.status,
    })),
    nextToken: next,
  }
}
