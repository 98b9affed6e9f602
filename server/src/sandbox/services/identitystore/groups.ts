import type { Call } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import { dropMemberships } from './memberships.ts'
import {
  badRequest,
  duplicate,
  groupArn,
  groupNamesOf,
  groupOf,
  groupsOf,
  keyOf,
  nameKey,
  notFound,
  requireStore,
  type StoredGroup,
} from './state.ts'
import { type Identifier, listPage, type Operation } from './users.ts'

export function createGroup(
  call: Call<{ IdentityStoreId: string; DisplayName?: string; Description?: string }>,
) {
  const { world, input, caller } = call
  const storeId = requireStore(call)
  if (!input.DisplayName) throw badRequest('displayName is a required attribute')
  const name = nameKey(storeId, input.DisplayName)
  if (groupNamesOf(world).has(name)) throw duplicate('GroupDisplayName')
  const now = world.now()
  const group: StoredGroup = {
    storeId,
    id: uuid(world),
    displayName: input.DisplayName,
    description: input.Description ?? null,
    createdAt: now,
    updatedAt: now,
    createdBy: caller.arn,
    updatedBy: caller.arn,
    revision: 1,
  }
  groupsOf(world).put(keyOf(storeId, group.id), group)
  groupNamesOf(world).put(name, group.id)
  return reply(group)
}

const reply = (group: StoredGroup) => ({
  IdentityStoreId: group.storeId,
  GroupId: group.id,
  GroupArn: groupArn(group.id),
  Revision: String(group.revision),
})

const view = (group: StoredGroup) => ({
  ...reply(group),
  DisplayName: group.displayName,
  Description: group.description,
  CreatedAt: group.createdAt,
  UpdatedAt: group.updatedAt,
  CreatedBy: group.createdBy,
  UpdatedBy: group.updatedBy,
})

type OnGroup = Call<{ IdentityStoreId: string; GroupId: string }>

export const describeGroup = (call: OnGroup) => view(groupOf(call, call.input.GroupId))

export function getGroupId(call: Call<Identifier>) {
  const storeId = requireStore(call)
  const { AttributePath = '', AttributeValue } = call.input.AlternateIdentifier.UniqueAttribute ?? {}
  if (AttributePath.toLowerCase() !== 'displayname')
    throw badRequest(`The attribute path \`${AttributePath}\` is not supported; use displayName.`)
  const id = groupNamesOf(call.world).get(nameKey(storeId, String(AttributeValue)))
  if (id === undefined) throw notFound('GROUP', String(AttributeValue))
  return { IdentityStoreId: storeId, GroupId: id, GroupArn: groupArn(id) }
}

interface ListInput {
  readonly IdentityStoreId: string
  readonly Filters?: readonly { readonly AttributePath: string; readonly AttributeValue: string }[]
  readonly NextToken?: string
  readonly MaxResults?: number
}

export function listGroups(call: Call<ListInput>) {
  const storeId = requireStore(call)
  const wanted = call.input.Filters?.[0]?.AttributeValue
  const found =
    wanted === undefined
      ? [...groupsOf(call.world).values()].filter((g) => g.storeId === storeId)
      : [
          groupsOf(call.world).get(
            keyOf(storeId, groupNamesOf(call.world).get(nameKey(storeId, wanted)) ?? ''),
          ),
        ].flatMap((g) => g ?? [])
  const { items, next } = listPage(found, call.input)
  return { Groups: items.map(view), NextToken: next }
}

export function deleteGroup(call: OnGroup) {
  const group = groupOf(call, call.input.GroupId)
  dropMemberships(call.world, (m) => m.storeId === group.storeId && m.groupId === group.id)
  groupsOf(call.world).delete(keyOf(group.storeId, group.id))
  groupNamesOf(call.world).delete(nameKey(group.storeId, group.displayName))
  return {}
}

export function updateGroup(
  call: Call<{ IdentityStoreId: string; GroupId: string; Operations: readonly Operation[] }>,
) {
  const { world, caller, input } = call
  const group = groupOf(call, input.GroupId)
  const values = new Map(input.Operations.map((o) => [o.AttributePath.toLowerCase(), o.AttributeValue]))
  const displayName = String(values.get('displayname') ?? group.displayName)
  const [oldName, newName] = [nameKey(group.storeId, group.displayName), nameKey(group.storeId, displayName)]
  if (oldName !== newName && groupNamesOf(world).has(newName)) throw duplicate('GroupDisplayName')
  const description = values.has('description') ? String(values.get('description') ?? '') : group.description
  const changed = {
    ...group,
    displayName,
    description,
    revision: group.revision + 1,
    updatedAt: world.now(),
    updatedBy: caller.arn,
  }
  groupNamesOf(world).delete(oldName)
  groupNamesOf(world).put(newName, group.id)
  groupsOf(world).put(keyOf(group.storeId, group.id), changed)
  return reply(changed)
}
