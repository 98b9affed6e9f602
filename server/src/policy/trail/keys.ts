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
  const taken = keysTaken(question.action, question.type)
  const keys: Record<string, readonly string[] | null> = {}
  for (const { key, rule } of rulesFor(file, question.action, taken)) {
    const values = valuesOf(rule, question.parameters)
    if (values !== undefined) keys[key] = values
  }
  return { ...keys, ...contextMaps(taken, question.parameters), ...requestTags(taken, question) }
}

interface KeyedRule {
  readonly key: string
  readonly rule: KeyRule
}

/** The rules of an action's keys, found once for each set of keys. */
const rules = new WeakMap<
  ReadonlySet<string>,
  { readonly file: KeysFile; readonly found: readonly KeyedRule[] }
>()

function rulesFor(file: KeysFile, action: ActionFacts, taken: ReadonlySet<string>): readonly KeyedRule[] {
  const known = rules.get(taken)
  if (known?.file === file) return known.found
  const service = action.action.split(':')[0] ?? ''
  const all = Object.hasOwn(file.services, service) ? (file.services[service] ?? []) : []
  const found = all
    .filter((rule) => takes(taken, rule.key.toLowerCase()) && appliesTo(rule, action))
    .map((rule) => ({ key: rule.key.toLowerCase(), rule }))
  rules.set(taken, { file, found })
  return found
}

const appliesTo = (rule: KeyRule, action: ActionFacts) =>
  rule.actions === undefined || rule.actions.includes(action.action.split(':')[1] ?? '')

/** Values, `null` for known absent, `undefined` for not known. */
function valuesOf(rule: KeyRule, parameters: JsonObject): readonly string[] | null | undefined {
  const values = [...new Set(firstValues(parameters, rule.from))]
  if (values.length > 0) return values
  if (rule.else === 'unknown' || rule.unless?.some((path) => isThere(parameters, path))) return undefined
  // A parameter that is there but not readable (hidden, of another shape) tells nothing.
  if (rule.from.some((path) => isThere(parameters, path.split(/[.[|{]/)[0] ?? path))) return undefined
  return rule.else === undefined || rule.else === 'absent' ? null : rule.else
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
function contextMaps(taken: ReadonlySet<string>, parameters: JsonObject): KeyFacts {
  if (!takes(taken, `${CONTEXT}x`)) return {}
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

function requestTags(taken: ReadonlySet<string>, { type, parameters, action }: KeyQuestion): KeyFacts {
  if (!taken.has('aws:tagkeys') && !takes(taken, 'aws:requesttag/x')) return {}
  return tagKeys(tagsOf(parameters, action.action.startsWith('ec2:') ? type : null))
}
