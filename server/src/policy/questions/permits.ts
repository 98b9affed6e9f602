import type { Decision, Layer } from '../decision.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { NO_POLICIES, type Policy, type PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'
import { all, any, not, type Truth } from '../truth.ts'

type Engine = (request: Request, set: PolicySet) => Decision

/**
 * Whether the policies taken together, seen alone, let a request pass: some statement allows and none denies (RCPs: none
 * denies). The naive engine decides, so that it confirms what the sets say; it takes long over large policies.
 */
export function permits(policies: readonly Policy[], request: Request, engine = evaluateNaively): Truth {
  const layers = policies.flatMap((policy) => aloneIn(policy, request, engine))
  const denied = any(layers.map(({ explicitDeny }) => explicitDeny))
  const isRcp = policies.some(({ kind }) => kind === 'rcp')
  return all([not(denied), isRcp ? 'yes' : any(layers.map(({ allow }) => allow))])
}

const aloneIn = (policy: Policy, request: Request, engine: Engine): readonly Layer[] => {
  const speaksOfPrincipals = ['resource', 'trust', 'rcp'].includes(policy.kind)
  const set = speaksOfPrincipals
    ? { ...NO_POLICIES, resource: policy }
    : { ...NO_POLICIES, identity: [policy] }
  const decision = engine(request, set)
  return decision.layers.filter(({ kind }) => kind === (speaksOfPrincipals ? 'resource' : 'identity'))
}
