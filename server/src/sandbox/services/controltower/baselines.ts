import type { Call, World } from '../../core/contract.ts'
import { ouIsBusy, putChild } from './accounts.ts'
import { BASELINE_VERSION, BASELINES, baselineArn, baselineById } from './catalogue.ts'
import { emitLifecycle, isoSeconds } from './lifecycle.ts'
import { holds, listed } from './listing.ts'
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
import { accountsIn, ouExists, ouNameOf } from './organization.ts'
import {
  AWS_CONTROL_TOWER_BASELINE,
  badRequest,
  baselineKeysOf,
  baselinesOf,
  conflict,
  type EnabledBaseline,
  enabledOn,
  idOf,
  type LandingZone,
  notFound,
  ouArn,
  overQuota,
  putBaseline,
  removeBaseline,
  requireZone,
  resourceArn,
  runningOusOf,
  zonesOf,
} from './state.ts'

type Parameters = EnabledBaseline['parameters']

export function listBaselines({ input, region }: Call<{ nextToken?: string; maxResults?: number }>) {
  const all = BASELINES.map((b) => ({
    arn: baselineArn(region, b),
    name: b.name,
    description: b.description,
  }))
  const { items, next } = listed(all, input, 100)
  return { baselines: items, nextToken: next }
}

export function getBaseline({ input, region }: Call<{ baselineIdentifier: string }>) {
  const kind = baselineById(input.baselineIdentifier)
  if (!kind) throw notFound(`No baseline found with the identifier ${input.baselineIdentifier}.`)
  return { arn: baselineArn(region, kind), name: kind.name, description: kind.description }
}

interface EnableInput {
  readonly baselineIdentifier: string
  readonly baselineVersion: string
  readonly targetIdentifier: string
  readonly parameters?: Parameters
  readonly tags?: Readonly<Record<string, string>>
}

/** Registers the OU when the baseline is `AWSControlTowerBaseline`. */
export function enableBaseline(call: Call<EnableInput>) {
  const { world, input } = call
  const zone = requireZone(call)
  const kind = baselineById(input.baselineIdentifier)
  if (!kind) throw notFound(`No baseline found with the identifier ${input.baselineIdentifier}.`)
  if (kind.target !== 'ou')
    throw badRequest(
      `The baseline ${kind.name} is enabled by the landing zone and cannot be enabled on an organizational unit.`,
    )
  checkVersion(input.baselineVersion)
  const ouId = ouOf(world, zone, input.targetIdentifier)
  refuseBusy(world, zone, ouId)
  if (enabledOn(world, ouId, kind.name))
    throw conflict(`The baseline ${kind.name} is already enabled on ${input.targetIdentifier}.`)
  if (kind.name !== AWS_CONTROL_TOWER_BASELINE && !enabledOn(world, ouId))
    throw badRequest(`${AWS_CONTROL_TOWER_BASELINE} must be enabled on the organizational unit first.`)
  const enabled: Omit<EnabledBaseline, 'operationId'> = {
    arn: resourceArn(zone, 'enabledbaseline', world),
    managementAccountId: zone.managementAccountId,
    baseline: kind.name,
    version: input.baselineVersion,
    targetArn: ouArn(zone, ouId),
    targetId: ouId,
    parentArn: null,
    status: 'UNDER_CHANGE',
    drift: 'IN_SYNC',
    parameters: input.parameters ?? [],
    tags: input.tags ?? {},
  }
  return { operationIdentifier: begin(world, zone, enabled, 'ENABLE_BASELINE'), arn: enabled.arn }
}

function checkVersion(version: string): void {
  if (version !== BASELINE_VERSION)
    throw badRequest(
      `The baseline version \`${version}\` is not available for this landing zone; use ${BASELINE_VERSION}.`,
    )
}

function ouOf(world: World, zone: LandingZone, targetArn: string): string {
  const ouId = idOf(targetArn)
  if (!/:ou\/o-[a-z0-9]+\/ou-/.test(targetArn) || targetArn !== ouArn(zone, ouId))
    throw badRequest(`The target ${targetArn} is not an organizational unit of this organization.`)
  if (!ouExists(world, zone, ouId)) throw notFound(`The organizational unit ${targetArn} does not exist.`)
  return ouId
}

