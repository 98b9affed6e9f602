import type { Json } from '../../kernel/json.ts'
import type { OrganizationFacts, Request, RequestContext, ResourceFacts } from '../request.ts'
import { ABSENT, type ContextEntry, known, UNKNOWN } from '../request.ts'
import { type CallReader, callReader } from './call.ts'
import { readRecord, type TrailRecord } from './event.ts'
import type { Assumed, IamFacts, KeyFacts, SkipReason, TrailCheck } from './facts.ts'
import { takes } from './keys.ts'
import { networkKeys } from './network.ts'
import { type Caller, callerOf } from './principal.ts'
import { SKIPS, type TrailTables } from './tables.ts'

/**
 * Which copy of a call this is: a call over accounts is delivered to both (`sharedEventID`). SCPs are asked on
 * the principal's copy, RCPs on the owner's; `both` when there is only one.
 */
export type TrailView = 'both' | 'principal' | 'owner'

export type TrailOutcome =
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | {
      readonly kind: 'requests'
      readonly requests: readonly TrailRequest[]
      readonly view: TrailView
      readonly error: TrailError | null
    }

/** Everything that one check is decided by, each part with the dimension that it varies in. */
export interface TrailRequest {
  readonly check: TrailCheck
  readonly caller: Caller
  readonly region: string
  readonly network: KeyFacts
}

export interface TrailError {
  readonly code: string
  /** Whether AWS had already denied the call then, and by which kind of policy if the message says so. */
  readonly denied: boolean
  readonly by: string | null
}

/** Builds the reading of whole records. Pure; keep the result, it caches what the tables say. Never throws. */
export function trailReader(tables: TrailTables, iam: IamFacts) {
  const calls = callReader(tables, iam)
  const read = (value: Json): TrailOutcome => requestsOf(readRecord(value), calls, tables)
  return { read, calls }
}

function requestsOf(record: TrailRecord, calls: CallReader, tables: TrailTables): TrailOutcome {
  const skip = skipOf(tables, record.eventType)
  if (skip !== null) return { kind: 'skipped', reason: skip }
  const caller = callerOf(record.userIdentity)
  const account = record.recipientAccountId || (caller.principal.account ?? '')
  const outcome = calls.read({ ...record, account })
  if (outcome.kind === 'skipped') return outcome
  const network = networkKeys(record, { ...caller, isService: caller.principal.type === 'service' })
  return {
    kind: 'requests',
    requests: outcome.checks.map((check) => ({ check, caller, region: record.awsRegion, network })),
    view: viewOf(record.recipientAccountId, caller.principal.account, record.sharedEventID !== ''),
    error: errorOf(record.errorCode, record.errorMessage),
  }
}

/** The reason for which a type of event stands for no call, or `null`. */
export function skipOf(tables: TrailTables, eventType: string): SkipReason | null {
  const { skip: reasons, calls } = tables.actions.eventTypes
  const reason = Object.hasOwn(reasons, eventType) ? reasons[eventType] : undefined
  if (reason !== undefined && SKIPS.has(reason)) return reason as SkipReason
  return calls.includes(eventType) || eventType === '' ? null : 'not_an_api_call'
}

export function viewOf(recipient: string, caller: string | null, shared: boolean): TrailView {
  if (recipient === '' || caller === null) return shared ? 'owner' : 'both'
  if (recipient !== caller) return 'owner'
  return shared ? 'principal' : 'both'
}

/** Codes with which AWS denies; `AuthorizationError` is SNS's word for it. */
export const DENIED = /AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden/
const KINDS =
  /(service control|resource control|identity-based|resource-based|session|permissions boundary|VPC endpoint)( policy)?/

/** Error of a record; the message is read only for the kind of policy that denied. */
export function errorOf(code: string, message: string): TrailError | null {
  if (code === '') return null
  const denied = DENIED.test(code)
  return { code, denied, by: denied ? (KINDS.exec(message)?.[1] ?? null) : null }
}

