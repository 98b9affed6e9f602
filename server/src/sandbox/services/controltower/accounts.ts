/**
 * Account operations of Control Tower: Account Factory (through Service Catalog) and auto-enrolment share the few that
 * may run at a time. Auto-enrolments wait in a queue for a free one.
 */
import { AwsError, type OrganizationChange, type World } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import { emitDrift, emitManagedAccount } from './lifecycle.ts'
import { endOperation, type Failure, schedule, startOperation } from './operations.ts'
import { accountName, isOpen, ouNameOf } from './organization.ts'
import {
  AWS_CONTROL_TOWER_BASELINE,
  accountArn,
  CONTROL_TOWER_ROLE,
  childrenOf,
  type EnabledBaseline,
  enabledOn,
  type LandingZone,
  putBaseline,
  registeredOu,
  removeBaseline,
  resourceArn,
  zonesOf,
} from './state.ts'

/** A running or waiting operation on one account. Key: id. */
export interface AccountOperation {
  readonly id: string
  readonly managementAccountId: string
  readonly kind: 'factory' | 'enrol' | 'unenrol'
  readonly accountId: string | null
  readonly ouId: string
  readonly state: 'waiting' | 'running'
  readonly requestedAt: number
  /** Of the child baseline (auto-enrolment). */
  readonly operationId: string | null
}

export const accountOperationsOf = (world: World) =>
  world.table<AccountOperation>('controltower.account_operations')

const ofZone = (world: World, managementAccountId: string) =>
  [...accountOperationsOf(world).values()].filter((o) => o.managementAccountId === managementAccountId)

export const runningAccountOperations = (world: World, managementAccountId: string) =>
  ofZone(world, managementAccountId).filter((o) => o.state === 'running').length

export const ouIsBusy = (world: World, managementAccountId: string, ouId: string) =>
  ofZone(world, managementAccountId).some((o) => o.ouId === ouId && o.kind !== 'factory')

/** Takes one of the account operations for Account Factory; null when none is free. */
export function takeSlot(
  world: World,
  zone: LandingZone,
  ouId: string,
  accountId: string | null,
): string | null {
  const free =
    world.limit('controltower.account_operations') - runningAccountOperations(world, zone.managementAccountId)
  return free > 0
    ? addOperation(world, zone, { kind: 'factory', ouId, accountId, state: 'running', operationId: null })
    : null
}

type NewOperation = Pick<AccountOperation, 'kind' | 'ouId' | 'accountId' | 'state' | 'operationId'>

function addOperation(world: World, zone: LandingZone, fields: NewOperation): string {
  const id = uuid(world)
  const { managementAccountId } = zone
  accountOperationsOf(world).put(id, { id, managementAccountId, requestedAt: world.now(), ...fields })
  return id
}

export function freeSlot(world: World, zone: LandingZone, id: string): void {
  accountOperationsOf(world).delete(id)
  pump(world, zone)
}

/** Starts waiting auto-enrolments while account operations are free. */
function pump(world: World, zone: LandingZone): void {
  const limit = world.limit('controltower.account_operations')
  const unmanageLimit = world.limit('controltower.unmanage_operations')
  for (const waiting of ofZone(world, zone.managementAccountId).filter((o) => o.state === 'waiting')) {
    const running = ofZone(world, zone.managementAccountId).filter((o) => o.state === 'running')
    if (running.length >= limit) return
    const unmanaging = running.filter((o) => o.kind === 'unenrol').length
    if (waiting.kind !== 'unenrol' || unmanaging < unmanageLimit) run(world, waiting)
  }
}

function run(world: World, waiting: AccountOperation): void {
  accountOperationsOf(world).put(waiting.id, { ...waiting, state: 'running' })
  const operation = waiting.kind === 'enrol' ? 'EnrollAccount' : 'UnenrollAccount'
  const subject = `${waiting.accountId} ${waiting.ouId}`
  const fault = world.fault({ at: 'outcome', service: 'controltower', operation, subject })
  schedule(world, world.duration(`controltower.${waiting.kind}`), 'account_done', { id: waiting.id }, fault)
}

/** Ends an auto-enrolment or un-enrolment (timer). */
export function accountDone(world: World, { id, failure }: { id: string; failure: Failure }): void {
  const operation = accountOperationsOf(world).get(id)
  const zone = operation && zonesOf(world).get(operation.managementAccountId)
  const enabled = operation?.accountId ? enabledOn(world, operation.accountId) : undefined
  if (!operation || !zone) return
  if (enabled && operation.kind === 'unenrol') unenrolled(world, enabled, failure)
  if (operation.operationId !== null) endOperation(world, operation.operationId, failure)
  if (enabled && operation.kind === 'enrol') enrolled(world, zone, operation, enabled, failure)
  freeSlot(world, zone, id)
}

