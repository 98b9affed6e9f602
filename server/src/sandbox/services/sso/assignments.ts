/** Who has which permission set in which account. Changes take effect a while after the call. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { groupsOf, keyOf, usersOf } from '../identitystore/state.ts'
import { accounts, organizationOfAccount } from '../organizations/state.ts'
import { uuid } from '../shared/world.ts'
import { type Instance, instanceOf, notFound, page } from './instances.ts'
import { type PermissionSet, permissionSetOf, permissionSetsOf } from './permission-sets.ts'

export interface Assignment {
  readonly permissionSetArn: string
  readonly principalType: string
  readonly principalId: string
}

export interface AccountAccess {
  readonly instanceArn: string
  readonly accountId: string
  readonly assignments: readonly Assignment[]
  /** Permission set → version that the account has. */
  readonly provisioned: Readonly<Record<string, number>>
}

export interface Request {
  readonly id: string
  readonly instanceArn: string
  readonly kind: 'create' | 'delete' | 'provision'
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly reason: string | null
  readonly createdAt: number
  readonly accountId: string | null
  readonly permissionSetArn: string
  readonly principalType: string
  readonly principalId: string
}

/** Key: `<instance>|<account>`. */
export const accessOf = (world: World) => world.table<AccountAccess>('sso.accounts')
export const requestsOf = (world: World) => world.table<Request>('sso.requests')
/** Requests that have not ended; key: id. */
export const outstandingOf = (world: World) => world.table<Request>('sso.outstanding')

const accessKey = (instanceArn: string, accountId: string) => `${instanceArn}|${accountId}`

export const accessTo = (world: World, instanceArn: string, accountId: string): AccountAccess =>
  accessOf(world).get(accessKey(instanceArn, accountId)) ?? {
    instanceArn,
    accountId,
    assignments: [],
    provisioned: {},
  }

const same = (a: Assignment, b: Assignment) =>
  a.permissionSetArn === b.permissionSetArn &&
  a.principalType === b.principalType &&
  a.principalId === b.principalId

export function addAssignment(world: World, instanceArn: string, accountId: string, added: Assignment): void {
  const access = accessTo(world, instanceArn, accountId)
  const version = permissionSetsOf(world).get(added.permissionSetArn)?.version ?? 1
  accessOf(world).put(accessKey(instanceArn, accountId), {
    ...access,
    assignments: [...access.assignments.filter((a) => !same(a, added)), added],
    provisioned: { [added.permissionSetArn]: version, ...access.provisioned },
  })
}

function removeAssignment(world: World, instanceArn: string, accountId: string, removed: Assignment): void {
  const access = accessTo(world, instanceArn, accountId)
  const assignments = access.assignments.filter((a) => !same(a, removed))
  const used = new Set(assignments.map((a) => a.permissionSetArn))
  const provisioned = Object.fromEntries(Object.entries(access.provisioned).filter(([arn]) => used.has(arn)))
  accessOf(world).put(accessKey(instanceArn, accountId), { ...access, assignments, provisioned })
}

interface AssignmentInput {
  readonly InstanceArn: string
  readonly TargetId: string
  readonly TargetType: string
  readonly PermissionSetArn: string
  readonly PrincipalType: string
  readonly PrincipalId: string
}

export const createAccountAssignment = (call: Call<AssignmentInput>) => ({
  AccountAssignmentCreationStatus: view(start(call, 'create')),
})
export const deleteAccountAssignment = (call: Call<AssignmentInput>) => ({
  AccountAssignmentDeletionStatus: view(start(call, 'delete')),
})

function start(call: Call<AssignmentInput>, kind: 'create' | 'delete'): Request {
  const { world, input } = call
  const instance = instanceOf(call)
  const set = permissionSetOf(call)
  refuseForeignAccount(world, instance, input.TargetId)
  const wanted = {
    permissionSetArn: set.arn,
    principalType: input.PrincipalType,
    principalId: input.PrincipalId,
  }
  refuseConflict(world, instance, input.TargetId, wanted)
  if (
    kind === 'delete' &&
    !accessTo(world, instance.arn, input.TargetId).assignments.some((a) => same(a, wanted))
  )
    throw notFound('The account assignment is not found.')
  const request: Request = {
    id: uuid(world),
    instanceArn: instance.arn,
    kind,
    status: 'IN_PROGRESS',
    reason: null,
    createdAt: world.now(),
    accountId: input.TargetId,
    ...wanted,
  }
  const operation = kind === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment'
  begin(world, request, operation, world.duration('sso.assignment'))
  return request
}