function refuseBusy(world: World, zone: LandingZone, ouId: string): void {
  refuseWhileChanging(zone)
  if (runningOusOf(world).has(zone.managementAccountId))
    throw conflict(
      'AWS Control Tower cannot perform the operation because another organizational unit operation is in progress.',
    )
  if (ouIsBusy(world, zone.managementAccountId, ouId))
    throw conflict(
      `AWS Control Tower cannot perform the operation because an account operation is in progress in ${ouId}.`,
    )
}

function begin(
  world: World,
  zone: LandingZone,
  enabled: Omit<EnabledBaseline, 'operationId'>,
  type: string,
): string {
  const accounts =
    enabled.baseline === AWS_CONTROL_TOWER_BASELINE ? accountsIn(world, enabled.targetId).length : 0
  const max = world.limit('controltower.accounts_per_ou')
  if (type !== 'DISABLE_BASELINE' && accounts > max)
    throw overQuota(
      `The organizational unit holds ${accounts} accounts; AWS Control Tower governs at most ${max} in one.`,
    )
  const target = { targetArn: enabled.targetArn, resourceArn: enabled.arn }
  const { id } = startOperation(world, { zone, family: 'baseline', type, ...target })
  putBaseline(world, { ...enabled, status: 'UNDER_CHANGE', operationId: id })
  runningOusOf(world).put(zone.managementAccountId, { operationId: id, ouId: enabled.targetId })
  const removing = type === 'DISABLE_BASELINE'
  const base = world.duration(removing ? 'controltower.deregister_ou' : 'controltower.register_ou')
  const each = removing ? 0 : world.duration('controltower.register_ou_per_account')
  const fault = outcomeFault(world, type, enabled.targetArn)
  schedule(world, base + each * accounts, 'baseline_done', { id, arn: enabled.arn }, fault)
  return id
}

/** Ends an operation on an OU's baseline (timer): its accounts become children, or cease to be. */
export function baselineDone(
  world: World,
  { id, arn, failure }: { id: string; arn: string; failure: Failure },
): void {
  const enabled = byArn(world, arn)
  const operation = endOperation(world, id, failure)
  const zone = operation && zonesOf(world).get(operation.managementAccountId)
  if (!enabled || !operation || !zone) return
  runningOusOf(world).delete(zone.managementAccountId)
  if (failure) putBaseline(world, { ...enabled, status: 'FAILED' })
  else if (operation.type === 'DISABLE_BASELINE') removeWithChildren(world, enabled)
  else settle(world, zone, enabled, id)
  if (enabled.baseline === AWS_CONTROL_TOWER_BASELINE)
    announce(world, zone, enabled, operation.type, operation.startedAt, failure)
}

function settle(world: World, zone: LandingZone, enabled: EnabledBaseline, operationId: string): void {
  const done: EnabledBaseline = { ...enabled, status: 'SUCCEEDED', drift: 'IN_SYNC' }
  putBaseline(world, done)
  if (enabled.baseline !== AWS_CONTROL_TOWER_BASELINE) return
  for (const account of accountsIn(world, enabled.targetId))
    putChild(world, zone, done, account.id, { status: 'SUCCEEDED', operationId, everEnrolled: true })
}

function removeWithChildren(world: World, enabled: EnabledBaseline): void {
  for (const child of [...baselinesOf(world).values()])
    if (child.parentArn === enabled.arn) removeBaseline(world, child)
  removeBaseline(world, enabled)
}

function announce(
  world: World,
  zone: LandingZone,
  enabled: EnabledBaseline,
  type: string,
  startedAt: number,
  failure: Failure,
) {
  const removed = type === 'DISABLE_BASELINE'
  const name = removed ? 'DeregisterOrganizationalUnit' : 'RegisterOrganizationalUnit'
  emitLifecycle(world, zone, name, {
    [removed ? 'deregisterOrganizationalUnitStatus' : 'registerOrganizationalUnitStatus']: {
      state: failure ? 'FAILED' : 'SUCCEEDED',
      message:
        failure?.message ??
        `AWS Control Tower successfully ${removed ? 'deregistered' : 'registered'} an organizational unit.`,
      organizationalUnit: {
        organizationalUnitName: ouNameOf(world, enabled.targetId),
        organizationalUnitId: enabled.targetId,
      },
      requestedTimestamp: isoSeconds(startedAt),
      completedTimestamp: isoSeconds(world.now()),
    },
  })
}

type OnEnabled = Call<{ enabledBaselineIdentifier: string }>

const byArn = (world: World, arn: string) => baselinesOf(world).get(baselineKeysOf(world).get(arn) ?? '')

