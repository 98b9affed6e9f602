import type { Call, Handler, World } from '../../core/contract.ts'
import { holderKey, type Role, roles, sessions } from '../../core/principals.ts'
import * as c from './common.ts'
import { checkDocument } from './documents.ts'

interface CreateRoleInput {
  readonly RoleName: string
  readonly Path?: string
  readonly AssumeRolePolicyDocument: string
  readonly Description?: string
  readonly MaxSessionDuration?: number
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly c.IamTag[]
}

const save = (world: World, role: Role) => roles(world).put(holderKey(role.accountId, role.name), role)

const view = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: c.encoded(role.trust),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  PermissionsBoundary: c.boundaryView(role),
  Tags: c.tagList(role.tags),
})

function createRole(call: Call<CreateRoleInput>) {
  const { world, caller, input } = call
  if (roles(world).has(holderKey(caller.accountId, input.RoleName)))
    throw c.exists(`Role with name ${input.RoleName} already exists.`)
  checkDocument(input.AssumeRolePolicyDocument, 'trust')
  if (input.PermissionsBoundary !== undefined) c.checkPolicyExists(world, input.PermissionsBoundary)
  const path = input.Path ?? '/'
  const role: Role = {
    accountId: caller.accountId,
    name: input.RoleName,
    path,
    id: c.iamId(world, 'AROA'),
    arn: `arn:aws:iam::${caller.accountId}:role${path}${input.RoleName}`,
    createdAt: world.now(),
    inline: {},
    attached: [],
    tags: c.tagMap(input.Tags),
    trust: input.AssumeRolePolicyDocument,
    maxSessionSeconds: input.MaxSessionDuration ?? 3600,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.PermissionsBoundary === undefined ? {} : { boundary: input.PermissionsBoundary }),
  }
  save(world, role)
  return { Role: view(role) }
}

type Named = Call<{ RoleName: string }>

const getRole = (call: Named) => ({ Role: view(c.roleOf(call, call.input.RoleName)) })

function deleteRole(call: Named): void {
  const role = c.roleOf(call, call.input.RoleName)
  if (role.attached.length > 0)
    throw c.deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(role.inline).length > 0)
    throw c.deleteConflict('Cannot delete entity, must delete policies first.')
  roles(call.world).delete(holderKey(role.accountId, role.name))
  for (const [key, session] of sessions(call.world).entries())
    if (session.roleArn === role.arn) sessions(call.world).delete(key)
}