function refuseForeignAccount(world: World, instance: Instance, accountId: string): void {
  const account = accounts(world).get(accountId)
  const organization = organizationOfAccount(world, accountId)
  if (!account || organization?.managementAccountId !== instance.ownerAccountId)
    throw notFound(`The account ${accountId} is not found in the organization.`)
}

/** At most so many at a time; and never two for the same principal, set and account. */
function refuseConflict(world: World, instance: Instance, accountId: string, wanted: Assignment): void {
  const open = [...outstandingOf(world).values()].filter(
    (r) => r.instanceArn === instance.arn && r.kind !== 'provision',
  )
  if (open.some((r) => r.accountId === accountId && same(r, wanted)))
    throw new AwsError(
      'ConflictException',
      'There is a conflicting operation in process for the account assignment. Please try again later.',
    )
  if (open.length >= world.limit('sso.outstanding_assignments'))
    throw new AwsError(
      'ConflictException',
      'There are too many outstanding account assignment operations. Please try again later.',
    )
}

export function begin(world: World, request: Request, operation: string, durationMs: number): void {
  requestsOf(world).put(request.id, request)
  outstandingOf(world).put(request.id, request)
  const subject = `${request.accountId} ${request.principalId} ${request.permissionSetArn}`
  const fault = world.fault({ at: 'outcome', service: 'sso', operation, subject })
  if (fault?.do === 'stick') {
    world.later(world.duration('sso.stuck'), 'sso', 'done', {
      id: request.id,
      reason: 'The request timed out.',
    })
    return
  }
  const reason = fault?.do === 'fail' || fault?.do === 'taint' ? fault.message : null
  world.later(durationMs + (fault?.do === 'delay' ? fault.ms : 0), 'sso', 'done', { id: request.id, reason })
}

/** Timer: the assignment is made or removed; a principal or account that went away in the meantime makes it fail. */
export function done(world: World, { id, reason }: { id: string; reason: string | null }): void {
  const request = requestsOf(world).get(id)
  if (!request) return
  const failure = reason ?? problemOf(world, request)
  requestsOf(world).put(id, {
    ...request,
    status: failure === null ? 'SUCCEEDED' : 'FAILED',
    reason: failure,
  })
  outstandingOf(world).delete(id)
  if (failure !== null) return
  if (request.kind === 'provision') provisionNow(world, request)
  else if (request.accountId !== null)
    (request.kind === 'create' ? addAssignment : removeAssignment)(
      world,
      request.instanceArn,
      request.accountId,
      {
        permissionSetArn: request.permissionSetArn,
        principalType: request.principalType,
        principalId: request.principalId,
      },
    )
}

function problemOf(world: World, request: Request): string | null {
  if (request.kind !== 'create') return null
  const state = accounts(world).get(request.accountId ?? '')?.state
  if (state !== 'ACTIVE')
    return `Received a 404 status error: the account ${request.accountId} is not active.`
  return principalExists(world, request)
    ? null
    : `Received a 404 status error: ${request.principalType} ${request.principalId} not found.`
}

function principalExists(world: World, { instanceArn, principalType, principalId }: Request): boolean {
  const storeId = world.table<string>('sso.stores').get(instanceArn) ?? ''
  const table = principalType === 'GROUP' ? groupsOf(world) : usersOf(world)
  return table.has(keyOf(storeId, principalId))
}

function provisionNow(world: World, request: Request): void {
  const version = permissionSetsOf(world).get(request.permissionSetArn)?.version ?? 1
  for (const [key, access] of [...accessOf(world).entries()]) {
    const fits =
      access.instanceArn === request.instanceArn && access.provisioned[request.permissionSetArn] !== undefined
    if (fits && (request.accountId === null || access.accountId === request.accountId))
      accessOf(world).put(key, {
        ...access,
        provisioned: { ...access.provisioned, [request.permissionSetArn]: version },
      })
  }
}

const view = (request: Request) => ({
  Status: request.status,
  RequestId: request.id,
  FailureReason: request.reason,
  TargetId: request.accountId,
  TargetType: 'AWS_ACCOUNT',
  PermissionSetArn: request.permissionSetArn,
  PrincipalType: request.principalType,
  PrincipalId: request.principalId,
  CreatedDate: request.createdAt,
})

