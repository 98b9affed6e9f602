import { type Denial, denialIn, denialsIn } from '@rankan/server/src/policy/trail/message.ts'

export type Fault =
  | 'empty'
  | 'encoded'
  | 'not_json'
  | 'no_event'
  | 'no_denial'
  | 'bare_denial'
  /** Who called could not be told at all: keys or a sign-in that AWS does not accept. */
  | 'credentials'

export type Input =
  | { readonly what: 'fault'; readonly fault: Fault; readonly encoded: string | null }
  /** `more`: further denials in the text; this is the first. */
  | { readonly what: 'message'; readonly denial: Denial; readonly more: number }
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
  const value = jsonIn(given)
  if (value === undefined) return messageElse(given, /^[[{]/.test(given) ? 'not_json' : 'no_denial')
  const decoded = decodedDenial(value)
  if (decoded !== null) return { what: 'message', denial: decoded, more: 0 }
  const events = readEvents(value)
  if (events.what !== 'fault') return events
  return messageElse(/^[[{]/.test(given) ? textsIn(value, 0).join('\n') : given, events.fault)
}

/**
 * The JSON of a text: all of it, what stands between its first and last bracket (people write a sentence around an event),
 * or its lines, each by itself. A part of an event is none: what it does not tell would be taken for absent.
 */
function jsonIn(given: string): unknown {
  const from = given.search(/[[{]/)
  if (from < 0) return undefined
  const to = Math.max(given.lastIndexOf('}'), given.lastIndexOf(']'))
  const whole = parsed(given) ?? parsed(given.slice(from, to + 1))
  if (whole !== undefined) return whole
  const lines = given.split('\n').flatMap((line) => (/^\s*[[{]/.test(line) ? [parsed(line)] : []))
  const read = lines.filter((line) => isFields(line))
  return read.length === 0 ? undefined : read
}

/** Lines of a log begin with brackets, too (`[ERROR] …`), and errors of AWS's APIs are JSON with the message in it. */
function messageElse(text: string, otherwise: Fault): Input {
  const read = readMessage(text)
  return read.what === 'fault' && read.fault === 'no_denial' ? fault(otherwise) : read
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
  /^(\w+\.)?(\w*AccessDenied(Exception)?|AuthorizationError|UnauthorizedOperation|UnauthorizedAccess|NotAuthorized(Exception)?|Forbidden|AllAccessDisabled)$/i

/** Of network activity events. Source: CloudTrail User Guide, "Logging network activity events". */
const VPC_ENDPOINT_CODE = 'VpceAccessDenied'

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
    denial: {
      ...said,
      principal: said.principal ?? textOf(identity.arn),
      kind: said.kind ?? (errorCode === VPC_ENDPOINT_CODE ? 'vpc_endpoint' : null),
    },
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
  const { denial, more } = denialsIn(text)
  if (denial.action !== null) return { what: 'message', denial, more }
  const encoded = encodedIn(text)
  if (encoded !== null) return fault('encoded', encoded)
  if (CREDENTIALS.test(text)) return fault('credentials')
  if (PART_OF_EVENT.test(text)) return fault('not_json')
  return fault(BARE.test(text) ? 'bare_denial' : 'no_denial')
}

// Codes and sentences for callers that AWS does not know. Sources: AWS STS and EC2 API References, "Common errors"; S3 API
// Reference, "Error responses"; AWS CLI User Guide, "Troubleshooting errors".
const CREDENTIALS =
  /\b(?:ExpiredToken(?:Exception)?|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken(?:Exception)?|AuthFailure)\b|security token included in the request|Unable to locate credentials|token (?:has|is) expired/i
const PART_OF_EVENT = /"(?:eventName|eventSource|eventVersion|userIdentity)"\s*:/
/** "Denied" and no more, as services and the console say it. */
const BARE =
  /access ?denied|access is denied|permission denied|not authorized|unauthorized|forbidden|not allowed to access|do(?:es)?(?: not|n['’]t) have [^.]{0,40}permission|アクセスが?拒否|アクセス許可がありません|権限が(?:ありません|ない|不足)|拒否されました/i

/** `Encoded authorization failure message: …`, or that text alone. */
function encodedIn(text: string): string | null {
  const marked = /Encoded authorization failure message:\s*([\w+/=-]{40,})/i.exec(text)?.[1]
  if (marked !== undefined) return marked
  return /^[\w+/=-]{80,}$/.test(text.replaceAll(/\s+/g, '')) ? text.replaceAll(/\s+/g, '') : null
}

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