/** AWS does not publish what a failed un-enrolment leaves behind: here the account shows it, as it shows a failed enrolment. */
const unenrolled = (world: World, enabled: EnabledBaseline, failure: Failure) =>
  failure === null
    ? removeBaseline(world, enabled)
    : putBaseline(world, { ...enabled, status: 'FAILED', drift: 'DRIFTED' })

function enrolled(
  world: World,
  zone: LandingZone,
  op: AccountOperation,
  enabled: EnabledBaseline,
  failure: Failure,
) {
  const first = enabled.everEnrolled !== true
  putBaseline(world, {
    ...enabled,
    status: failure ? 'FAILED' : 'SUCCEEDED',
    drift: failure ? 'DRIFTED' : 'IN_SYNC',
    everEnrolled: !first || failure === null,
  })
  emitManagedAccount(world, zone, first ? 'CreateManagedAccount' : 'UpdateManagedAccount', {
    accountId: enabled.targetId,
    accountName: accountName(world, enabled.targetId),
    ouId: op.ouId,
    ouName: ouNameOf(world, op.ouId),
    failure: failure?.message ?? null,
    requestedAt: op.requestedAt,
  })
}

/** The account is governed from now on, as a child of the OU's baseline. */
export function putChild(
  world: World,
  zone: LandingZone,
  parent: EnabledBaseline,
  accountId: string,
  fields: Pick<EnabledBaseline, 'status' | 'operationId'> & Partial<EnabledBaseline>,
): void {
  const old = enabledOn(world, accountId)
  putBaseline(world, {
    arn: old?.arn ?? resourceArn(zone, 'enabledbaseline', world),
    managementAccountId: zone.managementAccountId,
    baseline: AWS_CONTROL_TOWER_BASELINE,
    version: parent.version,
    targetArn: accountArn(zone, accountId),
    targetId: accountId,
    parentArn: parent.arn,
    drift: 'IN_SYNC',
    parameters: parent.parameters,
    tags: old?.tags ?? {},
    everEnrolled: old?.everEnrolled ?? false,
    ...fields,
  })
}

const isOwn = (change: OrganizationChange) => change.by.roleArn?.endsWith(`/${CONTROL_TOWER_ROLE}`) === true
const enrolsByItself = (zone: LandingZone) => zone.remediationTypes.includes('INHERITANCE_DRIFT')

/** Organizations is about to do something with an account or OU: Control Tower may refuse. */
export function onOrganizationChange(world: World, change: OrganizationChange): void {
  const zone = zonesOf(world).get(change.managementAccountId)
  if (!zone) return
  if (change.kind === 'account_moving' && !isOwn(change)) refuseBusyOu(world, zone, change)
  if (change.kind === 'account_moved' && !isOwn(change)) moved(world, zone, change)
  if (change.kind === 'account_closed') closed(world, zone, change.subjectId)
  if (change.kind === 'account_left') left(world, zone, change.subjectId)
}

function refuseBusyOu(world: World, zone: LandingZone, change: OrganizationChange): void {
  if (!enrolsByItself(zone) || !registeredOu(world, change.toParentId)) return
  if (!ouIsBusy(world, zone.managementAccountId, change.toParentId)) return
  if (world.limit('controltower.busy_ou_refuses_move') === 0) return
  throw new AwsError(
    'ConcurrentModificationException',
    `AWS Control Tower is enrolling another account in ${change.toParentId}. Only one account can be moved into an organizational unit at a time; try again when it is done.`,
  )
}

function moved(world: World, zone: LandingZone, change: OrganizationChange) {
  supersede(world, zone, change.subjectId)
  const parent = registeredOu(world, change.toParentId)
  if (!isOpen(world, change.subjectId)) return left(world, zone, change.subjectId)
  if (!enrolsByItself(zone)) return drifted(world, zone, change)
  if (parent) return enrol(world, zone, parent, change)
  if (enabledOn(world, change.subjectId)) unenrol(world, zone, change)
}

