import type { ContextEntry, RequestContext } from '../request.ts'
import type { IamFacts, KeyFacts } from './facts.ts'
import { entryOf, type TrailRequest } from './requests.ts'

/** A request as `rankan policy eval` takes it (docs/guide/policy.md): plain JSON, to be evaluated elsewhere. */
export interface ExchangeRequest {
  readonly action: string
  readonly resource: string | null
  readonly resourceAccount: string | null
  readonly principal: object
  readonly context: Readonly<Record<string, readonly string[] | null | { readonly unknown: true }>>
  readonly unlisted: 'unknown'
  readonly derive: false
}

/**
 * Out of a record, with an entry for each key that policies ask (`asked`, lower case) and for all that the record tells.
 * `more`: what is known of the organisation, which no record tells.
 */
export function exchangeRequest(
  request: TrailRequest,
  asked: Iterable<string>,
  iam: IamFacts,
  more: RequestContext = new Map(),
): ExchangeRequest {
  const { check, caller, network } = request
  const told = [check.keys, caller.keys, network].flatMap(plainKeys)
  const keys = new Set([...told, ...SPECIAL, ...asked, ...more.keys()])
  const entries = [...keys]
    .map((key) => [key, more.get(key) ?? entryOf(request, key, iam)] as const)
    .filter(([key, { state }]) => state !== 'unknown' || !SPECIAL.has(key))
  return {
    action: check.action,
    // The exchange format has no beginnings: what is not known whole is not known there.
    resource: check.assumed === 'beginning' ? null : check.resource,
    resourceAccount: check.account,
    principal: caller.principal,
    context: Object.fromEntries(entries.map(([key, entry]) => [key, plain(entry)])),
    unlisted: 'unknown',
    derive: false,
  }
}

/** Told by the record outside of its parts. */
const SPECIAL = new Set(['aws:requestedregion', 'aws:resourceaccount'])

/** `aws:requesttag/*` speaks of keys that have no name here. */
const plainKeys = (facts: KeyFacts): readonly string[] =>
  Object.keys(facts).filter((key) => !key.endsWith('*'))

const plain = (entry: ContextEntry) =>
  entry.state === 'known' ? entry.values : entry.state === 'absent' ? null : ({ unknown: true } as const)
