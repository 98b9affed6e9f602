import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'

/** What AWS's messages name: kinds of policy, policies of VPC endpoints, and settings of S3, which Rankan does not read. */
export type DenyingKind = PolicyKind | 'vpc_endpoint' | 's3_setting'

/** What a denial tells of itself, out of an error message, a CloudTrail event or a decoded message. */
export interface Denial {
  readonly principal: string | null
  readonly action: string | null
  readonly resource: string | null
  /** `explicit`: AWS named a deny; `implicit`: AWS said that nothing allows it; `unsaid`: AWS did not say. */
  readonly why: 'explicit' | 'implicit' | 'unsaid'
  readonly kind: DenyingKind | null
  readonly policyArn: string | null
}

export type Fault = 'empty' | 'encoded' | 'not_json' | 'no_event' | 'no_denial' | 'bare_denial'

export type Input =
  | { readonly what: 'fault'; readonly fault: Fault; readonly encoded: string | null }
  | { readonly what: 'message'; readonly denial: Denial }
  | {
      readonly what: 'event'
      readonly record: Readonly<Record<string, unknown>>
      readonly denial: Denial
      readonly account: string | null
      /** What went wrong then: `null` when the call went through. */
      readonly errorCode: string | null
      readonly denied: boolean
      /** More events were pasted; this is the first that was denied. */
      readonly more: number
    }

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Far more than any event or message; what is larger was pasted by mistake. */
const MAX_CHARACTERS = 2_000_000

/** What was pasted, whatever it is; never throws. */
export function readInput(text: string): Input {
  const given = text.trim().slice(0, MAX_CHARACTERS)
  if (given === '') return fault('empty')
  if (!/^[[{]/.test(given)) return readMessage(given)
  const value = parsed(given)
  if (value === undefined) return messageElse(given, 'not_json')
  const decoded = decodedDenial(value)
  if (decoded !== null) return { what: 'message', denial: decoded }
  const events = readEvents(value)
  return events.what === 'fault' ? messageElse(textsIn(value, 0).join('\n'), events.fault) : events
}

/** Lines of a log begin with brackets, too (`[ERROR] …`), and errors of AWS's APIs are JSON with the message in it. */
function messageElse(text: string, otherwise: Fault): Input {
  const read = readMessage(text)
  return read.what === 'message' || (read.what === 'fault' && read.fault === 'encoded')
    ? read
    : fault(otherwise)
}

const fault = (name: Fault, encoded: string | null = null): Input => ({ what: 'fault', fault: name, encoded })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Texts within JSON, wherever the message is: `{"__type": …, "Message": …}`, `{"error": {"message": …}}`. */
function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value]
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((inner) => textsIn(inner, depth + 1))
}

// Codes that say "denied" and nothing else. Source: IAM User Guide, "Troubleshoot access denied error messages"; EC2 API
// Reference, "Error codes" (UnauthorizedOperation), read through CloudTrail with the prefix `Client.`.
const DENIED_CODE =
  /^(Client\.)?(AccessDenied(Exception)?|AuthorizationError|UnauthorizedOperation|UnauthorizedAccess|NotAuthorized(Exception)?|Forbidden|AllAccessDisabled)$/i

export const isDenial = (code: string | null, message: string | null): boolean =>
  (code !== null && DENIED_CODE.test(code)) || /not authorized to perform/i.test(message ?? '')

function readEvents(value: unknown): Input {
  const events = eventsIn(value, 0)
  const record = events.find((one) => isDenial(textOf(one.errorCode), textOf(one.errorMessage))) ?? events[0]
  if (record === undefined) return fault('no_event')
  const errorCode = textOf(record.errorCode)
  const message = textOf(record.errorMessage)
  const identity = isFields(record.userIdentity) ? record.userIdentity : {}
  const said = denialIn(message ?? '')
  return {
    what: 'event',
    record,
    denial: { ...said, principal: said.principal ?? textOf(identity.arn) },
    account: textOf(identity.accountId) ?? textOf(record.recipientAccountId),
    errorCode,
    denied: isDenial(errorCode, message),
    more: events.length - 1,
  }
}

const MAX_DEPTH = 4