/** An account that moves on before Control Tower was done with it: only the last place counts. */
function supersede(world: World, zone: LandingZone, accountId: string): void {
  for (const old of ofZone(world, zone.managementAccountId)) {
    if (old.accountId !== accountId || old.kind === 'factory') continue
    if (old.operationId !== null)
      endOperation(world, old.operationId, { message: 'The account was moved again.' })
    freeSlot(world, zone, old.id)
  }
}

/** Moved by hand where Control Tower does not enrol by itself: both the account and its OU show inheritance drift. */
function drifted(world: World, zone: LandingZone, change: OrganizationChange): void {
  const child = enabledOn(world, change.subjectId)
  const ous = [change.fromParentId, change.toParentId].map((id) => registeredOu(world, id))
  if (!child && !ous[1]) return
  if (child) putBaseline(world, { ...child, drift: 'DRIFTED' })
  for (const ou of ous) if (ou) putBaseline(world, { ...ou, drift: 'DRIFTED' })
  const text = `AWS Control Tower has detected that the account ${change.subjectId} was moved from ${change.fromParentId} to ${change.toParentId}.`
  emitDrift(world, zone, 'ACCOUNT_MOVED_BETWEEN_OUS', change.subjectId, text)
}

function enrol(world: World, zone: LandingZone, parent: EnabledBaseline, change: OrganizationChange) {
  const busy = ouIsBusy(world, zone.managementAccountId, change.toParentId)
  const full = childrenOf(world, parent.arn) >= world.limit('controltower.accounts_per_ou')
  const operation = startOperation(world, {
    zone,
    family: 'baseline',
    type: 'RESET_ENABLED_BASELINE',
    targetArn: accountArn(zone, change.subjectId),
    resourceArn: parent.arn,
  })
  putChild(world, zone, parent, change.subjectId, { status: 'UNDER_CHANGE', operationId: operation.id })
  if (busy || full) return refuseEnrolment(world, zone, change, operation.id, full)
  const id = {
    kind: 'enrol',
    ouId: change.toParentId,
    accountId: change.subjectId,
    state: 'waiting',
  } as const
  addOperation(world, zone, { ...id, operationId: operation.id })
  pump(world, zone)
}

function refuseEnrolment(
  world: World,
  zone: LandingZone,
  change: OrganizationChange,
  operationId: string,
  full: boolean,
) {
  const message = full
    ? `AWS Control Tower cannot enroll the account: ${change.toParentId} holds as many accounts as an organizational unit may.`
    : `AWS Control Tower cannot enroll the account: another account operation is in progress in ${change.toParentId}.`
  endOperation(world, operationId, { message })
  const child = enabledOn(world, change.subjectId)
  if (child) putBaseline(world, { ...child, status: 'FAILED', drift: 'DRIFTED' })
  emitDrift(world, zone, 'ACCOUNT_MOVED_BETWEEN_OUS', change.subjectId, message)
}

function unenrol(world: World, zone: LandingZone, change: OrganizationChange): void {
  const child = enabledOn(world, change.subjectId)
  if (!child) return
  const operation = startOperation(world, {
    zone,
    family: 'baseline',
    type: 'DISABLE_BASELINE',
    targetArn: child.targetArn,
    resourceArn: child.arn,
  })
  putBaseline(world, { ...child, status: 'UNDER_CHANGE', operationId: operation.id })
  const id = {
    kind: 'unenrol',
    ouId: change.fromParentId,
    accountId: change.subjectId,
    state: 'waiting',
  } as const
  addOperation(world, zone, { ...id, operationId: operation.id })
  pump(world, zone)
}

/** Closed while enrolled: the landing zone drifts, and its updates fail until someone removes the account from it. */
function closed(world: World, zone: LandingZone, accountId: string): void {
  const child = enabledOn(world, accountId)
  if (!child) return
  putBaseline(world, { ...child, drift: 'DRIFTED', closed: true })
  zonesOf(world).put(zone.managementAccountId, { ...zone, drift: 'DRIFTED' })
  const text = `AWS Control Tower has detected that the enrolled account ${accountId} was closed.`
  emitDrift(world, zone, 'ACCOUNT_REMOVED_FROM_ORGANIZATION', accountId, text)
}

function left(world: World, zone: LandingZone, accountId: string): void {
  const child = enabledOn(world, accountId)
  if (!child) return
  removeBaseline(world, child)
  const text = `AWS Control Tower has detected that the enrolled account ${accountId} left the organization.`
  emitDrift(world, zone, 'ACCOUNT_REMOVED_FROM_ORGANIZATION', accountId, text)
}
