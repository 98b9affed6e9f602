import type { Call } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import { accessOf, accessTo, begin, type Request, requestsListed, requestsOf } from './assignments.ts'
import { badRequest, instanceOf, notFound, page } from './instances.ts'
import { permissionSetOf, permissionSetsOf } from './permission-sets.ts'

interface ProvisionInput {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly TargetId?: string
  readonly TargetType: string
}

/** Brings accounts to the present version of a set; of all accounts it takes as long as there are accounts. */
export function provisionPermissionSet(call: Call<ProvisionInput>) {
  const { world, input } = call
  const set = permissionSetOf(call)
  const one = input.TargetType === 'AWS_ACCOUNT'
  if (one && input.TargetId === undefined)
    throw badRequest('TargetId is required when TargetType is AWS_ACCOUNT.')
  const count = one
    ? 1
    : [...accessOf(world).values()].filter((a) => a.provisioned[set.arn] !== undefined).length
  const request: Request = {
    id: uuid(world),
    instanceArn: set.instanceArn,
    kind: 'provision',
    status: 'IN_PROGRESS',
    reason: null,
    createdAt: world.now(),
    accountId: one ? (input.TargetId ?? null) : null,
    permissionSetArn: set.arn,
    principalType: '',
    principalId: '',
  }
  const duration = world.duration('sso.provision') + count * world.duration('sso.provision_per_account')
  begin(world, request, 'ProvisionPermissionSet', duration)
  return { PermissionSetProvisioningStatus: view(request) }
}

const view = (request: Request) => ({
  Status: request.status,
  RequestId: request.id,
  AccountId: request.accountId,
  PermissionSetArn: request.permissionSetArn,
  FailureReason: request.reason,
  CreatedDate: request.createdAt,
})

export function describeProvisioning(
  call: Call<{ InstanceArn: string; ProvisionPermissionSetRequestId: string }>,
) {
  const instance = instanceOf(call)
  const found = requestsOf(call.world).get(call.input.ProvisionPermissionSetRequestId)
  if (found?.instanceArn !== instance.arn || found.kind !== 'provision')
    throw notFound(`The request ${call.input.ProvisionPermissionSetRequestId} is not found.`)
  return { PermissionSetProvisioningStatus: view(found) }
}

interface ListInput {
  readonly InstanceArn: string
  readonly NextToken?: string
  readonly MaxResults?: number
}

export function listProvisionings(call: Call<ListInput & { Filter?: { Status?: string } }>) {
  const { items, next } = requestsListed(call, 'provision')
  return { PermissionSetsProvisioningStatus: items, NextToken: next }
}

const NOT_LATEST = 'LATEST_PERMISSION_SET_NOT_PROVISIONED'

export function listPermissionSetsOfAccount(
  call: Call<ListInput & { AccountId: string; ProvisioningStatus?: string }>,
) {
  const instance = instanceOf(call)
  const { AccountId, ProvisioningStatus } = call.input
  const fits = Object.entries(accessTo(call.world, instance.arn, AccountId).provisioned).filter(
    ([arn, version]) => {
      const latest = permissionSetsOf(call.world).get(arn)?.version === version
      return ProvisioningStatus === undefined || (ProvisioningStatus === NOT_LATEST) !== latest
    },
  )
  const { items, next } = page(fits, call.input)
  return { PermissionSets: items.map(([arn]) => arn), NextToken: next }
}

export function listAccountsOfPermissionSet(
  call: Call<ListInput & { PermissionSetArn: string; ProvisioningStatus?: string }>,
) {
  const set = permissionSetOf(call)
  const { ProvisioningStatus } = call.input
  const fits = [...accessOf(call.world).values()].filter((access) => {
    const version = access.provisioned[set.arn]
    if (access.instanceArn !== set.instanceArn || version === undefined) return false
    return (
      ProvisioningStatus === undefined || (ProvisioningStatus === NOT_LATEST) !== (version === set.version)
    )
  })
  const { items, next } = page(fits, call.input)
  return { AccountIds: items.map((a) => a.accountId), NextToken: next }
}