/** Records as CloudTrail delivers them, as EventBridge wraps them, and as `lookup-events` prints them. */
function eventsIn(value: unknown, depth: number): readonly Fields[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(value)) return value.flatMap((item) => eventsIn(item, depth + 1))
  if (typeof value === 'string') return eventsIn(parsed(value), depth + 1)
  if (!isFields(value)) return []
  if (typeof value.eventName === 'string' && typeof value.eventSource === 'string') return [value]
  const inner = [value.Records, value.Events, value.CloudTrailEvent, value.detail]
  return inner.flatMap((item) => eventsIn(item, depth + 1))
}

function readMessage(text: string): Input {
  const denial = denialIn(text)
  if (denial.action !== null) return { what: 'message', denial }
  const encoded = encodedIn(text)
  if (encoded !== null) return fault('encoded', encoded)
  return fault(
    /access ?denied|not authorized|unauthorized|forbidden/i.test(text) ? 'bare_denial' : 'no_denial',
  )
}

/** `Encoded authorization failure message: …`, or that text alone. */
function encodedIn(text: string): string | null {
  const marked = /Encoded authorization failure message:\s*([\w+/=-]{40,})/i.exec(text)?.[1]
  if (marked !== undefined) return marked
  return /^[\w+/=-]{80,}$/.test(text.replaceAll(/\s+/g, '')) ? text.replaceAll(/\s+/g, '') : null
}

const WHO = /User:?\s+(?:(\S+)\s+)?is not authorized to perform:?\s+([A-Za-z0-9-]+:[A-Za-z0-9]+)/i
const WHAT = /on resource: (?:"([^"]*)"|(\S+))/i
const EXPLICIT =
  /with an explicit deny(?: in (?:an?|the) ([A-Za-z -]+?policy|permissions boundary))?(?::?\s+(arn:\S+))?/i
const IMPLICIT = /because no ([A-Za-z -]+?policy|permissions boundary) allows/i
// Source: S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors".
const S3_SETTING = /because (?:public \w+ are prevented by the \w+ setting|this bucket has blocked)/i

/**
 * AWS's words for a denial, however the lines were broken. Sources: IAM User Guide, "Troubleshoot access denied error
 * messages"; S3 User Guide, as above; AWS Security Blog, "Enhanced access denied error messages with policy ARNs".
 */
export function denialIn(given: string): Denial {
  const text = given.replaceAll(/\s+/g, ' ')
  const who = WHO.exec(text)
  const what = WHAT.exec(text)
  const explicit = EXPLICIT.exec(text)
  const implicit = IMPLICIT.exec(text)
  const setting = S3_SETTING.test(text)
  return {
    principal: who?.[1] ?? null,
    action: who?.[2] ?? null,
    resource: what?.[1] ?? trimmed(what?.[2] ?? null),
    why: explicit !== null || setting ? 'explicit' : implicit !== null ? 'implicit' : 'unsaid',
    kind: setting ? 's3_setting' : kindOf(explicit?.[1] ?? implicit?.[1] ?? ''),
    policyArn: trimmed(explicit?.[2] ?? null),
  }
}

/** A full stop or comma behind an ARN belongs to the sentence. */
const trimmed = (text: string | null): string | null => text?.replace(/[.,;]+$/, '') ?? null

const KINDS: readonly (readonly [RegExp, DenyingKind])[] = [
  [/service control/i, 'scp'],
  [/resource control/i, 'rcp'],
  [/identity-based/i, 'identity'],
  [/permissions boundary/i, 'boundary'],
  [/session/i, 'session'],
  [/trust/i, 'trust'],
  [/vpc endpoint/i, 'vpc_endpoint'],
  [/resource-based/i, 'resource'],
]
const kindOf = (text: string): DenyingKind | null =>
  KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** What `aws sts decode-authorization-message` prints. Source: STS API Reference, DecodeAuthorizationMessage. */
function decodedDenial(value: unknown): Denial | null {
  if (!isFields(value)) return null
  const inner = typeof value.DecodedMessage === 'string' ? parsed(value.DecodedMessage) : value
  if (!isFields(inner) || !isFields(inner.context) || typeof inner.allowed !== 'boolean') return null
  const { context } = inner
  const principal = isFields(context.principal) ? textOf(context.principal.arn) : null
  return {
    principal,
    action: textOf(context.action),
    resource: textOf(context.resource),
    why: inner.explicitDeny === true ? 'explicit' : 'implicit',
    kind: null,
    policyArn: null,
  }
}

/** Twelve digits of an ARN's account. */
export const accountIn = (arn: string | null): string | null =>
  /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1] ?? null
