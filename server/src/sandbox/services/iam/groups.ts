/** Groups: users inherit their policies. */
import type { Call, Handler, World } from '../../core/contract.ts'
import { type Group, groups, groupsOf, holderKey, type User, users } from '../../core/principals.ts'
import * as c from './common.ts'
import { checkDocument } from './documents.ts'

// IAM quota "Groups per IAM user".
const GROUPS_PER_USER = 10

type Named = Call<{ GroupName: string }>
type Member = Call<{ GroupName: string; UserName: string }>

const save = (world: World, group: Group) => groups(world).put(holderKey(group.accountId, group.name), group)

const view = (group: Group) => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: group.createdAt,
})

function groupOf({ world, caller, input }: Named): Group {
  const group = groups(world).get(holderKey(caller.accountId, input.GroupName))
  if (!group) throw c.noSuchEntity(`The group with name ${input.GroupName} cannot be found.`)
  return group
}

const membersOf = (world: World, group: Group): User[] =>
  [...users(world).values()].filter(
    (user) => user.accountId === group.accountId && user.groups?.includes(group.name),
  )

function createGroup(call: Call<{ GroupName: string; Path?: string }>) {
  const { world, caller, input } = call
  if (groups(world).has(holderKey(caller.accountId, input.GroupName)))
    throw c.exists(`Group with name ${input.GroupName} already exists.`)
  const path = input.Path ?? '/'
  const group: Group = {
    accountId: caller.accountId,
    name: input.GroupName,
    path,
    id: c.iamId(world, 'AGPA'),
    arn: `arn:aws:iam::${caller.accountId}:group${path}${input.GroupName}`,
    createdAt: world.now(),
    inline: {},
    attached: [],
    tags: {},
  }
  save(world, group)
  return { Group: view(group) }
}

function getGroup(call: Named) {
  const group = groupOf(call)
  return { Group: view(group), Users: membersOf(call.world, group).map(c.userView), IsTruncated: false }
}

function listGroups({ world, caller, input }: Call<c.PageIn & { PathPrefix?: string }>) {
  const mine = [...groups(world).values()].filter(
    (g) => g.accountId === caller.accountId && g.path.startsWith(input.PathPrefix ?? '/'),
  )
  const { items, ...rest } = c.iamPage(mine, input.Marker, input.MaxItems)
  return { Groups: items.map(view), ...rest }
}

function deleteGroup(call: Named): void {
  const group = groupOf(call)
  if (membersOf(call.world, group).length > 0)
    throw c.deleteConflict('Cannot delete entity, must remove users from group first.')
  if (group.attached.length > 0)
    throw c.deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(group.inline).length > 0)
    throw c.deleteConflict('Cannot delete entity, must delete policies first.')
  groups(call.world).delete(holderKey(group.accountId, group.name))
}

function regroup(call: Member, change: (names: readonly string[], name: string) => readonly string[]): void {
  const group = groupOf(call)
  const user = c.userOf(call, call.input.UserName)
  const names = change(user.groups ?? [], group.name)
  if (names.length > GROUPS_PER_USER)
    throw c.limitExceeded(`Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`)
  users(call.world).put(holderKey(user.accountId, user.name), { ...user, groups: names })
}

const addUserToGroup = (call: Member) => regroup(call, (names, name) => [...new Set([...names, name])])
const removeUserFromGroup = (call: Member) => regroup(call, (names, name) => names.filter((n) => n !== name))

function listGroupsForUser(call: Call<c.PageIn & { UserName: string }>) {
  const found = groupsOf(call.world, c.userOf(call, call.input.UserName))
  const { items, ...rest } = c.iamPage(found, call.input.Marker, call.input.MaxItems)
  return { Groups: items.map(view), ...rest }
}

function putGroupPolicy(call: Call<{ GroupName: string; PolicyName: string; PolicyDocument: string }>): void {
  checkDocument(call.input.PolicyDocument, 'identity')
  save(call.world, c.withInline(groupOf(call), call.input.PolicyName, call.input.PolicyDocument))
}

function getGroupPolicy(call: Call<{ GroupName: string; PolicyName: string }>) {
  const { name, inline } = groupOf(call)
  const document = inline[call.input.PolicyName]
  if (document === undefined)
    throw c.noSuchEntity(`The group policy with name ${call.input.PolicyName} cannot be found.`)
  return { GroupName: name, PolicyName: call.input.PolicyName, PolicyDocument: c.encoded(document) }
}

function deleteGroupPolicy(call: Call<{ GroupName: string; PolicyName: string }>): void {
  getGroupPolicy(call)
  save(call.world, c.withInline(groupOf(call), call.input.PolicyName, null))
}

const listGroupPolicies = (call: Named) => ({
  PolicyNames: Object.keys(groupOf(call).inline),
  IsTruncated: false,
})

function attachGroupPolicy(call: Call<{ GroupName: string; PolicyArn: string }>): void {
  const group = groupOf(call)
  c.checkPolicyExists(call.world, call.input.PolicyArn)
  save(call.world, { ...group, attached: [...new Set([...group.attached, call.input.PolicyArn])] })
}

function detachGroupPolicy(call: Call<{ GroupName: string; PolicyArn: string }>): void {
  const group = groupOf(call)
  if (!group.attached.includes(call.input.PolicyArn))
    throw c.noSuchEntity(`Policy ${call.input.PolicyArn} was not found.`)
  save(call.world, { ...group, attached: group.attached.filter((arn) => arn !== call.input.PolicyArn) })
}

const listAttachedGroupPolicies = (call: Named) => ({
  AttachedPolicies: groupOf(call).attached.map(c.attachedView),
  IsTruncated: false,
})

export const operations: Record<string, Handler> = {
  CreateGroup: createGroup,
  GetGroup: getGroup,
  ListGroups: listGroups,
  DeleteGroup: deleteGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
  ListGroupsForUser: listGroupsForUser,
  PutGroupPolicy: putGroupPolicy,
  GetGroupPolicy: getGroupPolicy,
  DeleteGroupPolicy: deleteGroupPolicy,
  ListGroupPolicies: listGroupPolicies,
  AttachGroupPolicy: attachGroupPolicy,
  DetachGroupPolicy: detachGroupPolicy,
  ListAttachedGroupPolicies: listAttachedGroupPolicies,
}
