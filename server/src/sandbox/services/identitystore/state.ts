import { AwsError, type Call, type World } from '../../core/contract.ts'
import { instancesOf } from '../sso/instances.ts'

export interface StoredUser {
  readonly storeId: string
  readonly id: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly createdBy: string
  readonly updatedBy: string
  readonly revision: number
  /** Everything that CreateUser takes, under its names: UserName, Name, DisplayName, Emails … */
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface StoredGroup {
  readonly storeId: string
  readonly id: string
  readonly displayName: string
  readonly description: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly createdBy: string
  readonly updatedBy: string
  readonly revision: number
}

export interface Membership {
  readonly storeId: string
  readonly id: string
  readonly groupId: string
  readonly userId: string
  readonly createdAt: number
  readonly createdBy: string
}

/** Keys: `<store>/<id>`. */
export const usersOf = (world: World) => world.table<StoredUser>('identitystore.users')
export const groupsOf = (world: World) => world.table<StoredGroup>('identitystore.groups')
/** `<store>/<user name or display name in lower case>` → id: names are unique without case. */
export const userNamesOf = (world: World) => world.table<string>('identitystore.user_names')
export const groupNamesOf = (world: World) => world.table<string>('identitystore.group_names')
/** Key: `<store>/<group>/<user>`. */
export const membershipsOf = (world: World) => world.table<Membership>('identitystore.memberships')
/** `<store>/<membership>` → key of `membershipsOf`. */
export const membershipKeysOf = (world: World) => world.table<string>('identitystore.membership_ids')

export const keyOf = (storeId: string, id: string) => `${storeId}/${id}`
export const nameKey = (storeId: string, name: string) => `${storeId}/${name.toLowerCase()}`
export const storeArn = (owner: string, storeId: string) =>
  `arn:aws:identitystore::${owner}:identitystore/${storeId}`
export const userArn = (id: string) => `arn:aws:identitystore:::user/${id}`
export const groupArn = (id: string) => `arn:aws:identitystore:::group/${id}`

export const notFound = (ResourceType: string, ResourceId: string) =>
  new AwsError('ResourceNotFoundException', `${ResourceType} not found.`, { ResourceType, ResourceId })
export const duplicate = (what: string) =>
  new AwsError('ConflictException', `Duplicate ${what}`, { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' })
export const badRequest = (message: string) => new AwsError('ValidationException', message)

type OnStore = Call<{ IdentityStoreId: string }>

/** The identity store of the request, if the caller's account may use it. */
export function requireStore({ world, caller, input, region }: OnStore): string {
  for (const instance of instancesOf(world, caller.accountId, region))
    if (instance.identityStoreId === input.IdentityStoreId) return instance.identityStoreId
  throw new AwsError(
    'AccessDeniedException',
    'The identity store does not exist or you have no access to it.',
  )
}

export function userOf(call: OnStore, id: string): StoredUser {
  const found = usersOf(call.world).get(keyOf(requireStore(call), id))
  if (!found) throw notFound('USER', id)
  return found
}

export function groupOf(call: OnStore, id: string): StoredGroup {
  const found = groupsOf(call.world).get(keyOf(requireStore(call), id))
  if (!found) throw notFound('GROUP', id)
  return found
}