function listRoles({ world, caller, input }: Call<c.PageIn & { PathPrefix?: string }>) {
  const mine = [...roles(world).values()]
    .filter((r) => r.accountId === caller.accountId && r.path.startsWith(input.PathPrefix ?? '/'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, ...rest } = c.iamPage(mine, input.Marker, input.MaxItems)
  return { Roles: items.map(view), ...rest }
}

function updateRole(call: Call<{ RoleName: string; Description?: string; MaxSessionDuration?: number }>) {
  const role = c.roleOf(call, call.input.RoleName)
  save(call.world, {
    ...role,
    description: call.input.Description ?? role.description,
    maxSessionSeconds: call.input.MaxSessionDuration ?? role.maxSessionSeconds,
  })
  return {}
}

function updateAssumeRolePolicy(call: Call<{ RoleName: string; PolicyDocument: string }>): void {
  checkDocument(call.input.PolicyDocument, 'trust')
  save(call.world, { ...c.roleOf(call, call.input.RoleName), trust: call.input.PolicyDocument })
}

// AWS counts the characters of all inline policies of a role without white space.
const INLINE_ROLE_CHARACTERS = 10_240

function putRolePolicy(call: Call<{ RoleName: string; PolicyName: string; PolicyDocument: string }>): void {
  const { input } = call
  checkDocument(input.PolicyDocument, 'identity')
  const role = c.withInline(c.roleOf(call, input.RoleName), input.PolicyName, input.PolicyDocument)
  const size = Object.values(role.inline).join('').replace(/\s/g, '').length
  if (size > INLINE_ROLE_CHARACTERS)
    throw c.limitExceeded(
      `Maximum policy size of ${INLINE_ROLE_CHARACTERS} bytes exceeded for role ${role.name}`,
    )
  save(call.world, role)
}

function getRolePolicy(call: Call<{ RoleName: string; PolicyName: string }>) {
  const role = c.roleOf(call, call.input.RoleName)
  const document = role.inline[call.input.PolicyName]
  if (document === undefined)
    throw c.noSuchEntity(`The role policy with name ${call.input.PolicyName} cannot be found.`)
  return { RoleName: role.name, PolicyName: call.input.PolicyName, PolicyDocument: c.encoded(document) }
}

function deleteRolePolicy(call: Call<{ RoleName: string; PolicyName: string }>): void {
  getRolePolicy(call)
  save(call.world, c.withInline(c.roleOf(call, call.input.RoleName), call.input.PolicyName, null))
}

function listRolePolicies(call: Call<c.PageIn & { RoleName: string }>) {
  const names = Object.keys(c.roleOf(call, call.input.RoleName).inline)
  const { items, ...rest } = c.iamPage(names, call.input.Marker, call.input.MaxItems)
  return { PolicyNames: items, ...rest }
}

function attachRolePolicy(call: Call<{ RoleName: string; PolicyArn: string }>): void {
  const role = c.roleOf(call, call.input.RoleName)
  c.checkPolicyExists(call.world, call.input.PolicyArn)
  if (!role.attached.includes(call.input.PolicyArn))
    save(call.world, { ...role, attached: [...role.attached, call.input.PolicyArn] })
}

function detachRolePolicy(call: Call<{ RoleName: string; PolicyArn: string }>): void {
  const role = c.roleOf(call, call.input.RoleName)
  if (!role.attached.includes(call.input.PolicyArn))
    throw c.noSuchEntity(`Policy ${call.input.PolicyArn} was not found.`)
  save(call.world, { ...role, attached: role.attached.filter((arn) => arn !== call.input.PolicyArn) })
}

function listAttachedRolePolicies(call: Call<c.PageIn & { RoleName: string }>) {
  const { items, ...rest } = c.iamPage(
    c.roleOf(call, call.input.RoleName).attached,
    call.input.Marker,
    call.input.MaxItems,
  )
  return { AttachedPolicies: items.map(c.attachedView), ...rest }
}

function tagRole(call: Call<{ RoleName: string; Tags: readonly c.IamTag[] }>): void {
  const role = c.roleOf(call, call.input.RoleName)
  save(call.world, { ...role, tags: { ...role.tags, ...c.tagMap(call.input.Tags) } })
}

function untagRole(call: Call<{ RoleName: string; TagKeys: readonly string[] }>): void {
  const role = c.roleOf(call, call.input.RoleName)
  const left = Object.entries(role.tags).filter(([key]) => !call.input.TagKeys.includes(key))
  save(call.world, { ...role, tags: Object.fromEntries(left) })
}

const listRoleTags = (call: Call<{ RoleName: string }>) => ({
  Tags: c.tagList(c.roleOf(call, call.input.RoleName).tags),
  IsTruncated: false,
})

export const operations: Record<string, Handler> = {
  CreateRole: createRole,
  GetRole: getRole,
  DeleteRole: deleteRole,
  ListRoles: listRoles,
  UpdateRole: updateRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  PutRolePolicy: putRolePolicy,
  GetRolePolicy: getRolePolicy,
  DeleteRolePolicy: deleteRolePolicy,
  ListRolePolicies: listRolePolicies,
  AttachRolePolicy: attachRolePolicy,
  DetachRolePolicy: detachRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  TagRole: tagRole,
  UntagRole: untagRole,
  ListRoleTags: listRoleTags,
}