function identified(call: OnEnabled): EnabledBaseline {
  const enabled = byArn(call.world, call.input.enabledBaselineIdentifier)
  if (!enabled || enabled.managementAccountId !== call.caller.accountId)
    throw notFound(`No enabled baseline found with the identifier ${call.input.enabledBaselineIdentifier}.`)
  return enabled
}

/** An enabled baseline of an OU that may be changed now. */
function changeable(call: OnEnabled): [LandingZone, EnabledBaseline] {
  const zone = requireZone(call)
  const enabled = identified(call)
  if (!enabled.targetId.startsWith('ou-'))
    throw badRequest('The operation is possible only on the enabled baseline of an organizational unit.')
  refuseBusy(call.world, zone, enabled.targetId)
  return [zone, enabled]
}

export function updateEnabledBaseline(
  call: Call<{ enabledBaselineIdentifier: string; baselineVersion: string; parameters?: Parameters }>,
) {
  const [zone, enabled] = changeable(call)
  checkVersion(call.input.baselineVersion)
  const updated = {
    ...enabled,
    version: call.input.baselineVersion,
    parameters: call.input.parameters ?? enabled.parameters,
  }
  return { operationIdentifier: begin(call.world, zone, updated, 'UPDATE_ENABLED_BASELINE') }
}

export function resetEnabledBaseline(call: OnEnabled) {
  const [zone, enabled] = changeable(call)
  return { operationIdentifier: begin(call.world, zone, enabled, 'RESET_ENABLED_BASELINE') }
}

export function disableBaseline(call: OnEnabled) {
  const [zone, enabled] = changeable(call)
  return { operationIdentifier: begin(call.world, zone, enabled, 'DISABLE_BASELINE') }
}

export const getBaselineOperation = (call: Call<{ operationIdentifier: string }>) => ({
  baselineOperation: timesOf(operationOf(call, 'baseline')),
})

const summary = (world: World, enabled: EnabledBaseline) => {
  const region = zonesOf(world).get(enabled.managementAccountId)?.homeRegion ?? ''
  const kind = BASELINES.find((b) => b.name === enabled.baseline)
  return {
    arn: enabled.arn,
    baselineIdentifier: kind ? baselineArn(region, kind) : '',
    baselineVersion: enabled.version,
    driftStatusSummary: { types: { inheritance: { status: enabled.drift } } },
    targetIdentifier: enabled.targetArn,
    parentIdentifier: enabled.parentArn,
    statusSummary: { status: enabled.status, lastOperationIdentifier: enabled.operationId },
  }
}

export function getEnabledBaseline(call: OnEnabled) {
  const enabled = identified(call)
  return { enabledBaselineDetails: { ...summary(call.world, enabled), parameters: enabled.parameters } }
}

interface ListInput {
  readonly filter?: {
    readonly targetIdentifiers?: readonly string[]
    readonly baselineIdentifiers?: readonly string[]
    readonly parentIdentifiers?: readonly string[]
    readonly statuses?: readonly string[]
    readonly inheritanceDriftStatuses?: readonly string[]
  }
  readonly includeChildren?: boolean
  readonly nextToken?: string
  readonly maxResults?: number
}

export function listEnabledBaselines({ input, world, caller }: Call<ListInput>) {
  const { filter = {}, includeChildren = false } = input
  const baselines = filter.baselineIdentifiers?.map((arn) => baselineById(arn)?.name ?? '')
  const fits = [...candidates(world, filter.targetIdentifiers)].filter(
    (e) =>
      e.managementAccountId === caller.accountId &&
      (includeChildren || e.parentArn === null) &&
      holds(filter.targetIdentifiers, e.targetArn) &&
      holds(baselines, e.baseline) &&
      holds(filter.parentIdentifiers, e.parentArn) &&
      holds(filter.statuses, e.status) &&
      holds(filter.inheritanceDriftStatuses, e.drift),
  )
  const { items, next } = listed(fits, input, 100)
  return { enabledBaselines: items.map((e) => summary(world, e)), nextToken: next }
}

/** With target ARNs a look-up, so that polling one account of ten thousand costs nothing. */
function candidates(world: World, targets: readonly string[] | undefined): Iterable<EnabledBaseline> {
  if (!targets) return baselinesOf(world).values()
  return targets.flatMap((arn) => BASELINES.flatMap((b) => enabledOn(world, idOf(arn), b.name) ?? []))
}
