import type { Call, Handler, World } from '../../core/contract.ts'
import { type AccessKey, accessKeys, holderKey, type User, users } from '../../core/principals.ts'
import * as c from './common.ts'
import { checkDocument } from './documents.ts'

const KEYS_PER_USER = 2
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const save = (world: World, user: User) => users(world).put(holderKey(user.accountId, user.name), user)

export function addUser(world: World, accountId: string, name: string, path = '/'): User {
  const user: User = {
    accountId,
    name,
    path,
    id: c.iamId(world, 'AIDA'),
    arn: `arn:aws:iam::${accountId}:user${path}${name}`,
    createdAt: world.now(),
    inline: {},
    attached: [],
    tags: {},
  }
  save(world, user)
  return user
}

export function addAccessKey(world: World, accountId: string, userName: string | null): AccessKey {
  const key: AccessKey = {
    accessKeyId: `AKIA${world.id(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    secretAccessKey: world.id(40, SECRET),
    accountId,
    userName,
    status: 'Active',
    createdAt: world.now(),
  }
  accessKeys(world).put(key.accessKeyId, key)
  return key
}

interface CreateUserInput {
  readonly UserName: string
  readonly Path?: string
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly c.IamTag[]
}

function createUser(call: Call<CreateUserInput>) {
  const { world, caller, input } = call
  if (users(world).has(holderKey(caller.accountId, input.UserName)))
    throw c.exists(`User with name ${input.UserName} already exists.`)
  if (input.PermissionsBoundary !== undefined) c.checkPolicyExists(world, input.PermissionsBoundary)
  const user: User = {
    ...addUser(world, caller.accountId, input.UserName, input.Path),
    tags: c.tagMap(input.Tags),
    ...(input.PermissionsBoundary === undefined ? {} : { boundary: input.PermissionsBoundary }),
  }
  save(world, user)
  return { User: c.userView(user) }
}

/** Without a name AWS means the caller. */
function named(call: Call<{ UserName?: string }>): User {
  return c.userOf(call, call.input.UserName ?? call.caller.arn.slice(call.caller.arn.lastIndexOf('/') + 1))
}

const getUser = (call: Call<{ UserName?: string }>) => ({ User: c.userView(named(call)) })

function deleteUser(call: Call<{ UserName: string }>): void {
  const user = named(call)
  if (keysOf(call.world, user).length > 0)
    throw c.deleteConflict('Cannot delete entity, must delete access keys first.')
  if ((user.groups ?? []).length > 0)
    throw c.deleteConflict('Cannot delete entity, must remove users from group first.')
  if (user.attached.length > 0)
    throw c.deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(user.inline).length > 0)
    throw c.deleteConflict('Cannot delete entity, must delete policies first.')
  users(call.world).delete(holderKey(user.accountId, user.name))
}

function listUsers({ world, caller, input }: Call<c.PageIn & { PathPrefix?: string }>) {
  const mine = [...users(world).values()].filter(
    (u) => u.accountId === caller.accountId && u.path.startsWith(input.PathPrefix ?? '/'),
  )
  const { items, ...rest } = c.iamPage(mine, input.Marker, input.MaxItems)
  return { Users: items.map(c.userView), ...rest }
}

const keysOf = (world: World, user: User) =>
  [...accessKeys(world).values()].filter((k) => k.accountId === user.accountId && k.userName === user.name)

const keyView = (key: AccessKey) => ({
  UserName: key.userName ?? undefined,
  AccessKeyId: key.accessKeyId,
  Status: key.status,
  CreateDate: key.createdAt,
})

function createAccessKey(call: Call<{ UserName?: string }>) {
  const user = named(call)
  if (keysOf(call.world, user).length >= KEYS_PER_USER)
    throw c.limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`)
  const key = addAccessKey(call.world, user.accountId, user.name)
  return { AccessKey: { ...keyView(key), SecretAccessKey: key.secretAccessKey } }
}

function keyOf(call: Call<{ UserName?: string; AccessKeyId: string }>): AccessKey {
  const key = accessKeys(call.world).get(call.input.AccessKeyId)
  if (key?.accountId !== call.caller.accountId)
    throw c.noSuchEntity(`The Access Key with id ${call.input.AccessKeyId} cannot be found.`)
  return key
}

const deleteAccessKey = (call: Call<{ UserName?: string; AccessKeyId: string }>) =>
  void accessKeys(call.world).delete(keyOf(call).accessKeyId)

function updateAccessKey(
  call: Call<{ UserName?: string; AccessKeyId: string; Status: 'Active' | 'Inactive' }>,
): void {
  const key = keyOf(call)
  accessKeys(call.world).put(key.accessKeyId, { ...key, status: call.input.Status })
}

const listAccessKeys = (call: Call<{ UserName?: string }>) => ({
  AccessKeyMetadata: keysOf(call.world, named(call)).map(keyView),
  IsTruncated: false,
})

function putUserPolicy(call: Call<{ UserName: string; PolicyName: string; PolicyDocument: string }>): void {
  checkDocument(call.input.PolicyDocument, 'identity')
  save(call.world, c.withInline(named(call), call.input.PolicyName, call.input.PolicyDocument))
}

function getUserPolicy(call: Call<{ UserName: string; PolicyName: string }>) {
  const user = named(call)
  const document = user.inline[call.input.PolicyName]
  if (document === undefined)
    throw c.noSuchEntity(`The user policy with name ${call.input.PolicyName} cannot be found.`)
  return { UserName: user.name, PolicyName: call.input.PolicyName, PolicyDocument: c.encoded(document) }
}

function deleteUserPolicy(call: Call<{ UserName: string; PolicyName: string }>): void {
  getUserPolicy(call)
  save(call.world, c.withInline(named(call), call.input.PolicyName, null))
}

const listUserPolicies = (call: Call<{ UserName: string }>) => ({
  PolicyNames: Object.keys(named(call).inline),
  IsTruncated: false,
})

function attachUserPolicy(call: Call<{ UserName: string; PolicyArn: string }>): void {
  const user = named(call)
  c.checkPolicyExists(call.world, call.input.PolicyArn)
  if (!user.attached.includes(call.input.PolicyArn))
    save(call.world, { ...user, attached: [...user.attached, call.input.PolicyArn] })
}

function detachUserPolicy(call: Call<{ UserName: string; PolicyArn: string }>): void {
  const user = named(call)
  if (!user.attached.includes(call.input.PolicyArn))
    throw c.noSuchEntity(`Policy ${call.input.PolicyArn} was not found.`)
  save(call.world, { ...user, attached: user.attached.filter((arn) => arn !== call.input.PolicyArn) })
}

const listAttachedUserPolicies = (call: Call<{ UserName: string }>) => ({
  AttachedPolicies: named(call).attached.map(c.attachedView),
  IsTruncated: false,
})

export const operations: Record<string, Handler> = {
  CreateUser: createUser,
  GetUser: getUser,
  DeleteUser: deleteUser,
  ListUsers: listUsers,
  CreateAccessKey: createAccessKey,
  DeleteAccessKey: deleteAccessKey,
  UpdateAccessKey: updateAccessKey,
  ListAccessKeys: listAccessKeys,
  PutUserPolicy: putUserPolicy,
  GetUserPolicy: getUserPolicy,
  DeleteUserPolicy: deleteUserPolicy,
  ListUserPolicies: listUserPolicies,
  AttachUserPolicy: attachUserPolicy,
  DetachUserPolicy: detachUserPolicy,
  ListAttachedUserPolicies: listAttachedUserPolicies,
}
