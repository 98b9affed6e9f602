import { AwsError, type Call, type World } from '../../core/contract.ts'
import { delegations, organizationOfAccount } from '../organizations/state.ts'
import { pageOf } from '../shared/paging.ts'

export interface Instance {
  readonly arn: string
  readonly identityStoreId: string
  readonly ownerAccountId: string
  readonly region: string
  readonly name: string
  readonly createdAt: number
}

/** Key: owner (management account). */
export const allInstancesOf = (world: World) => world.table<Instance>('sso.instances')

/** The instance that an account may administer there: of its organisation, for the management account and the delegated administrator. */
export function* instancesOf(world: World, accountId: string, region: string): Iterable<Instance> {
  const organization = organizationOfAccount(world, accountId)
  const instance = organization && allInstancesOf(world).get(organization.managementAccountId)
  if (!organization || instance?.region !== region) return
  if (instance.ownerAccountId === accountId) yield instance
  else
    for (const d of delegations(world).values())
      if (
        d.accountId === accountId &&
        d.organizationId === organization.id &&
        d.servicePrincipal === 'sso.amazonaws.com'
      )
        yield instance
}

export const badRequest = (message: string) => new AwsError('ValidationException', message)
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message)

export function instanceOf({ world, caller, region, input }: Call<{ InstanceArn: string }>): Instance {
  for (const instance of instancesOf(world, caller.accountId, region))
    if (instance.arn === input.InstanceArn) return instance
  throw new AwsError('AccessDeniedException', `You do not have access to the instance ${input.InstanceArn}.`)
}

const view = (instance: Instance) => ({
  InstanceArn: instance.arn,
  IdentityStoreId: instance.identityStoreId,
  OwnerAccountId: instance.ownerAccountId,
  Name: instance.name,
  CreatedDate: instance.createdAt,
  Status: 'ACTIVE',
  PrimaryRegion: instance.region,
})

interface PageInput {
  readonly NextToken?: string
  readonly MaxResults?: number
}

export const page = <T>(items: readonly T[], { NextToken, MaxResults }: PageInput) =>
  pageOf(items, { token: NextToken, size: MaxResults ?? 100, badToken: 'ValidationException' })

export function listInstances({ world, caller, region, input }: Call<PageInput>) {
  const { items, next } = page([...instancesOf(world, caller.accountId, region)], input)
  return { Instances: items.map(view), NextToken: next }
}

export const describeInstance = (call: Call<{ InstanceArn: string }>) => view(instanceOf(call))