function requestOf(call: Call<{ InstanceArn: string }>, id: string, kind: Request['kind']): Request {
  const instance = instanceOf(call)
  const found = requestsOf(call.world).get(id)
  if (found?.instanceArn !== instance.arn || found.kind !== kind)
    throw notFound(`The request ${id} is not found.`)
  return found
}

export const describeCreation = (
  call: Call<{ InstanceArn: string; AccountAssignmentCreationRequestId: string }>,
) => ({
  AccountAssignmentCreationStatus: view(
    requestOf(call, call.input.AccountAssignmentCreationRequestId, 'create'),
  ),
})
export const describeDeletion = (
  call: Call<{ InstanceArn: string; AccountAssignmentDeletionRequestId: string }>,
) => ({
  AccountAssignmentDeletionStatus: view(
    requestOf(call, call.input.AccountAssignmentDeletionRequestId, 'delete'),
  ),
})

interface ListInput {
  readonly InstanceArn: string
  readonly NextToken?: string
  readonly MaxResults?: number
}
type StatusInput = ListInput & { readonly Filter?: { readonly Status?: string } }

export function requestsListed(call: Call<StatusInput>, kind: Request['kind']) {
  const instance = instanceOf(call)
  const status = call.input.Filter?.Status
  const fits = [...requestsOf(call.world).values()].filter(
    (r) => r.instanceArn === instance.arn && r.kind === kind && (status === undefined || r.status === status),
  )
  const { items, next } = page(fits.reverse(), call.input)
  return { items: items.map((r) => ({ Status: r.status, RequestId: r.id, CreatedDate: r.createdAt })), next }
}

export function listCreations(call: Call<StatusInput>) {
  const { items, next } = requestsListed(call, 'create')
  return { AccountAssignmentsCreationStatus: items, NextToken: next }
}

export function listDeletions(call: Call<StatusInput>) {
  const { items, next } = requestsListed(call, 'delete')
  return { AccountAssignmentsDeletionStatus: items, NextToken: next }
}

const assignmentView = (accountId: string, a: Assignment) => ({
  AccountId: accountId,
  PermissionSetArn: a.permissionSetArn,
  PrincipalType: a.principalType,
  PrincipalId: a.principalId,
})

export function listAccountAssignments(
  call: Call<ListInput & { AccountId: string; PermissionSetArn: string }>,
) {
  const set = permissionSetOf(call)
  const { AccountId } = call.input
  const found = accessTo(call.world, set.instanceArn, AccountId).assignments.filter(
    (a) => a.permissionSetArn === set.arn,
  )
  const { items, next } = page(found, call.input)
  return { AccountAssignments: items.map((a) => assignmentView(AccountId, a)), NextToken: next }
}

type PrincipalInput = ListInput & {
  PrincipalId: string
  PrincipalType: string
  Filter?: { AccountId?: string }
}

export function listAccountAssignmentsForPrincipal(call: Call<PrincipalInput>) {
  const instance = instanceOf(call)
  const { PrincipalId, PrincipalType, Filter } = call.input
  const found = [...accessOf(call.world).values()]
    .filter(
      (access) =>
        access.instanceArn === instance.arn && (!Filter?.AccountId || access.accountId === Filter.AccountId),
    )
    .flatMap(({ accountId, assignments }) =>
      assignments
        .filter((a) => a.principalId === PrincipalId && a.principalType === PrincipalType)
        .map((a) => assignmentView(accountId, a)),
    )
  const { items, next } = page(found, call.input)
  return { AccountAssignments: items, NextToken: next }
}

export const isUsed = (world: World, set: PermissionSet) =>
  [...accessOf(world).values()].some(
    (a) => a.instanceArn === set.instanceArn && a.provisioned[set.arn] !== undefined,
  )

export function deletePermissionSet(call: Call<{ InstanceArn: string; PermissionSetArn: string }>) {
  const set = permissionSetOf(call)
  if (isUsed(call.world, set))
    throw new AwsError(
      'ConflictException',
      `Could not delete because PermissionSet ${set.arn} has ApplicationProfile associated with it.`,
    )
  permissionSetsOf(call.world).delete(set.arn)
  return {}
}
