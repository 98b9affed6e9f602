import { atomRow } from '../../analytics/replay/atoms.ts'
import { loadTables } from '../../analytics/trail/tables.ts'
import {
  type AccountPolicies,
  type EventReply,
  eventReply,
  eventRequest,
} from '../../domain/policies/guardrails.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { MEANING_IS_PLAIN } from '../../policy/parse/problem.ts'
import { known, type RequestContext } from '../../policy/request.ts'
import { deniedReader } from '../../policy/trail/denied.ts'
import { exchangeRequest } from '../../policy/trail/exchange.ts'
import type { TrailRequest } from '../../policy/trail/requests.ts'
import { findAccount } from '../../storage/estate/list.ts'
import { accountPoliciesOf } from '../../storage/policies/account-policies.ts'
import { read, type Tx } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'

/** A record is some kilobytes; more was pasted by mistake. */
const MAX_CHARACTERS = 300_000

export const denialRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/denials/requests',
    action: 'denial.explain',
    tag: 'Policies',
    summary: 'What a CloudTrail record stands for: requests that the engine in the browser evaluates',
    description:
      'Changes and keeps nothing. The tables behind it are too large for a browser. With an account that the caller may read, every key that its policies ask has an entry.',
    body: eventRequest,
    reply: eventReply,
    handle: ({ body, actor, services }) =>
      read(services.on, actor, (tx) => requestsOf(tx, body.record as Json)),
  }),
]

let reader: ReturnType<typeof makeReader> | null = null
/** Parses a megabyte and a half of tables: once for each process, when somebody asks. */
function makeReader() {
  const { tables, iam } = loadTables()
  return { iam, read: deniedReader(tables, iam) }
}

async function requestsOf(tx: Tx, record: Json): Promise<EventReply> {
  if (JSON.stringify(record).length > MAX_CHARACTERS)
    throw new RankanError('invalid', 'record_too_large', `A record has at most ${MAX_CHARACTERS} characters.`)
  reader ??= makeReader()
  const { iam } = reader
  const outcome = reader.read(record)
  if (outcome.kind === 'skipped') return { skipped: outcome.reason, requests: [] }
  const policies = new Map<string, AccountPolicies | null>()
  for (const account of new Set(outcome.requests.flatMap(accountsOf)))
    policies.set(account, await policiesOf(tx, account))
  const asked = keysOf([...policies.values()].flatMap((one) => one ?? []))
  return {
    skipped: null,
    requests: outcome.requests.map((request) => {
      const plain = exchangeRequest(request, asked, iam, organizationKeys(request, policies))
      return {
        action: plain.action,
        resource: plain.resource,
        resourceAccount: plain.resourceAccount,
        implied: request.check.kind === 'implied',
        request: { ...plain },
      }
    }),
  }
}

const accountsOf = ({ caller, check }: TrailRequest): readonly string[] =>
  [caller.principal.account, check.account].flatMap((one) => one ?? [])

/** Null for an account that the caller may not see, or that is not in the register. */
async function policiesOf(tx: Tx, accountId: string): Promise<AccountPolicies | null> {
  const account = await findAccount(tx, accountId).catch((error: unknown) => {
    if (error instanceof RankanError && error.kind === 'not_found') return null
    throw error
  })
  return account === null ? null : accountPoliciesOf(tx, account)
}

/** Condition keys and variables of the SCPs and RCPs, lower case. */
function keysOf(policies: readonly AccountPolicies[]): readonly string[] {
  const texts = policies.flatMap(({ scps, rcps }) => [
    ...scps.flatMap((level) => level.policies.map((one) => ['scp', one] as const)),
    ...rcps.flatMap((level) => level.policies.map((one) => ['rcp', one] as const)),
  ])
  const parsed = texts.flatMap(
    ([kind, { name, document }]) =>
      parsePolicy(document, kind, { name, tolerate: MEANING_IS_PLAIN }).policy ?? [],
  )
  return atomRow(parsed).keys
}

/** What the tree tells of caller and resource, where the account is one that the caller of this route may see. */
function organizationKeys(
  { caller, check }: TrailRequest,
  policies: ReadonlyMap<string, AccountPolicies | null>,
): RequestContext {
  const of = (account: string | null, side: 'principal' | 'resource') => {
    const found = account === null ? null : policies.get(account)
    const { organizationId = null, path = [] } = found ?? {}
    if (organizationId === null || path.length === 0) return []
    const place = [organizationId, ...path.slice(0, -1).map(({ id }) => id)].join('/')
    return [
      [`aws:${side}orgid`, known(organizationId)],
      [`aws:${side}orgpaths`, known(`${place}/`)],
    ] as const
  }
  return new Map([...of(caller.principal.account, 'principal'), ...of(check.account, 'resource')])
}
