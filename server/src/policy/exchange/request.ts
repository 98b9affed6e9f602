import {
  type ContextEntry,
  type PlainContextValue,
  plainEntry,
  type Request,
  type RequestContext,
  type ResourceFacts,
  UNKNOWN,
} from '../request.ts'
import { readAccount } from './account.ts'
import { withDerivedKeys, withOpenKeys } from './context-keys.ts'
import { readPrincipal } from './principal.ts'
import { type Fields, isFields, kindOf, type Path, type Reader } from './reader.ts'

export const REQUEST_FIELDS = [
  'id',
  'action',
  'resource',
  'resourceAccount',
  'principal',
  'context',
  'unlisted',
  'managementAccount',
  'serviceLinkedRole',
  'derive',
]

/** A request as documented in docs/guide/policy.md; faults go to the reader. */
export function readRequest(
  value: unknown,
  path: Path,
  reader: Reader,
  more: readonly string[] = [],
): Request | null {
  const given = reader.fields(value, path, [...REQUEST_FIELDS, ...more])
  if (given === null) return null
  const action = readAction(given.action, [...path, 'action'], reader)
  const principal = readPrincipal(given.principal, [...path, 'principal'], reader)
  const context = readContext(given.context, [...path, 'context'], reader)
  if (action === null || principal === null || context === null) return null
  const serviceLinkedRole = readBoolean(given.serviceLinkedRole, [...path, 'serviceLinkedRole'], reader)
  const derive = readBoolean(given.derive, [...path, 'derive'], reader) ?? true
  const request: Request = {
    action,
    principal,
    resource: readResource(given, principal.account, path, reader),
    context,
    unlisted: readUnlisted(given.unlisted, [...path, 'unlisted'], reader),
    organization: {
      managementAccount: readAccount(given.managementAccount, [...path, 'managementAccount'], reader),
      ...(serviceLinkedRole === undefined ? {} : { serviceLinkedRole }),
    },
  }
  const derived = derive ? withDerivedKeys(request) : request
  return given.unlisted === undefined ? withOpenKeys(derived, derive) : derived
}

function readAction(value: unknown, path: Path, reader: Reader): string | null {
  const text = reader.text(value, path)
  if (text === null) return null
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9_.-]+$/.test(text)) return text
  return reader.fail(
    path,
    'bad_action',
    `\`${text}\` is no action: write one, like \`s3:GetObject\`, without wildcards.`,
  )
}

function readResource(
  given: Readonly<Record<string, unknown>>,
  principalAccount: string | null,
  path: Path,
  reader: Reader,
): ResourceFacts {
  const inner = isFields(given.resource)
    ? reader.fields(given.resource, [...path, 'resource'], ['arn', 'account'])
    : null
  const value = inner === null ? given.resource : inner.arn
  const arn = value === undefined || value === null ? null : reader.text(value, [...path, 'resource'])
  if (arn !== null && arn !== '*' && arn.split(':').length < 6)
    reader.fail(
      [...path, 'resource'],
      'bad_resource',
      `\`${arn}\` is no ARN: write \`arn:aws:s3:::bucket/key\`, or \`*\` for none.`,
    )
  const stated = inner?.account === undefined ? given.resourceAccount : inner.account
  // `null` says that the owner is not known; saying nothing means: as the ARN tells, else the caller's account.
  if (stated === undefined) return { arn, account: ownerOf(arn, principalAccount) }
  return { arn, account: readAccount(stated, [...path, 'resourceAccount'], reader) }
}

/** Some ARNs have no account (`arn:aws:s3:::bucket`), and AWS's own have its name (`arn:aws:iam::aws:policy/…`). */
function ownerOf(arn: string | null, principalAccount: string | null): string | null {
  if (arn === null) return null
  const account = arn.split(':')[4] ?? ''
  return /^\d{12}$/.test(account) ? account : principalAccount
}

function readBoolean(value: unknown, path: Path, reader: Reader): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value !== undefined && value !== null)
    reader.fail(path, 'bad_boolean', `Expected \`true\` or \`false\` without quotes, found ${kindOf(value)}.`)
  return undefined
}

function readUnlisted(value: unknown, path: Path, reader: Reader): Request['unlisted'] {
  if (value === undefined || value === 'absent') return 'absent'
  if (value !== 'unknown') reader.fail(path, 'bad_unlisted', '`unlisted` is `absent` or `unknown`.')
  return 'unknown'
}

/** Values: text, number, boolean, a list of these; `null` = known to be absent; `{"unknown": true}` = not known. */
function readContext(value: unknown, path: Path, reader: Reader): RequestContext | null {
  if (value === undefined || value === null) return new Map()
  if (Array.isArray(value) && value.length > 0 && value.every(isContextEntry))
    return readEntries(value, path, reader)
  if (!isFields(value))
    return reader.fail(
      path,
      'bad_context',
      `\`context\` is ${kindOf(value)}; write an object of keys and values, or a list of AWS's \`ContextEntries\`.`,
    )
  return contextOf(
    Object.entries(value).map(([key, given]) => ({ key, given, at: [...path, key] })),
    reader,
  )
}

interface GivenKey {
  readonly key: string
  readonly given: unknown
  readonly at: Path
}

function contextOf(keys: readonly GivenKey[], reader: Reader): RequestContext {
  const context = new Map<string, ContextEntry>()
  for (const { key, given, at } of keys) {
    const entry = entryOf(given)
    const item = Array.isArray(given) ? given.findIndex((one) => !isScalar(one)) : -1
    if (item >= 0)
      reader.fail(
        [...at, item],
        'bad_context',
        `Item ${item} of \`${key}\` is ${kindOf((given as readonly unknown[])[item])}; items are texts, numbers (long ones in quotes), true or false.`,
      )
    else if (entry === null)
      reader.fail(
        at,
        'bad_context',
        `The value of \`${key}\` is ${kindOf(given)}; write a text, a number (long ones in quotes), true, false, null or a list of texts.`,
      )
    else if (!key.includes(':'))
      reader.fail(
        at,
        'bad_context_key',
        `\`${key}\` is no condition key. Write its prefix: \`aws:${key}\`, or that of the service.`,
      )
    else if (context.has(key.toLowerCase()))
      reader.fail(
        at,
        'same_key_twice',
        `\`${key}\` is there twice: AWS does not tell upper from lower case in keys. Write it once, with all values.`,
      )
    else context.set(key.toLowerCase(), entry)
  }
  return context
}

/** As `iam:SimulateCustomPolicy` takes them. */
const isContextEntry = (value: unknown): value is Fields =>
  isFields(value) && typeof value.ContextKeyName === 'string'

const ENTRY_FIELDS = ['ContextKeyName', 'ContextKeyValues', 'ContextKeyType']

const readEntries = (entries: readonly Fields[], path: Path, reader: Reader): RequestContext =>
  contextOf(
    entries.map((one, i) => {
      reader.fields(one, [...path, i], ENTRY_FIELDS)
      return { key: String(one.ContextKeyName), given: one.ContextKeyValues, at: [...path, i] }
    }),
    reader,
  )

function entryOf(given: unknown): ContextEntry | null {
  if (isFields(given)) return given.unknown === true ? UNKNOWN : null
  return isPlain(given) ? plainEntry(given) : null
}

/** Of a number with more digits than JSON's readers keep, other digits would be compared. */
const isScalar = (value: unknown) =>
  typeof value === 'number'
    ? Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    : ['string', 'boolean'].includes(typeof value)
const isPlain = (value: unknown): value is PlainContextValue =>
  value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))
