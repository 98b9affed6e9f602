import type { Call, World } from '../../core/contract.ts'
import { constraint, invalidInput, targetNotFound } from './errors.ts'
import { listOf, page } from './paging.ts'
import * as state from './state.ts'

export interface TagInput {
  readonly Key: string
  readonly Value: string
}

export function asTagMap(world: World, given: readonly TagInput[]): Record<string, string> {
  const found = Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]))
  if (Object.keys(found).length !== given.length)
    throw invalidInput('DUPLICATE_TAG_KEY', 'Tag keys must be unique among the tags of one resource.')
  if (Object.keys(found).some((key) => key.toLowerCase().startsWith('aws:')))
    throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', 'Tag keys that start with aws: are reserved.')
  if (given.length > world.limit('organizations.tags_per_resource'))
    throw constraint(
      'MAX_TAG_LIMIT_EXCEEDED',
      'You have exceeded the number of tags allowed on this resource.',
    )
  return found
}

function checkResource(call: Call<unknown>, organization: state.Organization, id: string): void {
  const { world } = call
  const known =
    state.isParent(world, organization, id) ||
    state.accounts(world).get(id)?.organizationId === organization.id ||
    state.policies(world).get(id)?.organizationId === organization.id
  if (!known) throw targetNotFound()
}

export function tagResource(call: Call<{ ResourceId: string; Tags: readonly TagInput[] }>): void {
  const { world, input } = call
  checkResource(call, state.managed(call), input.ResourceId)
  const merged = { ...state.tags(world).get(input.ResourceId), ...asTagMap(world, input.Tags) }
  if (Object.keys(merged).length > world.limit('organizations.tags_per_resource'))
    throw constraint(
      'MAX_TAG_LIMIT_EXCEEDED',
      'You have exceeded the number of tags allowed on this resource.',
    )
  state.tags(world).put(input.ResourceId, merged)
}

export function untagResource(call: Call<{ ResourceId: string; TagKeys: readonly string[] }>): void {
  const { world, input } = call
  checkResource(call, state.managed(call), input.ResourceId)
  const left = Object.entries(state.tags(world).get(input.ResourceId) ?? {}).filter(
    ([k]) => !input.TagKeys.includes(k),
  )
  state.tags(world).put(input.ResourceId, Object.fromEntries(left))
}

export function listTagsForResource(call: Call<{ ResourceId: string; NextToken?: string }>) {
  const { world, input } = call
  checkResource(call, state.readable(call), input.ResourceId)
  const all = Object.entries(state.tags(world).get(input.ResourceId) ?? {})
  const rows = all.map(([Key, Value]): [string, TagInput] => [Key, { Key, Value }])
  // No MaxResults here: AWS gives all (at most 50) at once.
  const found = page(listOf(rows), () => true, { NextToken: input.NextToken, MaxResults: rows.length + 1 })
  return { Tags: found.items, NextToken: found.next }
}
