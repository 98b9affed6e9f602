import { type JsonObject, member, members, scalar } from './event.ts'
import type { ActionFacts, ActionType, KeyFacts } from './facts.ts'
import type { KeyRule, KeysFile } from './tables.ts'
import { tagKeys, tagsOf } from './tags.ts'
import { firstValues, valuesAt } from './template.ts'

export interface KeyQuestion {
  readonly action: ActionFacts
  /** Resource type of the check, or `null`: the keys of the action alone. */
  readonly type: string | null
  readonly parameters: JsonObject
}

/** Keys that parameters tell, of those that the action takes on this type of resource. */
export function parameterKeys(file: KeysFile, question: KeyQuestion): KeyFacts {
  const taken = takenOf(file, question)
  const keys: Record<string, readonly string[] | null> = {}
  for (const { key, rule, roots } of taken.rules) {
    const values = valuesOf(rule, roots, question.parameters)
    if (values !== undefined) keys[key] = values
  }
  if (taken.context) Object.assign(keys, contextMaps(question.parameters))
  if (taken.tags) Object.assign(keys, requestTags(file, question))
  return keys
}

interface KeyedRule {
  readonly key: string
  readonly rule: KeyRule
  /** First members of the paths: when the request has none of them, nothing else need be looked at. */
  readonly roots: readonly string[]
}

const rootOf = (path: string) => path.split(/[.[|{]/)[0] ?? path

/** What can tell the keys of an action on a type of resource. */
interface Taken {
  readonly file: KeysFile
  readonly rules: readonly KeyedRule[]
  /** Whether KMS's encryption context is among the keys, and tags of the request. */
  readonly context: boolean
  readonly tags: boolean
}

/** Found once for each set of keys. */
const found = new WeakMap<ReadonlySet<string>, Taken>()

function takenOf(file: KeysFile, { action, type }: KeyQuestion): Taken {
  const keys = keysTaken(action, type)
  const known = found.get(keys)
  if (known?.file === file) return known
  const service = action.action.split(':')[0] ?? ''
  const all = Object.hasOwn(file.services, service) ? (file.services[service] ?? []) : []
  const made: Taken = {
    file,
    rules: all
      .filter((rule) => takes(keys, rule.key.toLowerCase()) && appliesTo(rule, action))
      .map((rule) => ({ key: rule.key.toLowerCase(), rule, roots: rule.from.map(rootOf) })),
    context: takes(keys, `${CONTEXT}x`),
    tags: keys.has('aws:tagkeys') || takes(keys, 'aws:requesttag/x'),
  }
  found.set(keys, made)
  return made
}

const appliesTo = (rule: KeyRule, action: ActionFacts) =>
  rule.actions === undefined || rule.actions.includes(action.action.split(':')[1] ?? '')

/** Values, `null` for known absent, `undefined` for not known. */
function valuesOf(
  rule: KeyRule,
  roots: readonly string[],
  parameters: JsonObject,
): readonly string[] | null | undefined {
  const named = hasAny(parameters, roots)
  const values = named ? firstValues(parameters, rule.from) : NOTHING
  if (values.length > 0) return values.length === 1 ? values : [...new Set(values)]
  if (rule.else === 'unknown' || rule.unless?.some((path) => isThere(parameters, path))) return undefined
  // A parameter that is there but not readable (hidden, of another shape) tells nothing.
  if (named && roots.some((root) => isThere(parameters, root))) return undefined
  return rule.else === undefined || rule.else === 'absent' ? null : rule.else
}

const NOTHING: readonly string[] = []

function hasAny(parameters: JsonObject, names: readonly string[]): boolean {
  for (const name of names) if (Object.hasOwn(parameters, name)) return true
  return false
}

const isThere = (parameters: JsonObject, path: string) =>
  valuesAt(parameters, path).length > 0 || (member(parameters, path) ?? null) !== null

/** Keys of the action itself and of the resource type, as the Service Authorization Reference lists them. */
export function keysTaken(action: ActionFacts, type: string | null): ReadonlySet<string> {
  const ofType = type === null ? undefined : action.types.find(({ name }) => name === type)
  if (ofType === undefined) return action.keys
  const known = unions.get(ofType)
  if (known !== undefined) return known
  const made = new Set([...action.keys, ...ofType.keys])
  unions.set(ofType, made)
  return made
}

/** Types belong to one action of one catalogue; the union of their keys is made once. */
const unions = new WeakMap<ActionType, ReadonlySet<string>>()

/** Whether a key is one of those taken, `aws:requesttag/team` under `aws:requesttag/${tagkey}`. */
export function takes(taken: ReadonlySet<string>, key: string): boolean {
  if (taken.has(key)) return true
  for (const pattern of taken) {
    const hole = pattern.indexOf('${')
    if (hole > 0 && key.startsWith(pattern.slice(0, hole))) return true
  }
  return false
}

const CONTEXT = 'kms:encryptioncontext:'

/** KMS's encryption context: a key for each of its members. */
function contextMaps(parameters: JsonObject): KeyFacts {
  const entries = Object.entries(members(member(parameters, 'encryptionContext') ?? null))
  const keys: Record<string, readonly string[] | null> = { [`${CONTEXT}*`]: null }
  for (const [name, value] of entries) {
    const known = scalar(value)
    if (known !== undefined) keys[`${CONTEXT}${name.toLowerCase()}`] = [known]
  }
  return {
    ...keys,
    'kms:encryptioncontextkeys': entries.length === 0 ? null : entries.map(([name]) => name).sort(),
  }
}

function requestTags(file: KeysFile, { type, parameters, action }: KeyQuestion): KeyFacts {
  const [service = ''] = action.action.split(':')
  const tags = tagsOf(parameters, service === 'ec2' ? type : null)
  return tagKeys(tags, hasTagsElsewhere(file, service, parameters))
}

/** Whether the request may set more tags than it shows. */
export const hasTagsElsewhere = (
  { tagsElsewhere: { parameters: elsewhere } }: KeysFile,
  service: string,
  parameters: JsonObject,
): boolean => Object.hasOwn(elsewhere, service) && hasAny(parameters, elsewhere[service] ?? [])
