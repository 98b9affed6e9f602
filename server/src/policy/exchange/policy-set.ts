import { isTooDeep, MAX_DEPTH } from '../parse/json-node.ts'
import { parsePolicy } from '../parse/policy.ts'
import { MEANING_IS_PLAIN } from '../parse/problem.ts'
import { NO_POLICIES, type Policy, type PolicyKind, type PolicyLevel, type PolicySet } from '../policies.ts'
import { documentOf } from './document.ts'
import { type Fields, isFields, kindOf, type Path, type Reader } from './reader.ts'

const NAMES: Readonly<Record<keyof PolicySet, readonly string[]>> = {
  identity: ['identity', 'identityPolicies'],
  boundary: ['boundary', 'permissionsBoundary'],
  session: ['session', 'sessionPolicies'],
  resource: ['resource', 'resourcePolicy'],
  scps: ['scps', 'serviceControlPolicies'],
  rcps: ['rcps', 'resourceControlPolicies'],
}
const FIELDS = Object.values(NAMES).flat()
/** For people: not read. */
export const NOTES: readonly string[] = ['name', 'note', 'comment', 'description']

/** What a set tells of, under whichever of its names. */
export const givenIn = (fields: Fields): readonly (keyof PolicySet)[] =>
  (Object.keys(NAMES) as (keyof PolicySet)[]).filter((name) =>
    NAMES[name].some((alias) => fields[alias] !== undefined),
  )

/** A set of policies as documented in docs/guide/policy.md; faults of the documents go to the reader, too. */
export function readPolicySet(value: unknown, path: Path, reader: Reader): PolicySet {
  if (isTooDeep(value)) {
    reader.fail(path, 'too_deep', `The policies are nested deeper than ${MAX_DEPTH}.`)
    return NO_POLICIES
  }
  if (isDocuments(value)) {
    reader.fail(
      path,
      'kind_not_told',
      'These are policy documents: say of which kind, as `{"identity": [ … ]}` or with `boundary`, `session`, `resource`, `scps`, `rcps`.',
    )
    return NO_POLICIES
  }
  const given = reader.fields(value, path, [...FIELDS, ...NOTES])
  if (given === null) return NO_POLICIES
  const read = <T>(
    name: keyof PolicySet,
    one: (value: unknown, path: Path) => T,
  ): T | 'unknown' | undefined => {
    const [field, other] = NAMES[name].filter((alias) => given[alias] !== undefined)
    if (field === undefined) return undefined
    if (other !== undefined)
      reader.fail(
        [...path, other],
        'given_twice',
        `\`${other}\` is another name of \`${field}\`: write one of them.`,
      )
    return given[field] === 'unknown' ? 'unknown' : one(given[field], [...path, field])
  }
  const single = (kind: PolicyKind) => (v: unknown, at: Path) => {
    const items = Array.isArray(v) ? v : [v]
    if (items.length > 1)
      reader.fail(at, 'too_many', `There can be one ${kind} policy, found ${items.length}.`)
    return items[0] === null || items.length === 0 ? null : readDocument(items[0], kind, at, reader)
  }
  const several = (kind: PolicyKind) => (v: unknown, at: Path) =>
    v === null ? null : readDocuments(v, kind, at, reader)
  const levels = (kind: 'scp' | 'rcp') => (v: unknown, at: Path) =>
    v === null ? [] : readLevels(v, kind, at, reader)
  return {
    identity: read('identity', several('identity')) ?? [],
    boundary: read('boundary', single('boundary')) ?? null,
    session: read('session', several('session')) ?? null,
    resource: read('resource', (v, at) => single(resourceKind(v))(v, at)) ?? null,
    scps: read('scps', levels('scp')) ?? [],
    rcps: read('rcps', levels('rcp')) ?? [],
  }
}

/** A document, its text or a list of these, where a set is expected. */
const isDocuments = (value: unknown): boolean =>
  Array.isArray(value) || typeof value === 'string' || (isFields(value) && value.Statement !== undefined)

