import type { ElementReason, Grants, Missing, StatementResult } from '../decision.ts'
import type { ConditionElement, Policy, PolicySet, Statement } from '../policies.ts'
import { anyGrant, matchPrincipal } from '../principal/match.ts'
import { lookup, type Principal, type Request } from '../request.ts'
import { all, type Truth } from '../truth.ts'

/** How the elements of a statement look from one request; each evaluator computes this in its own way. */
export interface ElementTruths {
  readonly principal: Grants
  readonly action: Truth
  readonly resource: Truth
  readonly conditions: readonly Truth[]
}

/** All elements must hold. */
export const statementTruth = ({ principal, action, resource, conditions }: ElementTruths): Truth =>
  all([anyGrant(principal), action, resource, ...conditions])

/** The statement's grants by how it names the principal (only Allow statements of resource policies need it). */
export function grantsOf({ principal, action, resource, conditions }: ElementTruths): Grants {
  const rest = all([action, resource, ...conditions])
  return {
    direct: all([principal.direct, rest]),
    role: all([principal.role, rest]),
    account: all([principal.account, rest]),
  }
}

/**
 * Whether the statement speaks of the principal. "The NotPrincipal element with a Deny effect will always deny any
 * IAM principal that has a permissions boundary policy attached" (IAM User Guide, NotPrincipal).
 */
export function principalGrants(
  statement: Statement,
  principal: Principal,
  boundary: PolicySet['boundary'],
): Grants {
  const grants = matchPrincipal(statement.principal, principal)
  const trap = statement.principal?.negated === true && statement.effect === 'Deny' && boundary !== null
  if (!trap || (principal.type !== 'user' && principal.type !== 'role')) return grants
  if (boundary !== 'unknown') return { ...grants, direct: 'yes' }
  return grants.direct === 'yes' ? grants : { ...grants, direct: 'unknown' }
}

/** What the evaluators add to an element that is open. */
export interface OpenKeys {
  condition(condition: ConditionElement): readonly string[]
  resource(): readonly string[]
}

/** Each key once: several values of a list may wait for the same variable. */
const keys = (names: readonly string[]): readonly Missing[] =>
  [...new Set(names)].map((key) => ({ what: 'context', key }))

/** Why a statement does not match, or cannot be decided: the elements that are `no`, else those that are `unknown`. */
export function reasonsOf(
  statement: Statement,
  request: Request,
  truths: ElementTruths,
  open: OpenKeys,
): readonly ElementReason[] {
  const overall = statementTruth(truths)
  if (overall === 'yes') return []
  const wanted = (truth: Truth): truth is 'no' | 'unknown' => truth === overall
  const reasons: ElementReason[] = []
  const principal = anyGrant(truths.principal)
  if (wanted(principal)) reasons.push(principalReason(statement, request, principal))
  if (wanted(truths.action))
    reasons.push({
      element: 'action',
      matches: truths.action,
      ...patterns(statement.action),
      actual: request.action,
      open: [],
    })
  if (wanted(truths.resource) && statement.resource !== null)
    reasons.push({
      element: 'resource',
      matches: truths.resource,
      ...patterns(statement.resource),
      actual: request.resource.arn,
      open: truths.resource === 'unknown' ? resourceOpen(request, open) : [],
    })
  statement.conditions.forEach((condition, i) => {
    const matches = truths.conditions[i] ?? 'no'
    if (wanted(matches)) reasons.push(conditionReason(condition, request, matches, open))
  })
  return reasons
}

const resourceOpen = ({ resource }: Request, open: OpenKeys): readonly Missing[] =>
  resource.arn === null || resource.isBeginning === true
    ? [{ what: 'resource' }, ...keys(open.resource())]
    : keys(open.resource())

const patterns = ({ negated, patterns: wanted, place }: Statement['action']) => ({ negated, wanted, place })

function principalReason(
  statement: Statement,
  { principal }: Request,
  matches: 'no' | 'unknown',
): ElementReason {
  return {
    element: 'principal',
    matches,
    negated: statement.principal?.negated ?? false,
    wanted: statement.principal?.entries.map(({ value }) => value) ?? [],
    actual:
      principal.sessionArn ?? principal.arn ?? principal.service ?? principal.provider ?? principal.account,
    open: matches === 'unknown' ? [principalMissing(principal)] : [],
    place: statement.principal?.place ?? statement.place,
  }
}

function principalMissing(principal: Principal): Missing {
  if (principal.type === 'unknown' || principal.type === 'account' || principal.arn === null)
    return { what: 'principal' }
  return { what: principal.account === null ? 'principal_account' : 'session_arn' }
}

const conditionReason = (
  condition: ConditionElement,
  request: Request,
  matches: 'no' | 'unknown',
  open: OpenKeys,
): ElementReason => ({
  element: 'condition',
  matches,
  operator: condition.operator,
  key: condition.key,
  wanted: condition.values,
  actual: lookup(request, condition.key.toLowerCase()),
  open: matches === 'unknown' ? keys(open.condition(condition)) : [],
  place: condition.place,
})

export const resultOf = (
  policy: Policy,
  statement: Statement,
  target: string | null,
  matches: Truth,
  reasons: readonly ElementReason[],
): StatementResult => ({
  kind: policy.kind,
  target,
  policy: policy.name,
  index: statement.index,
  sid: statement.sid,
  effect: statement.effect,
  place: statement.place,
  matches,
  reasons,
})
