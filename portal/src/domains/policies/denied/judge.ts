import type { AccountPolicies } from '@rankan/server/domain/policies/guardrails.ts'
import { evaluate } from '@rankan/server/src/policy/compile/evaluate.ts'
import type { Decision, Missing, StatementRef } from '@rankan/server/src/policy/decision.ts'
import { createReader } from '@rankan/server/src/policy/exchange/reader.ts'
import { readRequest } from '@rankan/server/src/policy/exchange/request.ts'
import { NO_POLICIES, type PolicySet, type Statement } from '@rankan/server/src/policy/policies.ts'
import type { RequestContext } from '@rankan/server/src/policy/request.ts'
import type { Denial, DenyingKind } from '@rankan/server/src/policy/trail/message.ts'
import { centreOnly } from '../engine/centre.ts'
import { type ReadInForce, readInForce } from '../engine/in-force.ts'
import { accountIn } from './read-input.ts'

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
  /** Statements of the centre that deny it today; with `possible`, one of which may. */
  readonly rules: readonly Rule[]
  /** The rules would deny it if what is `missing` were so. */
  readonly possible: boolean
  /** What the centre's policies in force say today; `null` when they are not known. */
  readonly decision: Decision | null
  /** What is known of the call that `decision` answers; empty without one. */
  readonly context: RequestContext
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
  trust: 'resource_owner',
  resource: 'resource_owner',
  vpc_endpoint: 'network',
  s3_setting: 'resource_owner',
}

/** What stands in the way, as finely as the way out differs: who forbids it, and whether it is forbidden or only not allowed. */
export type Cause =
  | 'centre'
  | 'own_lacks'
  | 'own_denies'
  | 'boundary'
  | 'session'
  | 'trust'
  | 'resource_lacks'
  | 'resource_denies'
  | 's3_setting'
  | 'network'
  | 'open'

export function causeOf({ forbidder, kind }: Pick<Finding, 'forbidder' | 'kind'>, why: Denial['why']): Cause {
  if (kind === 'boundary' || kind === 'session' || kind === 'trust' || kind === 's3_setting') return kind
  if (forbidder === 'own_iam') return why === 'explicit' ? 'own_denies' : 'own_lacks'
  if (forbidder === 'resource_owner') return why === 'explicit' ? 'resource_denies' : 'resource_lacks'
  return forbidder
}

/**
 * Joins what AWS said with what the centre's policies in force say today. AWS's word counts most: it knew all of the request.
 * `requests` are what the event stands for, as the engine takes them; of a message there is one.
 * `named`: the policy that AWS named, by its name today.
 */
export function judge(
  denial: Denial,
  requests: readonly object[],
  policies: AccountPolicies | null,
  named: string | null = null,
): Finding {
  const known = policies !== null && policies.readAt !== null && policies.path.length > 0
  const inForce = known ? readInForce(policies) : null
  const answer = inForce === null ? null : decided(requests, inForce, policies?.accountId ?? null)
  const decision = answer?.decision ?? null
  const verdict = decision?.verdict ?? null
  const shared = {
    decision,
    context: answer?.context ?? new Map(),
    rules: inForce === null ? [] : rulesOf(decision, inForce, denial.kind, named),
    possible: verdict === 'unknown',
    missing: verdict === 'unknown' ? (decision?.missing ?? []) : [],
    changed: false,
  }
  if (denial.kind !== null) {
    const forbidder = OF_KIND[denial.kind]
    const rules = forbidder === 'centre' ? shared.rules : []
    const changed = forbidder === 'centre' && verdict === 'allowed'
    return { ...shared, forbidder, basis: 'said', kind: denial.kind, rules, changed }
  }
  if (verdict === 'denied')
    return { ...shared, forbidder: 'centre', basis: 'computed', kind: decision?.by[0] ?? null }
  return { ...shared, forbidder: verdict === 'allowed' ? 'own_iam' : 'open', basis: 'left', kind: null }
}

/** The request of a message: keys that a message never tells are unknown. */
export const requestOfMessage = ({ principal, action, resource }: Denial): object => ({
  ...(principal === null ? {} : { principal }),
  action: action ?? '',
  ...(resource === null ? {} : { resource, ...ownerOf(resource) }),
  unlisted: 'unknown',
})

/** ARNs of S3 and some others do not tell whose they are; the caller's account would be a guess. */
const ownerOf = (resource: string): object =>
  resource === '*' || accountIn(resource) !== null ? {} : { resourceAccount: null }

/**
 * The centre alone is asked: nobody's own permissions stand in its way. The RCPs that were read bind resources of `account`;
 * those that bind another account's are not known, unless the organisation has none.
 */
const setOf = ({ scps, rcps }: ReadInForce, account: string | null, owner: string | null): PolicySet => ({
  ...NO_POLICIES,
  identity: [EVERYTHING],
  scps,
  rcps: owner === account || rcps.every(({ policies }) => policies.length === 0) ? rcps : 'unknown',
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
function decided(
  requests: readonly object[],
  inForce: ReadInForce,
  account: string | null,
): { readonly decision: Decision; readonly context: RequestContext } | null {
  const decisions = requests.flatMap((given) => {
    const reader = createReader()
    const withManagement = { managementAccount: inForce.managementAccount, ...given }
    const request = readRequest(withManagement, [], reader)
    if (request === null || reader.issues.length > 0) return []
    const owner = request.resource.arn === '*' ? account : request.resource.account
    const decision = centreOnly(evaluate(request, setOf(inForce, account, owner)))
    return [{ decision, context: request.context }]
  })
  const first = (verdict: Decision['verdict']) =>
    decisions.find(({ decision }) => decision.verdict === verdict)
  return first('denied') ?? first('unknown') ?? first('allowed') ?? null
}

/** What denies, or, where that is open, every Deny that may: of the kind and the policy that AWS named, when it did. */
function rulesOf(
  decision: Decision | null,
  { scps, rcps }: ReadInForce,
  said: DenyingKind | null,
  named: string | null,
): readonly Rule[] {
  if (decision === null || decision.verdict === 'allowed') return []
  const policies = [...scps, ...rcps].flatMap((level) => level.policies)
  const rules = new Map<string, Rule>()
  const found = decision.verdict === 'denied' ? decision.deciding : possibleIn(decision)
  const ofNamed = found.filter(({ policy }) => policy === named)
  for (const ref of ofNamed.length > 0 ? ofNamed : found) {
    if ((said === 'scp' || said === 'rcp') && ref.kind !== said) continue
    const statement = policies
      .find(({ name, kind }) => name === ref.policy && kind === ref.kind)
      ?.statements.find(({ index }) => index === ref.index)
    if (statement !== undefined) rules.set(`${ref.policy} ${ref.index}`, { ref, statement })
  }
  return [...rules.values()]
}

const possibleIn = ({ layers }: Decision): readonly StatementRef[] =>
  layers
    .filter(({ exempt }) => exempt === null)
    .flatMap(({ statements }) => statements)
    .filter(({ effect, matches }) => effect === 'Deny' && matches === 'unknown')
