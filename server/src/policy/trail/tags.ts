import type { Json } from '../../kernel/json.ts'
import { type JsonObject, member, members, scalar, text } from './event.ts'
import type { KeyFacts } from './facts.ts'

/** Tags that a request sets, or only their keys (untagging). */
export interface RequestTags {
  readonly keys: readonly string[]
  readonly values: ReadonlyMap<string, string>
}

const LISTS = [
  'tags',
  'Tags',
  'tagList',
  'tagsToAdd',
  'tagSet',
  'tagging',
  'Tagging',
  'TagSet',
  'TagList',
  'items',
  'Tag',
  'tag',
  'hostedZoneTags',
]
const KEYS = ['key', 'Key', 'tagKey', 'TagKey']
const VALUES = ['value', 'Value', 'tagValue', 'TagValue']
const KEY_LISTS = ['tagKeys', 'TagKeys', 'removeTagKeys']
const SPECIFICATIONS = ['tagSpecificationSet', 'TagSpecification', 'tagSpecifications']

/** Members of parameters without which a request has no tags. */
export const TAG_MEMBERS: readonly string[] = [...LISTS, ...KEY_LISTS, ...SPECIFICATIONS]

/** Tags lie at most this deep: `tagging.tagSet.tag[]`. */
const DEPTH = 4

/** Tags of a request; `resourceType` picks EC2's tag specification of what is made. `null`: the request names none. */
export function tagsOf(parameters: JsonObject, resourceType: string | null): RequestTags | null {
  const found = new Map<string, string>()
  for (const specification of specifications(parameters)) {
    const type = text(member(specification, 'resourceType')) || text(member(specification, 'ResourceType'))
    if (resourceType === null || type === resourceType) collect(specification, found, DEPTH)
  }
  collect(parameters, found, DEPTH)
  const removed = KEY_LISTS.flatMap((name) => list(member(parameters, name))).flatMap(
    (key) => scalar(key) ?? [],
  )
  const keys = [...found.keys(), ...removed]
  return keys.length === 0 ? null : { keys, values: found }
}

/** Resource types that EC2's tag specifications of this request name. */
export const taggedTypes = (parameters: JsonObject): readonly string[] =>
  specifications(parameters).map(
    (one) => text(member(one, 'resourceType')) || text(member(one, 'ResourceType')),
  )

function specifications(parameters: JsonObject): readonly JsonObject[] {
  const set =
    member(parameters, 'tagSpecificationSet') ??
    member(parameters, 'TagSpecification') ??
    member(parameters, 'tagSpecifications')
  const items = member(members(set ?? null), 'items') ?? set ?? null
  return (Array.isArray(items) ? items : items === null ? [] : [items]).map((item: Json) => members(item))
}

function collect(holder: JsonObject, into: Map<string, string>, depth: number): void {
  if (depth === 0) return
  for (const name of LISTS) {
    const value = member(holder, name)
    if (value === undefined || value === null || typeof value !== 'object') continue
    if (Array.isArray(value)) for (const entry of value) add(members(entry), into)
    else if (LISTS.some((inner) => isHolder(members(value), inner))) collect(members(value), into, depth - 1)
    else if (!add(members(value), into) && name.toLowerCase() === 'tags') addMap(members(value), into)
  }
}

const isHolder = (value: JsonObject, name: string) =>
  typeof member(value, name) === 'object' && member(value, name) !== null

function add(entry: JsonObject, into: Map<string, string>): boolean {
  const key = first(entry, KEYS)
  if (key === undefined) return false
  into.set(key, first(entry, VALUES) ?? '')
  return true
}

function addMap(map: JsonObject, into: Map<string, string>): void {
  for (const [key, value] of Object.entries(map)) if (typeof value === 'string') into.set(key, value)
}

const first = (entry: JsonObject, names: readonly string[]) =>
  names.map((name) => scalar(member(entry, name))).find((value) => value !== undefined)

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** `aws:RequestTag/…` and `aws:TagKeys`; unless there may be `more`, the request names all its tags, so other tags are known absent. */
export function tagKeys(tags: RequestTags | null, more: boolean): KeyFacts {
  const keys: Record<string, readonly string[] | null> = more
    ? {}
    : { 'aws:tagkeys': tags === null ? null : [...tags.keys].sort(), 'aws:requesttag/*': null }
  for (const [key, value] of tags?.values ?? []) keys[`aws:requesttag/${key.toLowerCase()}`] = [value]
  return keys
}
