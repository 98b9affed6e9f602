import { AwsError, type Call, type World } from '../../core/contract.ts'
import { aliasOf, controlByArn } from '../controlcatalog/catalogue.ts'
import { applyGuardrails, checkParameters, driftOf } from './guardrails.ts'
import { emitLifecycle } from './lifecycle.ts'
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
import { ouNameOf } from './organization.ts'
import {
  badRequest,
  conflict,
  controlsOf,
  type EnabledControl,
  idOf,
  type LandingZone,
  notFound,
  type Operation,
  operationsOf,
  ouArn,
  overQuota,
  registeredOu,
  requireZone,
  resourceArn,
  runningControlsOf,
  zonesOf,
} from './state.ts'

type Parameters = EnabledControl['parameters']

interface EnableInput {
  readonly controlIdentifier: string
  readonly targetIdentifier: string
  readonly parameters?: Parameters
  readonly tags?: Readonly<Record<string, string>>
}

export function enableControl(call: Call<EnableInput>) {
  const { world, input } = call
  const zone = requireZone(call)
  checkControl(input.controlIdentifier)
  checkTarget(world, zone, input.targetIdentifier)
  refuseBusy(world, zone)
  if (found(world, zone, input.controlIdentifier, input.targetIdentifier))
    throw conflict(`The control ${input.controlIdentifier} is already enabled on ${input.targetIdentifier}.`)
  checkParameters(input.controlIdentifier, input.parameters ?? [])
  const control: Omit<EnabledControl, 'operationId'> = {
    arn: resourceArn(zone, 'enabledcontrol', world),
    managementAccountId: zone.managementAccountId,
    controlArn: input.controlIdentifier,
    targetArn: input.targetIdentifier,
    status: 'UNDER_CHANGE',
    parameters: input.parameters ?? [],
    tags: input.tags ?? {},
  }
  return { operationIdentifier: begin(world, zone, control, 'ENABLE_CONTROL'), arn: control.arn }
}

function checkControl(arn: string): void {
  if (!/^arn:aws:(controltower:[a-z0-9-]+::control|controlcatalog:::control)\/[A-Za-z0-9_.-]+$/.test(arn))
    throw badRequest(`The control identifier ${arn} is not the ARN of a control.`)
  if (arn.includes(':controlcatalog:') && !controlByArn(arn))
    throw notFound(`The control ${arn} was not found.`)
}

function checkTarget(world: World, zone: LandingZone, arn: string): void {
  const ouId = idOf(arn)
  if (!ouId.startsWith('ou-') || arn !== ouArn(zone, ouId))
    throw badRequest(
      `The target ${arn} is not an organizational unit of this organization; controls are enabled on organizational units only.`,
    )
  if (!registeredOu(world, ouId))
    throw badRequest(`The organizational unit ${arn} is not registered with AWS Control Tower.`)
}

function refuseBusy(world: World, zone: LandingZone): void {
  refuseWhileChanging(zone)
  const max = world.limit('controltower.control_operations')
  const running = [...runningControlsOf(world).values()].filter(
    (id) => id === zone.managementAccountId,
  ).length
  if (running >= max)
    throw overQuota(`You have reached the limit of ${max} concurrent control operations. Try again later.`)
}

const found = (world: World, zone: LandingZone, controlArn: string, targetArn: string) =>
  [...controlsOf(world).values()].find(
    (c) =>
      c.managementAccountId === zone.managementAccountId &&
      c.controlArn === controlArn &&
      c.targetArn === targetArn,
  )

function begin(
  world: World,
  zone: LandingZone,
  control: Omit<EnabledControl, 'operationId'>,
  type: string,
): string {
  const { targetArn, controlArn } = control
  const { id } = startOperation(world, {
    zone,
    family: 'control',
    type,
    targetArn,
    resourceArn: control.arn,
    controlArn,
  })
  controlsOf(world).put(control.arn, { ...control, status: 'UNDER_CHANGE', operationId: id })
  runningControlsOf(world).put(id, zone.managementAccountId)
  const fault = outcomeFault(world, type, `${controlArn} ${targetArn}`)
  schedule(world, world.duration('controltower.control'), 'control_done', { id }, fault)
  return id
}

/** Ends a control operation (timer). */
export function controlDone(world: World, { id, failure }: { id: string; failure: Failure }): void {
  const operation = operationsOf(world).get(id)
  runningControlsOf(world).delete(id)
  const control = operation && controlsOf(world).get(operation.resourceArn)
  const zone = operation && zonesOf(world).get(operation.managementAccountId)
  if (!operation || !control || !zone) return
  const outcome = failure ?? carriedOut(world, zone, operation, control)
  endOperation(world, id, outcome)
  if (outcome) controlsOf(world).put(control.arn, { ...control, status: 'FAILED' })
  announce(world, zone, operation, outcome)
}

/** Changes the policies of the OU; what Organizations refuses is why the operation failed. */
function carriedOut(world: World, zone: LandingZone, operation: Operation, control: EnabledControl): Failure {
  if (operation.type === 'DISABLE_CONTROL') controlsOf(world).delete(control.arn)
  else controlsOf(world).put(control.arn, { ...control, status: 'SUCCEEDED' })
  try {
    applyGuardrails(world, zone, control.targetArn)
    return null
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { message: error.message }
  }
}