/** The request as the engine evaluates it, with an entry for each key that the policies ask (lower case). */
export function engineRequest(
  request: TrailRequest,
  asked: Iterable<string>,
  iam: IamFacts,
  organization?: OrganizationFacts,
): Request {
  const { check, caller } = request
  const context: RequestContext = new Map([...asked].map((key) => [key, entryOf(request, key, iam)]))
  return {
    action: check.action,
    resource: resourceFacts(check.resource, check.account, check.assumed),
    principal: caller.principal,
    context,
    unlisted: 'unknown',
    ...(organization === undefined ? {} : { organization }),
  }
}

/** Of an ARN that is known whole nothing is added: most are. */
export const resourceFacts = (
  arn: string | null,
  account: string | null,
  assumed: Assumed | null,
): ResourceFacts => (assumed === 'beginning' ? { arn, account, isBeginning: true } : { arn, account })

/** What the record tells of one key (facts/policy.md, table 7). */
export function entryOf(request: TrailRequest, key: string, iam: IamFacts): ContextEntry {
  const { check, caller, network } = request
  if (key === 'aws:requestedregion') return request.region === '' ? UNKNOWN : known(request.region)
  if (key === 'aws:resourceaccount' || key === 's3:resourceaccount')
    return check.account === null ? UNKNOWN : known(check.account)
  if (key === 'kms:calleraccount' && caller.principal.account !== null && check.action.startsWith('kms:'))
    return known(caller.principal.account)
  if (key === 'ec2:region' && check.action.startsWith('ec2:') && request.region !== '')
    return known(request.region)
  for (const facts of [check.keys, caller.keys, network]) {
    const entry = lookIn(facts, key)
    if (entry !== undefined) return entry
  }
  return isTakenBy(check.action, key, iam) ? UNKNOWN : ABSENT
}

/** A key under its own name, else under the longest `…*` that covers it. */
export function lookIn(facts: KeyFacts, key: string): ContextEntry | undefined {
  if (Object.hasOwn(facts, key)) return stateOf(facts[key])
  let longest = ''
  for (const pattern of Object.keys(facts))
    if (
      pattern.length > Math.max(longest.length, 1) &&
      pattern.length <= key.length &&
      pattern.charCodeAt(pattern.length - 1) === STAR &&
      key.startsWith(pattern.slice(0, -1))
    )
      longest = pattern
  return longest === '' ? undefined : stateOf(facts[longest])
}

const STAR = 42

const stateOf = (values: readonly string[] | null | undefined): ContextEntry =>
  values === undefined ? UNKNOWN : values === null ? ABSENT : { state: 'known', values }

/** Global keys that only some operations carry; the Service Authorization Reference lists them for each action. */
const PER_ACTION = ['aws:requesttag/', 'aws:tagkeys', 'aws:resourcetag/']

/** Global keys may be in any request; a service's keys only where its action takes them. */
function isTakenBy(action: string, key: string, iam: IamFacts): boolean {
  if (key.startsWith('aws:') && !PER_ACTION.some((beginning) => key.startsWith(beginning))) return true
  const answers = takenBy.get(iam) ?? new Map<string, boolean>()
  takenBy.set(iam, answers)
  const question = `${action} ${key}`
  const known = answers.get(question)
  if (known !== undefined) return known
  const answer = isListed(action, key, iam)
  answers.set(question, answer)
  return answer
}

/** Actions that are known and keys that policies ask are few; each pair is looked up once. */
const takenBy = new WeakMap<IamFacts, Map<string, boolean>>()

function isListed(action: string, key: string, iam: IamFacts): boolean {
  const [prefix = '', name = ''] = action.split(':')
  const facts = iam.action(prefix, name)
  // Any resource may carry tags, listed or not; what is not the service's own key cannot be in the request.
  if (facts === undefined || key.startsWith('aws:resourcetag/')) return true
  return (
    takes(facts.keys, key) || facts.types.some((type) => takes(type.keys, key) || takes(type.keysOfType, key))
  )
}
