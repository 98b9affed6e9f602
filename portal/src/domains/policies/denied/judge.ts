import type { AccountPolicies } from '@rankan/server/domain/policies/guardrails.ts'
import { evaluate } from '@rankan/server/src/policy/compile/evaluate.ts'
import type { Decision, Missing, StatementRef } from '@rankan/server/src/policy/decision.ts'
import { createReader } from '@rankan/server/src/policy/exchange/reader.ts'
import { readRequest } from '@rankan/server/src/policy/exchange/request.ts'
import { NO_POLICIES, type PolicySet, type Statement } from '@rankan/server/src/policy/policies.ts'
import { centreOnly } from '../engine/centre.ts'
import { type ReadInForce, readInForce } from '../engine/in-force.ts'
import type { Denial, DenyingKind } from './read-input.ts'

/** Who forbids it, in the words of an office and not of IAM. */
export type Forbidder = 'centre' | 'own_iam' | 'resource_owner' | 'network' | 'open'

export interface Rule {
  readonly ref: StatementRef
  readonly statement: Statement
}

export interface Finding {
  readonly forbidder: Forbidder
  /** `said`: AWS's message names it; `computed`: the policies in force now say so; `left`: the centre does not, so it is the rest. */
  readonly basis: 'said' | 'computed' | 'left'
  readonly kind: DenyingKind | null
  /** Statements of the centre that deny it today. */
  readonly rules: readonly Rule[]
  /** What the centre's policies in force say today; `null` when they are not known. */
  readonly decision: Decision | null
  /** What would decide whether the centre denies it. */
  readonly missing: readonly Missing[]
  /** AWS named a policy of the centre then, and those in force now do not deny it. */
  readonly changed: boolean
}

const OF_KIND: Readonly<Record<DenyingKind, Forbidder>> = {
  scp: 'centre',
  rcp: 'centre',
  identity: 'own_iam',
  boundary: 'own_iam',
  session: 'own_iam',
  trust: 'own_iam',
  resource: 'resource_owner',
  vpc_endpoint: 'network',
  s3_setting: 'resource_owner',
}

/**
 * Joins what AWS said with what the centre's policies in force say today. AWS's word counts most: it knew all of the request.
 * `requests` are what the event stands for, as the engine takes them; of a message there is one.
 */
export function judge(
  denial: Denial,
  requests: readonly object[],
  policies: AccountPolicies | null,
): Finding {
  const known = policies !== null && policies.readAt !== null && policies.path.length > 0
  const inForce = known ? readInForce(policies) : null
  const decision = inForce === null ? null : decided(requests, inForce)
  const computed = { rules: inForce === null ? [] : rulesOf(decision, inForce), decision }
  const missing = decision?.verdict === 'unknown' ? decision.missing : []
  const denies = decision?.verdict === 'denied'
  if (denial.kind !== null) {
    const forbidder = OF_KIND[denial.kind]
    const changed = forbidder === 'centre' && decision?.verdict === 'allowed'
    return { forbidder, basis: 'said', kind: denial.kind, ...computed, missing, changed }
  }
  if (denies) {
    const kind = decision.by[0] ?? null
    return { forbidder: 'centre', basis: 'computed', kind, ...computed, missing, changed: false }
  }
  const left = decision?.verdict === 'allowed'
  return {
    forbidder: left ? 'own_iam' : 'open',
    basis: 'left',
    kind: null,
    ...computed,
    missing,
    changed: false,
  }
}

/** The request of a message: keys that a message never tells are unknown. */
export const requestOfMessage = ({ principal, action, resource }: Denial): object => ({
  ...(principal === null ? {} : { principal }),
  action: action ?? '',
  ...(resource === null ? {} : { resource }),
  unlisted: 'unknown',
})

/** The centre alone is asked: nobody's own permissions stand in its way. */
const setOf = ({ scps, rcps }: ReadInForce): PolicySet => ({
  ...NO_POLICIES,
  identity: [EVERYTHING],
  scps,
  rcps,
})

const EVERYTHING = {
  kind: 'identity',
  name: '',
  version: '2012-10-17',
  id: null,
  statements: [
    {
      index: 0,
      sid: null,
      effect: 'Allow',
      principal: null,
      action: { negated: false, patterns: ['*'], place: { path: '$', line: 0, column: 0 } },
      resource: { negated: false, patterns: ['*'], place: { path: '$', line: 0, column: 0 } },
      conditions: [],
      place: { path: '$', line: 0, column: 0 },
    },
  ],
} as const

/** The gravest of the answers: one denied check denies the call. */
function decided(requests: readonly object[], inForce: ReadInForce): Decision | null {
  const decisions = requests.flatMap((given) => {
    const reader = createReader()
    const withManagement = { managementAccount: inForce.managementAccount, ...given }
    const request = readRequest(withManagement, [], reader)
    return request === null || reader.issues.length > 0 ? [] : [centreOnly(evaluate(request, setOf(inForce)))]
  })
  const first = (verdict: Decision['verdict']) => decisions.find((one) => one.verdict === verdict)
  return first('denied') ?? first('unknown') ?? first('allowed') ?? null
}

function rulesOf(decision: Decision | null, { scps, rcps }: ReadInForce): readonly Rule[] {
  if (decision?.verdict !== 'denied') return []
  const policies = [...scps, ...rcps].flatMap((level) => level.policies)
  const rules = new Map<string, Rule>()
  for (const ref of decision.deciding) {
    const statement = policies
      .find(({ name, kind }) => name === ref.policy && kind === ref.kind)
      ?.statements.find(({ index }) => index === ref.index)
    if (statement !== undefined) rules.set(`${ref.policy} ${ref.index}`, { ref, statement })
  }
  return [...rules.values()]
}
