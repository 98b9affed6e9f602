import type { AccountPolicies } from '@rankan/server/domain/policies/guardrails.ts'
import type { Denial } from '@rankan/server/src/policy/trail/message.ts'
import type { QueryClient } from '@tanstack/react-query'
import { ApiError } from '../../../api/problem.ts'
import { accountPoliciesQuery, requestsOfEvent } from '../api.ts'
import { type Finding, judge, requestOfMessage } from './judge.ts'
import { accountIn, type Fault, type Input, readInput } from './read-input.ts'

/** What stands in the way of a full answer, to be said beside it. */
export interface Remarks {
  /** Account of the call; `null` when nothing tells it. */
  readonly account: string | null
  /** The account that the reader chose, where the call is of another. */
  readonly foreignTo: string | null
  readonly controls: 'read' | 'not_readable' | 'not_swept' | 'no_account'
  readonly more: number
  /** Why the event is no call that permissions are asked for. */
  readonly skipped: string | null
}

export type Answer =
  | { readonly what: 'fault'; readonly fault: Fault; readonly encoded: string | null }
  | { readonly what: 'not_denied'; readonly errorCode: string | null }
  | {
      readonly what: 'finding'
      readonly denial: Denial
      readonly finding: Finding
      readonly remarks: Remarks
      readonly policyName: string | null
      /** An event was pasted: there is none to look for. */
      readonly fromEvent: boolean
    }

/** Reads what was pasted, asks the server for what the browser does not have, and judges. */
export async function askWhy(text: string, chosen: string | null, client: QueryClient): Promise<Answer> {
  const input = readInput(text)
  if (input.what === 'fault') return input
  if (input.what === 'event' && !input.denied) return { what: 'not_denied', errorCode: input.errorCode }
  const inside = accountIn(input.denial.principal) ?? (input.what === 'event' ? input.account : null)
  const account = inside ?? chosen
  const [policies, asked] = await Promise.all([policiesOf(account, client), requestsOf(input)])
  const policyName = nameOf(input.denial.policyArn, policies)
  return {
    what: 'finding',
    denial: withAction(input.denial, asked.requests),
    finding: judge(input.denial, asked.requests, policies === 'not_readable' ? null : policies, policyName),
    remarks: {
      account,
      foreignTo: inside !== null && chosen !== null && inside !== chosen ? chosen : null,
      controls: controlsOf(account, policies),
      more: input.more,
      skipped: asked.skipped,
    },
    policyName,
    fromEvent: input.what === 'event',
  }
}

type Policies = AccountPolicies | 'not_readable' | null

/** An account of another tenant is not told from one that does not exist, and neither is an error here. */
async function policiesOf(account: string | null, client: QueryClient): Promise<Policies> {
  if (account === null) return null
  try {
    return await client.fetchQuery({ ...accountPoliciesQuery(account), retry: false })
  } catch (error) {
    if (error instanceof ApiError && (error.kind === 'not_found' || error.kind === 'denied'))
      return 'not_readable'
    throw error
  }
}

function controlsOf(account: string | null, policies: Policies): Remarks['controls'] {
  if (account === null || policies === null) return 'no_account'
  if (policies === 'not_readable') return 'not_readable'
  return policies.readAt === null || policies.path.length === 0 ? 'not_swept' : 'read'
}

interface Asked {
  readonly requests: readonly object[]
  readonly skipped: string | null
}

async function requestsOf(input: Exclude<Input, { what: 'fault' }>): Promise<Asked> {
  if (input.what === 'message') return { requests: [requestOfMessage(input.denial)], skipped: null }
  const { skipped, requests } = await requestsOfEvent({ record: { ...input.record } })
  return { skipped, requests: requests.map(({ request }) => request) }
}

/** An event often has no message: what was asked is told by what it stands for. */
function withAction(denial: Denial, requests: readonly object[]): Denial {
  const [first] = requests as readonly { readonly action?: unknown; readonly resource?: unknown }[]
  const action = typeof first?.action === 'string' ? first.action : null
  const resource = typeof first?.resource === 'string' ? first.resource : null
  return { ...denial, action: denial.action ?? action, resource: denial.resource ?? resource }
}

/** `arn:aws:organizations::…:policy/o-…/service_control_policy/p-abc` → the name of `p-abc`. */
function nameOf(arn: string | null, policies: Policies): string | null {
  if (arn === null) return null
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  if (policies === null || policies === 'not_readable') return id
  const all = [...policies.scps, ...policies.rcps].flatMap((level) => level.policies)
  return all.find((one) => one.id === id)?.name ?? id
}
