import type { ConditionOperator, Place, PolicyKind } from './policies.ts'
import type { ContextEntry } from './request.ts'
import type { Truth } from './truth.ts'

export type Verdict = 'allowed' | 'denied' | 'unknown'

/** The answer to one request, with everything that is needed to explain it. Text is rendered at the edge. */
export interface Decision {
  readonly verdict: Verdict
  readonly why: DecisionReason
  /** Kinds of policy that decided: those that deny, or those that grant; for `unknown` those that are open. */
  readonly by: readonly PolicyKind[]
  /** The statements that decided: every matching Deny, else every matching Allow of the granting kinds. */
  readonly deciding: readonly StatementRef[]
  /** Each kind of policy (SCPs and RCPs: each level) by itself, in the order in which AWS evaluates. */
  readonly layers: readonly Layer[]
  /** For `unknown`: what, if it were told, could decide. Empty otherwise. */
  readonly missing: readonly Missing[]
}

export type DecisionReason =
  | 'explicit_deny'
  /** No statement allows where one must: `by` tells in which kind. */
  | 'implicit_deny'
  | 'allowed'
  /** AWS asks no permission for this action (`sts:GetCallerIdentity`). */
  | 'no_permission_needed'
  | 'unknown'

/** One kind of policy, or one level of SCPs or RCPs, seen alone. */
export interface Layer {
  readonly kind: PolicyKind
  /** Target of the level (root, OU, account) for `scp` and `rcp`, else `null`. */
  readonly target: string | null
  /** `denied` with `explicit: 'no'` is the implicit deny: nothing allows here. */
  readonly verdict: Verdict
  readonly explicitDeny: Truth
  readonly allow: Truth
  /** Resource and trust policies: to whom they grant, which decides what else must allow. */
  readonly grants: Grants | null
  /** Why the layer has no say in this request, or `null` when it has. Its verdict is then of no effect. */
  readonly exempt: Exemption | null
  readonly statements: readonly StatementResult[]
}

/**
 * How the matching Allow statements of a resource policy name the principal. Source: IAM User Guide, "Policy
 * evaluation logic", resource-based policies and implicit denies in other policy types.
 */
export interface Grants {
  /** User, session, federated user, service, identity provider, or everyone: no implicit deny limits it. */
  readonly direct: Truth
  /** The role behind the session: boundary and session policy limit it. */
  readonly role: Truth
  /** The account: it may pass the permission on, so the identity policies must allow too. */
  readonly account: Truth
}

export type Exemption =
  | 'management_account'
  | 'service_linked_role'
  | 'service_principal'
  | 'anonymous'
  | 'not_rcp_service'
  | 'not_restricted_action'
  | 'action_without_resource'
  | 'none_attached'
  | 'outside_organization'

export interface StatementRef {
  readonly kind: PolicyKind
  readonly target: string | null
  readonly policy: string
  readonly index: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  readonly place: Place
}

export interface StatementResult extends StatementRef {
  readonly matches: Truth
  /** Why it did not match, or what is open: the elements that are `no` or `unknown`. Empty when it matches. */
  readonly reasons: readonly ElementReason[]
}

/** One element of a statement that does not match, or that cannot be decided. */
export type ElementReason =
  | {
      readonly element: 'principal' | 'action' | 'resource'
      readonly matches: 'no' | 'unknown'
      readonly negated: boolean
      /** What the statement wants, as written. */
      readonly wanted: readonly string[]
      /** What the request has; `null` when not known. */
      readonly actual: string | null
      /** For `unknown`: what would decide it. */
      readonly open: readonly Missing[]
      readonly place: Place
    }
  | {
      readonly element: 'condition'
      readonly matches: 'no' | 'unknown'
      readonly operator: ConditionOperator
      readonly key: string
      readonly wanted: readonly string[]
      readonly actual: ContextEntry
      readonly open: readonly Missing[]
      readonly place: Place
    }

/** A fact that would decide, if it were told. */
export type Missing =
  | { readonly what: 'context'; readonly key: string }
  | {
      readonly what:
        | 'principal'
        | 'principal_account'
        | 'session_arn'
        | 'resource'
        | 'resource_account'
        | 'management_account'
    }
  | { readonly what: 'policies'; readonly kind: PolicyKind }
