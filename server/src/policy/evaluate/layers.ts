import type { Exemption, Grants, Layer, StatementResult } from '../decision.ts'
import type { Policy, PolicyKind, PolicyLevel, PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'
import { all, any, not, type Truth } from '../truth.ts'
import { type Application, hasIdentity, rcpApplies, scpApplies } from './exempt.ts'

/** One statement as an evaluator saw it. */
export interface Evaluated {
  readonly result: StatementResult
  readonly grants: Grants
}

/** What an evaluator is: it evaluates every statement of a policy against a request. */
export type EvaluatePolicy = (
  policy: Policy,
  target: string | null,
  request: Request,
  boundary: PolicySet['boundary'],
) => readonly Evaluated[]

/** Each kind of policy seen alone: SCP and RCP levels from the root down, then the rest in AWS's order. */
export function layersOf(set: PolicySet, request: Request, evaluate: EvaluatePolicy): readonly Layer[] {
  const layer = (kind: PolicyKind, policies: readonly Policy[], target: string | null = null) =>
    layerOf(
      kind,
      target,
      policies.flatMap((policy) => evaluate(policy, target, request, set.boundary)),
    )
  const list = (kind: PolicyKind, policies: readonly Policy[] | null | 'unknown'): readonly Layer[] => {
    if (policies === 'unknown') return [unknownLayer(kind)]
    return policies === null ? [] : [layer(kind, policies)]
  }
  const levels = (
    kind: 'scp' | 'rcp',
    given: readonly PolicyLevel[] | 'unknown',
    application: Application,
  ) => {
    const found =
      given === 'unknown' ? [unknownLayer(kind)] : given.map((l) => layer(kind, l.policies, l.target))
    return found.map((each) => applied(kind === 'rcp' ? { ...each, allow: 'yes' } : each, application))
  }
  const one = (policy: Policy | null | 'unknown') =>
    policy === null || policy === 'unknown' ? policy : [policy]
  return [
    ...levels('scp', set.scps, scpApplies(request)),
    // RCPFullAWSAccess is attached everywhere and cannot be detached: an RCP never denies by saying nothing.
    ...levels('rcp', set.rcps, rcpApplies(request)),
    ...list('resource', one(set.resource)),
    // Services, anonymous callers and identity providers have no policies of their own.
    ...(hasIdentity(request.principal) === 'no'
      ? []
      : [
          ...list('identity', set.identity),
          ...list('boundary', one(set.boundary)),
          ...list('session', set.session),
        ]),
  ]
}

function layerOf(kind: PolicyKind, target: string | null, evaluated: readonly Evaluated[]): Layer {
  const matching = (effect: 'Allow' | 'Deny') =>
    any(evaluated.filter(({ result }) => result.effect === effect).map(({ result }) => result.matches))
  const allows = evaluated.filter(({ result }) => result.effect === 'Allow')
  const grant = (as: keyof Grants) => any(allows.map(({ grants }) => grants[as]))
  const layer = {
    kind,
    target,
    explicitDeny: matching('Deny'),
    allow: matching('Allow'),
    grants:
      kind === 'resource'
        ? { direct: grant('direct'), role: grant('role'), account: grant('account') }
        : null,
    exempt: null,
    statements: evaluated.map(({ result }) => result),
  }
  return withVerdict(layer)
}

const withVerdict = (layer: Omit<Layer, 'verdict'>): Layer => {
  const allowed: Truth = all([not(layer.explicitDeny), layer.allow])
  return { ...layer, verdict: allowed === 'yes' ? 'allowed' : allowed === 'no' ? 'denied' : 'unknown' }
}

function unknownLayer(kind: PolicyKind): Layer {
  const grants: Grants | null =
    kind === 'resource' ? { direct: 'unknown', role: 'unknown', account: 'unknown' } : null
  return {
    kind,
    target: null,
    verdict: 'unknown',
    explicitDeny: 'unknown',
    allow: 'unknown',
    grants,
    exempt: null,
    statements: [],
  }
}

/** A layer whose application is in doubt is in doubt itself, unless it says nothing against the request. */
function applied(layer: Layer, { applies, exempt }: Application): Layer {
  if (applies === 'no')
    return { ...layer, exempt: exempt as Exemption, explicitDeny: 'no', allow: 'yes', verdict: 'allowed' }
  if (applies === 'yes') return withVerdict(layer)
  return withVerdict({
    ...layer,
    explicitDeny: all([applies, layer.explicitDeny]),
    allow: any([not(applies), layer.allow]),
  })
}
