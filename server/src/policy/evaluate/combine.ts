import type { Decision, DecisionReason, Grants, Layer, Missing, StatementRef, Verdict } from '../decision.ts'
import type { PolicyKind, PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'
import { NO_PERMISSION_NEEDED, resourcePolicyDecides } from '../rules/rules.ts'
import { all, any, not, type Truth, truthOf } from '../truth.ts'
import { hasIdentity } from './exempt.ts'

const NO_GRANTS: Grants = { direct: 'no', role: 'no', account: 'no' }

/**
 * All kinds of policy together. An explicit deny anywhere wins; SCPs allow at every level; then the identity's side and
 * the resource's side as the IAM User Guide tells it ("Policy evaluation logic", "Cross-account policy evaluation logic").
 */
export function combine(layers: readonly Layer[], set: PolicySet, request: Request): Decision {
  if (NO_PERMISSION_NEEDED.has(request.action.toLowerCase()))
    return { verdict: 'allowed', why: 'no_permission_needed', by: [], deciding: [], layers, missing: [] }
  const denied = any(layers.map((layer) => layer.explicitDeny))
  const granted = grantedOf(layers, set, request)
  const scp = all(layers.filter(({ kind }) => kind === 'scp').map(({ allow }) => allow))
  const allowed = all([not(denied), scp, granted])
  const verdict: Verdict = allowed === 'yes' ? 'allowed' : allowed === 'no' ? 'denied' : 'unknown'
  const why = reasonOf(verdict, denied)
  const by = decidersOf(why, layers, set, request)
  return {
    verdict,
    why,
    by,
    deciding: decidingStatements(why, by, layers),
    layers,
    missing: verdict === 'unknown' ? missingOf(layers, set, request) : [],
  }
}

function reasonOf(verdict: Verdict, denied: Truth): DecisionReason {
  if (verdict === 'denied') return denied === 'yes' ? 'explicit_deny' : 'implicit_deny'
  return verdict
}

/** Whether the principal has the permission, seen from identity and resource, before any explicit deny and SCP. */
function grantedOf(layers: readonly Layer[], set: PolicySet, request: Request): Truth {
  const sides = sidesOf(layers, set, request)
  return either(sameAccount(request), withinAccount(sides, request), acrossAccounts(sides))
}

interface Sides {
  readonly hasIdentity: Truth
  readonly identity: Truth
  readonly boundary: Truth
  readonly session: Truth
  readonly resource: Grants
}

function sidesOf(layers: readonly Layer[], set: PolicySet, request: Request): Sides {
  const find = (kind: PolicyKind) => layers.find((layer) => layer.kind === kind)
  const { type } = request.principal
  // "All requests are implicitly denied with the exception of the AWS account root user, which has full access."
  const identity = type === 'root' ? 'yes' : (find('identity')?.allow ?? 'no')
  // A federated user without a session policy has only what resource policies grant (evaluation logic, step 7).
  const noSession = type === 'federated_user' ? 'no' : 'yes'
  return {
    hasIdentity: hasIdentity(request.principal),
    identity,
    boundary: set.boundary === null ? 'yes' : (find('boundary')?.allow ?? 'yes'),
    session: set.session === null ? noSession : (find('session')?.allow ?? 'no'),
    resource: find('resource')?.grants ?? NO_GRANTS,
  }
}

const identitySide = ({ hasIdentity: has, identity, boundary, session }: Sides): Truth =>
  all([has, identity, boundary, session])

/** One account: either side is enough, and what limits the identity limits only some grants of the resource. */
function withinAccount(sides: Sides, { action, resource: on }: Request): Truth {
  const { resource, boundary, session } = sides
  const byIdentity = identitySide(sides)
  return any([
    resource.direct,
    all([resource.role, boundary, session]),
    all([resource.account, byIdentity]),
    // KMS keys and role trust policies must themselves allow.
    all([not(resourcePolicyDecides(action, on)), byIdentity]),
  ])
}

/** Two accounts: both must allow. Services, anonymous callers and identity providers have no side of their own. */
function acrossAccounts(sides: Sides): Truth {
  const { direct, role, account } = sides.resource
  return all([any([not(sides.hasIdentity), identitySide(sides)]), any([direct, role, account])])
}

function sameAccount({ principal, resource }: Request): Truth {
  const has = hasIdentity(principal)
  if (has === 'no') return 'no'
  // Actions without a resource of their own act on the caller's account.
  if (has === 'yes' && resource.account === null && resource.arn === '*') return 'yes'
  if (has === 'unknown' || principal.account === null || resource.account === null) return 'unknown'
  return truthOf(principal.account === resource.account)
}

/** `yes` when the condition does not matter, or when it is known. */
function either(condition: Truth, ifYes: Truth, ifNo: Truth): Truth {
  if (condition === 'yes') return ifYes
  if (condition === 'no') return ifNo
  return ifYes === ifNo ? ifYes : 'unknown'
}

function decidersOf(
  why: DecisionReason,
  layers: readonly Layer[],
  set: PolicySet,
  request: Request,
): readonly PolicyKind[] {
  const kinds = (wanted: (layer: Layer) => boolean) => [
    ...new Set(layers.filter(wanted).map(({ kind }) => kind)),
  ]
  if (why === 'explicit_deny') return kinds((layer) => layer.explicitDeny === 'yes')
  if (why === 'unknown')
    return kinds((layer) => layer.explicitDeny === 'unknown' || layer.allow === 'unknown')
  if (why === 'allowed') return grantersOf(layers, set, request)
  const scps = kinds((layer) => layer.kind === 'scp' && layer.allow === 'no')
  return scps.length > 0 ? scps : withheldBy(layers, set, request)
}

function grantersOf(layers: readonly Layer[], set: PolicySet, request: Request): readonly PolicyKind[] {
  const sides = sidesOf(layers, set, request)
  const alone =
    sameAccount(request) === 'yes' && resourcePolicyDecides(request.action, request.resource) === 'no'
  const resource = Object.values(sides.resource).includes('yes')
  const identity = identitySide(sides) === 'yes'
  return [
    ...(resource ? (['resource'] as const) : []),
    ...(identity && (alone || resource) ? (['identity'] as const) : []),
  ]
}

/** The kinds that would have to allow, and do not. */
function withheldBy(layers: readonly Layer[], set: PolicySet, request: Request): readonly PolicyKind[] {
  const sides = sidesOf(layers, set, request)
  const needsResource =
    sameAccount(request) !== 'yes' || resourcePolicyDecides(request.action, request.resource) !== 'no'
  const found: PolicyKind[] = []
  if (needsResource && !Object.values(sides.resource).includes('yes')) found.push('resource')
  if (sides.hasIdentity !== 'no') {
    if (sides.identity === 'no') found.push('identity')
    if (sides.boundary === 'no') found.push('boundary')
    if (sides.session === 'no') found.push('session')
  }
  return found
}

function decidingStatements(
  why: DecisionReason,
  by: readonly PolicyKind[],
  layers: readonly Layer[],
): readonly StatementRef[] {
  if (why !== 'explicit_deny' && why !== 'allowed') return []
  const effect = why === 'allowed' ? 'Allow' : 'Deny'
  return layers
    .filter(({ kind, exempt }) => by.includes(kind) && exempt === null)
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.effect === effect && statement.matches === 'yes')
    .map(({ kind, target, policy, index, sid, effect: e, place }) => ({
      kind,
      target,
      policy,
      index,
      sid,
      effect: e,
      place,
    }))
}

