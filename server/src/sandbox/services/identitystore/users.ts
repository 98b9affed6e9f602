import type { Call, World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { uuid } from '../shared/world.ts'
import { dropMemberships } from './memberships.ts'
import {
  badRequest,
  duplicate,
  keyOf,
  nameKey,
  notFound,
  requireStore,
  type StoredUser,
  userArn,
  userNamesOf,
  userOf,
  usersOf,
} from './state.ts'

type CreateInput = Readonly<Record<string, unknown>> & {
  readonly IdentityStoreId: string
  readonly UserName?: string
}

export function createUser(call: Call<CreateInput>) {
  const { IdentityStoreId, ...attributes } = call.input
  const storeId = requireStore({ ...call, input: { IdentityStoreId } })
  if (!attributes.UserName) throw badRequest('userName is a required attribute')
  if (!attributes.DisplayName) throw badRequest('displayName is a required attribute')
  const { FamilyName, GivenName } = (attributes.Name ?? {}) as { FamilyName?: string; GivenName?: string }
  if (!FamilyName || !GivenName)
    throw badRequest('name.familyName and name.givenName are required attributes')
  const user = addUser(call.world, storeId, attributes, call.caller.arn)
  return {
    IdentityStoreId: storeId,
    UserId: user.id,
    UserArn: userArn(user.id),
    Revision: String(user.revision),
  }
}

/** Adds a user; its name must be free. */
export function addUser(
  world: World,
  storeId: string,
  attributes: StoredUser['attributes'],
  by: string,
): StoredUser {
  const name = nameKey(storeId, String(attributes.UserName))
  if (userNamesOf(world).has(name)) throw duplicate('UserName')
  const now = world.now()
  const id = uuid(world)
  const user = {
    storeId,
    id,
    createdAt: now,
    updatedAt: now,
    createdBy: by,
    updatedBy: by,
    revision: 1,
    attributes,
  }
  usersOf(world).put(keyOf(storeId, id), user)
  userNamesOf(world).put(name, id)
  return user
}

const view = (user: StoredUser) => ({
  UserStatus: 'ENABLED',
  ...user.attributes,
  IdentityStoreId: user.storeId,
  UserId: user.id,
  UserArn: userArn(user.id),
  Revision: String(user.revision),
  CreatedAt: user.createdAt,
  UpdatedAt: user.updatedAt,
  CreatedBy: user.createdBy,
  UpdatedBy: user.updatedBy,
})

type OnUser = Call<{ IdentityStoreId: string; UserId: string }>

export const describeUser = (call: OnUser) => view(userOf(call, call.input.UserId))

export interface Identifier {
  readonly IdentityStoreId: string
  readonly AlternateIdentifier: {
    readonly UniqueAttribute?: { readonly AttributePath: string; readonly AttributeValue: unknown }
    readonly ExternalId?: { readonly Issuer: string; readonly Id: string }
  }
}

const emailOf = (user: StoredUser) =>
  ((user.attributes.Emails ?? []) as readonly { Value?: string }[])[0]?.Value?.toLowerCase()

export function getUserId(call: Call<Identifier>) {
  const storeId = requireStore(call)
  const { AttributePath = '', AttributeValue } = call.input.AlternateIdentifier.UniqueAttribute ?? {}
  const id = idByAttribute(call.world, storeId, AttributePath, String(AttributeValue))
  if (id === undefined) throw notFound('USER', String(AttributeValue))
  return { IdentityStoreId: storeId, UserId: id, UserArn: userArn(id) }
}

function idByAttribute(world: World, storeId: string, path: string, value: string): string | undefined {
  if (path.toLowerCase() === 'username') return userNamesOf(world).get(nameKey(storeId, value))
  if (path.toLowerCase() !== 'emails.value')
    throw badRequest(`The attribute path \`${path}\` is not supported; use userName or emails.value.`)
  for (const user of usersOf(world).values())
    if (user.storeId === storeId && emailOf(user) === value.toLowerCase()) return user.id
  return undefined
}

interface ListInput {
  readonly IdentityStoreId: string
  readonly Filters?: readonly { readonly AttributePath: string; readonly AttributeValue: string }[]
  readonly NextToken?: string
  readonly MaxResults?: number
}

export const listPage = <T>(
  items: readonly T[],
  { NextToken, MaxResults }: { NextToken?: string; MaxResults?: number },
) => pageOf(items, { token: NextToken, size: MaxResults ?? 100, badToken: 'ValidationException' })

export function listUsers(call: Call<ListInput>) {
  const storeId = requireStore(call)
  const [filter] = call.input.Filters ?? []
  const { items, next } = listPage(filter ? named(call, storeId, filter) : ofStore(call, storeId), call.input)
  return { Users: items.map(view), NextToken: next }
}

const ofStore = ({ world }: Call<unknown>, storeId: string) =>
  [...usersOf(world).values()].filter((u) => u.storeId === storeId)

function named(
  { world }: Call<unknown>,
  storeId: string,
  filter: { AttributePath: string; AttributeValue: string },
): StoredUser[] {
  const id = idByAttribute(world, storeId, filter.AttributePath, filter.AttributeValue)
  const user = id === undefined ? undefined : usersOf(world).get(keyOf(storeId, id))
  return user ? [user] : []
}

export function deleteUser(call: OnUser) {
  const user = userOf(call, call.input.UserId)
  dropMemberships(call.world, (m) => m.storeId === user.storeId && m.userId === user.id)
  usersOf(call.world).delete(keyOf(user.storeId, user.id))
  userNamesOf(call.world).delete(nameKey(user.storeId, String(user.attributes.UserName)))
  return {}
}

export interface Operation {
  readonly AttributePath: string
  readonly AttributeValue?: unknown
}

/** `name.givenName` sets `Name.GivenName`; `emails` and other top-level paths set the whole attribute. */
export function updateUser(
  call: Call<{ IdentityStoreId: string; UserId: string; Operations: readonly Operation[] }>,
) {
  const user = userOf(call, call.input.UserId)
  const attributes = call.input.Operations.reduce(withAttribute, user.attributes)
  const [oldName, newName] = [user.attributes.UserName, attributes.UserName].map((n) =>
    nameKey(user.storeId, String(n)),
  )
  if (oldName !== undefined && newName !== undefined && oldName !== newName) {
    if (userNamesOf(call.world).has(newName)) throw duplicate('UserName')
    userNamesOf(call.world).delete(oldName)
    userNamesOf(call.world).put(newName, user.id)
  }
  const changed = {
    ...user,
    attributes,
    revision: user.revision + 1,
    updatedAt: call.world.now(),
    updatedBy: call.caller.arn,
  }
  usersOf(call.world).put(keyOf(user.storeId, user.id), changed)
  return {
    IdentityStoreId: user.storeId,
    UserId: user.id,
    UserArn: userArn(user.id),
    Revision: String(changed.revision),
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function withAttribute(attributes: StoredUser['attributes'], { AttributePath, AttributeValue }: Operation) {
  const [head = '', tail] = AttributePath.split('.').map(capital)
  const value =
    tail === undefined
      ? wireNames(AttributeValue)
      : { ...(attributes[head] as object), [tail]: AttributeValue }
  return { ...attributes, [head]: value }
}

/** Documents in updates have lower-case names (`{"value": …}`), the API's own members capital ones. */
function wireNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [capital(name), wireNames(v)]))
}
