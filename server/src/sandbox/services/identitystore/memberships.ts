import type { Call, World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { uuid } from '../shared/world.ts'
import {
  duplicate,
  groupOf,
  keyOf,
  type Membership,
  membershipKeysOf,
  membershipsOf,
  notFound,
  requireStore,
  userOf,
} from './state.ts'

type Member = { readonly UserId?: string }
type Pair = Call<{ IdentityStoreId: string; GroupId: string; MemberId: Member }>

const pairKey = (storeId: string, groupId: string, userId: string) => `${storeId}/${groupId}/${userId}`
const membershipArn = (id: string) => `arn:aws:identitystore:::membership/${id}`

export function createGroupMembership(call: Pair) {
  const { world, caller } = call
  const group = groupOf(call, call.input.GroupId)
  const user = userOf(call, call.input.MemberId.UserId ?? '')
  const key = pairKey(group.storeId, group.id, user.id)
  if (membershipsOf(world).has(key)) throw duplicate('Member')
  const membership: Membership = {
    storeId: group.storeId,
    id: uuid(world),
    groupId: group.id,
    userId: user.id,
    createdAt: world.now(),
    createdBy: caller.arn,
  }
  membershipsOf(world).put(key, membership)
  membershipKeysOf(world).put(keyOf(group.storeId, membership.id), key)
  return {
    IdentityStoreId: group.storeId,
    MembershipId: membership.id,
    MembershipArn: membershipArn(membership.id),
  }
}

const view = (m: Membership) => ({
  IdentityStoreId: m.storeId,
  MembershipId: m.id,
  MembershipArn: membershipArn(m.id),
  GroupId: m.groupId,
  MemberId: { UserId: m.userId },
  CreatedAt: m.createdAt,
  UpdatedAt: m.createdAt,
  CreatedBy: m.createdBy,
  UpdatedBy: m.createdBy,
})

type ById = Call<{ IdentityStoreId: string; MembershipId: string }>

function byId(call: ById): [string, Membership] {
  const key = membershipKeysOf(call.world).get(keyOf(requireStore(call), call.input.MembershipId)) ?? ''
  const found = membershipsOf(call.world).get(key)
  if (!found) throw notFound('GROUP_MEMBERSHIP', call.input.MembershipId)
  return [key, found]
}

export const describeGroupMembership = (call: ById) => view(byId(call)[1])

export function deleteGroupMembership(call: ById) {
  const [key, membership] = byId(call)
  remove(call.world, key, membership)
  return {}
}

function remove(world: World, key: string, membership: Membership): void {
  membershipsOf(world).delete(key)
  membershipKeysOf(world).delete(keyOf(membership.storeId, membership.id))
}

export function dropMemberships(world: World, fits: (m: Membership) => boolean): void {
  for (const [key, membership] of [...membershipsOf(world).entries()])
    if (fits(membership)) remove(world, key, membership)
}

export function getGroupMembershipId(call: Pair) {
  const storeId = requireStore(call)
  const found = membershipsOf(call.world).get(
    pairKey(storeId, call.input.GroupId, call.input.MemberId.UserId ?? ''),
  )
  if (!found) throw notFound('GROUP_MEMBERSHIP', call.input.GroupId)
  return { IdentityStoreId: storeId, MembershipId: found.id, MembershipArn: membershipArn(found.id) }
}

interface PageInput {
  readonly IdentityStoreId: string
  readonly NextToken?: string
  readonly MaxResults?: number
}

function listed(call: Call<PageInput>, fits: (m: Membership) => boolean) {
  const all = [...membershipsOf(call.world).values()].filter(fits)
  const size = call.input.MaxResults ?? 100
  const { items, next } = pageOf(all, { token: call.input.NextToken, size, badToken: 'ValidationException' })
  return { GroupMemberships: items.map(view), NextToken: next }
}

export function listGroupMemberships(call: Call<PageInput & { GroupId: string }>) {
  const { storeId, id } = groupOf(call, call.input.GroupId)
  return listed(call, (m) => m.storeId === storeId && m.groupId === id)
}

export function listGroupMembershipsForMember(call: Call<PageInput & { MemberId: Member }>) {
  const { storeId, id } = userOf(call, call.input.MemberId.UserId ?? '')
  return listed(call, (m) => m.storeId === storeId && m.userId === id)
}

export function isMemberInGroups(
  call: Call<{ IdentityStoreId: string; MemberId: Member; GroupIds: readonly string[] }>,
) {
  const storeId = requireStore(call)
  const { MemberId, GroupIds } = call.input
  const is = (groupId: string) =>
    membershipsOf(call.world).has(pairKey(storeId, groupId, MemberId.UserId ?? ''))
  return { Results: GroupIds.map((GroupId) => ({ GroupId, MemberId, MembershipExists: is(GroupId) })) }
}