/** A resource policy all of whose statements lack `Resource` and speak of `sts` is a role's trust policy. */
function resourceKind(value: unknown): PolicyKind {
  const document = documentOf(Array.isArray(value) ? value[0] : value)?.source
  const text = typeof document === 'string' ? document : JSON.stringify(document ?? '')
  return /"sts:assumerole/i.test(text) &&
    !/"(Not)?Resource"\s*:/.test(text) &&
    !/"NotPrincipal"\s*:/.test(text)
    ? 'trust'
    : 'resource'
}

const readDocuments = (value: unknown, kind: PolicyKind, path: Path, reader: Reader): readonly Policy[] =>
  Array.isArray(value)
    ? value.flatMap((item, i) => readDocument(item, kind, [...path, i], reader) ?? [])
    : [readDocument(value, kind, path, reader)].filter((policy) => policy !== null)

/** One document; its problems become issues with the place inside the document. */
export function readDocument(value: unknown, kind: PolicyKind, path: Path, reader: Reader): Policy | null {
  const document = documentOf(value)
  if (document === null)
    return reader.fail(
      path,
      'not_a_policy',
      `Expected a policy document (\`{"Version": "2012-10-17", "Statement": [ … ]}\`, or its text), found ${foundText(value)}.`,
    )
  const { policy, problems } = parsePolicy(document.source, kind, {
    name: document.name ?? path.join('.'),
    tolerate: MEANING_IS_PLAIN,
  })
  for (const { severity, code, message, hint, path: inside, line, column } of problems)
    if (severity === 'error')
      reader.fail(
        [...path, inside],
        code,
        `${line > 0 ? `line ${line}, column ${column}: ` : ''}${message}${hint === null ? '' : ` ${hint}`}`,
      )
  return policy
}

const foundText = (value: unknown): string =>
  isFields(value) && value.Effect !== undefined ? 'a statement without its document' : kindOf(value)

/** `[{target, policies}]`, root first; a list of lists is levels without names, a list of documents one level. */
export function readLevels(
  value: unknown,
  kind: 'scp' | 'rcp',
  path: Path,
  reader: Reader,
): readonly PolicyLevel[] {
  const items = Array.isArray(value) ? value : [value]
  if (items.some((item) => isLevel(item) || Array.isArray(item)))
    return items.map((item, i) => readLevel(item, i, kind, [...path, i], reader))
  if (isFields(value) && documentOf(value) === null) {
    reader.fail(
      path,
      'not_levels',
      'Expected levels from the root to the account (`[{"target": "r-abcd", "policies": [ … ]}, … ]`), found an object without `policies`.',
    )
    return []
  }
  return items.length === 0 ? [] : [{ target: 'all', policies: readDocuments(items, kind, path, reader) }]
}

const LEVEL_FIELDS = ['target', 'policies', 'orgIdentifier']

const isLevel = (item: unknown): item is Fields =>
  isFields(item) && item.Statement === undefined && LEVEL_FIELDS.some((field) => item[field] !== undefined)

function readLevel(
  item: unknown,
  index: number,
  kind: 'scp' | 'rcp',
  path: Path,
  reader: Reader,
): PolicyLevel {
  if (Array.isArray(item)) return { target: String(index), policies: readDocuments(item, kind, path, reader) }
  const level = isLevel(item) ? reader.fields(item, path, [...LEVEL_FIELDS, ...NOTES]) : null
  if (level === null)
    reader.fail(
      path,
      'not_a_level',
      `Expected a level beside other levels (\`{"target": "r-abcd", "policies": [ … ]}\` or a list of documents), found ${documentOf(item) === null ? foundText(item) : 'a document'}.`,
    )
  else if (level.policies === undefined || level.policies === null)
    reader.fail(
      [...path, 'policies'],
      'no_policies',
      `Expected a list of the documents that are attached at this level (\`[]\` for none), found ${kindOf(level.policies)}.`,
    )
  const target = level?.target ?? level?.orgIdentifier ?? level?.name
  return {
    target: typeof target === 'string' ? target : String(index),
    policies: readDocuments(level?.policies ?? [], kind, [...path, 'policies'], reader),
  }
}
