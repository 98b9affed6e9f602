import {
  contextOf,
  type PlainContextValue,
  type Request,
  type RequestContext,
  type ResourceFacts,
  UNKNOWN,
} from '../request.ts'
import { ALWAYS_PRESENT_KEYS } from '../rules/rules.ts'
import { withDerivedKeys } from './context-keys.ts'
import { readPrincipal } from './principal.ts'
import { isFields, kindOf, type Path, type Reader } from './reader.ts'

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
  return given.unlisted === undefined ? withOpenKeys(derived) : derived
}

const OPEN = ALWAYS_PRESENT_KEYS.map((key) => [key, UNKNOWN] as const)

/** Every request to AWS has these keys, so that leaving them out cannot mean that they are absent. */
const withOpenKeys = (request: Request): Request => ({
  ...request,
  context: new Map([...OPEN, ...request.context]),
})

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
  if (stated === undefined)
    return { arn, account: (arn?.split(':')[4] || null) ?? (arn === null ? null : principalAccount) }
  return { arn, account: readAccount(stated, [...path, 'resourceAccount'], reader) }
}

function readAccount(value: unknown, path: Path, reader: Reader): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && /^\d{12}$/.test(value)) return value
  return reader.fail(
    path,
    'bad_account',
    `Expected an account id of twelve digits in quotes, found ${kindOf(value)}.`,
  )
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
  if (value === undefined) return new Map()
  if (!isFields(value))
    return reader.fail(
      path,
      'bad_context',
      `\`context\` is ${kindOf(value)}; write an object of keys and values.`,
    )
  const plain: Record<string, PlainContextValue> = {}
  const unknown: string[] = []
  for (const [key, given] of Object.entries(value)) {
    if (isFields(given) && given.unknown === true) unknown.push(key.toLowerCase())
    else if (isPlain(given)) plain[key] = given
    else
      reader.fail(
        [...path, key],
        'bad_context',
        `The value of \`${key}\` is ${kindOf(given)}; write a text, a number, true, false, null or a list of texts.`,
      )
  }
  const context = new Map(contextOf(plain))
  for (const key of unknown) context.set(key, { state: 'unknown' })
  return context
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)
const isPlain = (value: unknown): value is PlainContextValue =>
  value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))
