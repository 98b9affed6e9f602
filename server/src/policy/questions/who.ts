import { evaluate } from '../compile/evaluate.ts'
import type { Decision } from '../decision.ts'
import { withDerivedKeys } from '../exchange/context-keys.ts'
import type { PolicySet } from '../policies.ts'
import type { OrganizationFacts, Principal, RequestContext, ResourceFacts } from '../request.ts'

/** A principal with everything that bears on it: its own policies, its SCPs, and what protects the resource. */
export interface PrincipalWithPolicies {
  readonly principal: Principal
  readonly policies: PolicySet
}

export interface WhatOnWhich {
  readonly action: string
  readonly resource: ResourceFacts
  /** What is known of every call; keys that are not named are unknown. */
  readonly context?: RequestContext
  readonly organization?: OrganizationFacts
}

export interface WhoCan {
  /** Whatever the rest of the request says. */
  readonly can: readonly Answered[]
  /** It depends: `decision.missing` tells on what. */
  readonly perhaps: readonly Answered[]
  readonly cannot: readonly Answered[]
}

export interface Answered {
  readonly principal: Principal
  readonly decision: Decision
}

/** Who of these can do this to that: three lists in the order of the principals. */
export function whoCan(
  { action, resource, context, organization }: WhatOnWhich,
  principals: readonly PrincipalWithPolicies[],
): WhoCan {
  const answered = principals.map(({ principal, policies }): Answered => {
    const request = withDerivedKeys({
      action,
      resource,
      principal,
      context: context ?? new Map(),
      unlisted: 'unknown',
      ...(organization === undefined ? {} : { organization }),
    })
    return { principal, decision: evaluate(request, policies) }
  })
  const having = (verdict: Decision['verdict']) =>
    answered.filter(({ decision }) => decision.verdict === verdict)
  return { can: having('allowed'), perhaps: having('unknown'), cannot: having('denied') }
}