function announce(world: World, zone: LandingZone, operation: Operation, failure: Failure): void {
  const enabling = operation.type === 'ENABLE_CONTROL'
  if (!enabling && operation.type !== 'DISABLE_CONTROL') return
  const ouId = idOf(operation.targetArn)
  emitLifecycle(world, zone, enabling ? 'EnableGuardrail' : 'DisableGuardrail', {
    [enabling ? 'enableGuardrailStatus' : 'disableGuardrailStatus']: {
      organizationalUnits: [{ organizationalUnitName: ouNameOf(world, ouId), organizationalUnitId: ouId }],
      guardrails: [{ guardrailId: aliasOf(operation.controlArn ?? '') }],
      state: failure ? 'FAILED' : 'SUCCEEDED',
      message: failure?.message ?? 'AWS Control Tower successfully changed the control.',
    },
  })
}

type OnEnabled = Call<{ enabledControlIdentifier: string }>

function identified(call: OnEnabled): EnabledControl {
  const control = controlsOf(call.world).get(call.input.enabledControlIdentifier)
  if (!control || control.managementAccountId !== call.caller.accountId)
    throw notFound(`No enabled control found with the identifier ${call.input.enabledControlIdentifier}.`)
  return control
}

function changeable(call: Call<unknown>, control: EnabledControl): LandingZone {
  const zone = requireZone(call)
  refuseBusy(call.world, zone)
  if (control.status === 'UNDER_CHANGE')
    throw conflict('Another operation on this enabled control is in progress.')
  return zone
}

interface DisableInput {
  readonly enabledControlIdentifier?: string
  readonly controlIdentifier?: string
  readonly targetIdentifier?: string
}

export function disableControl(call: Call<DisableInput>) {
  const { enabledControlIdentifier, controlIdentifier = '', targetIdentifier = '' } = call.input
  const control =
    enabledControlIdentifier === undefined
      ? found(call.world, requireZone(call), controlIdentifier, targetIdentifier)
      : identified({ ...call, input: { enabledControlIdentifier } })
  if (!control) throw notFound(`The control ${controlIdentifier} is not enabled on ${targetIdentifier}.`)
  return { operationIdentifier: begin(call.world, changeable(call, control), control, 'DISABLE_CONTROL') }
}

export function updateEnabledControl(
  call: Call<{ enabledControlIdentifier: string; parameters: Parameters }>,
) {
  const control = identified(call)
  const zone = changeable(call, control)
  if (driftOf(call.world, control) === 'DRIFTED')
    throw badRequest('The enabled control is in drift; reset it before you update it.')
  checkParameters(control.controlArn, call.input.parameters)
  const updated = { ...control, parameters: call.input.parameters }
  return { operationIdentifier: begin(call.world, zone, updated, 'UPDATE_ENABLED_CONTROL') }
}

export function resetEnabledControl(call: OnEnabled) {
  const control = identified(call)
  return {
    operationIdentifier: begin(call.world, changeable(call, control), control, 'RESET_ENABLED_CONTROL'),
  }
}

const summary = (world: World, control: EnabledControl) => ({
  arn: control.arn,
  controlIdentifier: control.controlArn,
  targetIdentifier: control.targetArn,
  statusSummary: { status: control.status, lastOperationIdentifier: control.operationId },
  driftStatusSummary: { driftStatus: driftOf(world, control) },
})

export function getEnabledControl(call: OnEnabled) {
  const control = identified(call)
  const regions = [{ name: zonesOf(call.world).get(control.managementAccountId)?.homeRegion }]
  return {
    enabledControlDetails: {
      ...summary(call.world, control),
      parameters: control.parameters,
      targetRegions: regions,
    },
  }
}

interface ListInput {
  readonly targetIdentifier?: string
  readonly filter?: {
    readonly controlIdentifiers?: readonly string[]
    readonly statuses?: readonly string[]
    readonly driftStatuses?: readonly string[]
  }
  readonly nextToken?: string
  readonly maxResults?: number
}

export function listEnabledControls(call: Call<ListInput>) {
  const { input, world, caller } = call
  const { filter = {} } = input
  const fits = [...controlsOf(world).values()].filter(
    (c) =>
      c.managementAccountId === caller.accountId &&
      (input.targetIdentifier === undefined || c.targetArn === input.targetIdentifier) &&
      holds(filter.controlIdentifiers, c.controlArn) &&
      holds(filter.statuses, c.status) &&
      holds(filter.driftStatuses, driftOf(world, c)),
  )
  const { items, next } = listed(fits, input, 50)
  return { enabledControls: items.map((c) => summary(world, c)), nextToken: next }
}

const wire = (operation: Operation) => ({
  ...timesOf(operation),
  controlIdentifier: operation.controlArn,
  targetIdentifier: operation.targetArn,
  enabledControlIdentifier: operation.resourceArn,
})

export const getControlOperation = (call: Call<{ operationIdentifier: string }>) => ({
  controlOperation: wire(operationOf(call, 'control')),
})

interface ListOperationsInput {
  readonly filter?: {
    readonly controlIdentifiers?: readonly string[]
    readonly targetIdentifiers?: readonly string[]
    readonly enabledControlIdentifiers?: readonly string[]
    readonly statuses?: readonly string[]
    readonly controlOperationTypes?: readonly string[]
  }
  readonly nextToken?: string
  readonly maxResults?: number
}

export function listControlOperations({ input, world, caller }: Call<ListOperationsInput>) {
  const { filter = {} } = input
  const fits = [...operationsOf(world).values()].filter(
    (o) =>
      o.family === 'control' &&
      o.managementAccountId === caller.accountId &&
      holds(filter.controlIdentifiers, o.controlArn) &&
      holds(filter.targetIdentifiers, o.targetArn) &&
      holds(filter.enabledControlIdentifiers, o.resourceArn) &&
      holds(filter.statuses, o.status) &&
      holds(filter.controlOperationTypes, o.type),
  )
  const { items, next } = listed(fits.reverse(), input, 50)
  return { controlOperations: items.map(wire), nextToken: next }
}