/** Everything that is open in the layers that are open; each fact once. */
function missingOf(layers: readonly Layer[], set: PolicySet, request: Request): readonly Missing[] {
  const found = new Map<string, Missing>()
  const add = (missing: Missing) => void found.set(JSON.stringify(missing), missing)
  for (const layer of layers) {
    if (layer.exempt !== null) continue
    const unknown = layer.explicitDeny === 'unknown' || layer.allow === 'unknown'
    if (unknown && layer.statements.length === 0) add({ what: 'policies', kind: layer.kind })
    for (const statement of layer.statements) {
      const open = statement.effect === 'Deny' ? layer.explicitDeny : layer.allow
      if (open !== 'unknown' || statement.matches !== 'unknown') continue
      for (const reason of statement.reasons) reason.open.forEach(add)
    }
  }
  if (resourcePolicyDecides(request.action, request.resource) === 'unknown') add({ what: 'resource' })
  if (needsAccounts(layers, set, request)) accountsMissing(request).forEach(add)
  return [...found.values()]
}

function needsAccounts(layers: readonly Layer[], set: PolicySet, request: Request): boolean {
  const sides = sidesOf(layers, set, request)
  const accountsMatter = withinAccount(sides, request) !== acrossAccounts(sides)
  return (
    (sameAccount(request) === 'unknown' && accountsMatter) ||
    (request.organization?.managementAccount ?? null) !== null
  )
}

function accountsMissing({ principal, resource }: Request): readonly Missing[] {
  const missing: Missing[] = []
  if (principal.type === 'unknown') missing.push({ what: 'principal' })
  else if (hasIdentity(principal) === 'yes' && principal.account === null)
    missing.push({ what: 'principal_account' })
  if (resource.account === null && resource.arn !== '*') missing.push({ what: 'resource_account' })
  return missing
}
