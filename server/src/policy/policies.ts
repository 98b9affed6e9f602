/** Kinds of policy documents. `trust` is a role's trust policy: a resource policy without `Resource`. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp'

/** Where something stands in the source text: `$.Statement[0].Action`, lines and columns from 1. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** A parsed and checked policy document. */
export interface Policy {
  readonly kind: PolicyKind
  /** What people call it: a file, an ARN, a policy id. Empty when the source has no name. */
  readonly name: string
  /** `2008-10-17` (also when the document says nothing) knows no policy variables. */
  readonly version: '2008-10-17' | '2012-10-17'
  readonly id: string | null
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly index: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** `null` in kinds that have no principal; those speak of whom they are attached to. */
  readonly principal: PrincipalElement | null
  readonly action: PatternElement
  /** `null` only in trust policies: the role itself. */
  readonly resource: PatternElement | null
  readonly conditions: readonly ConditionElement[]
  readonly place: Place
}

/** `Action` or `NotAction`, `Resource` or `NotResource`, in the words of the author. */
export interface PatternElement {
  readonly negated: boolean
  readonly patterns: readonly string[]
  /** Where each pattern stands; missing in elements that no document has. */
  readonly at?: readonly Place[]
  readonly place: Place
}

/** Where one pattern of the element stands, the first of equal ones. */
export function placeOfPattern(element: PatternElement, pattern: string): Place {
  const known = PLACES.get(element) ?? placesOf(element)
  PLACES.set(element, known)
  return known.get(pattern) ?? element.place
}
const PLACES = new WeakMap<PatternElement, ReadonlyMap<string, Place>>()

/** As a map: each of thousands of patterns may be asked for. */
function placesOf({ patterns, at, place }: PatternElement): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const [i, pattern] of patterns.entries())
    if (!places.has(pattern)) places.set(pattern, at?.[i] ?? place)
  return places
}

export interface PrincipalElement {
  readonly negated: boolean
  readonly entries: readonly PrincipalEntry[]
  readonly place: Place
}

/** `*` alone stands as `{ type: 'AWS', value: '*' }` with `everyone`; `{"AWS": "*"}` means the same to AWS. */
export interface PrincipalEntry {
  readonly type: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'
  readonly value: string
}

/** One key under one operator. */
export interface ConditionElement {
  readonly operator: ConditionOperator
  /** As written; compare `key.toLowerCase()`. */
  readonly key: string
  readonly values: readonly string[]
  readonly place: Place
}

export interface ConditionOperator {
  /** Canonical spelling without set operator and `IfExists`: `StringNotLike`. */
  readonly name: OperatorName
  readonly set: 'ForAllValues' | 'ForAnyValue' | null
  readonly ifExists: boolean
}

export type OperatorName =
  | 'StringEquals'
  | 'StringNotEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringNotEqualsIgnoreCase'
  | 'StringLike'
  | 'StringNotLike'
  | 'NumericEquals'
  | 'NumericNotEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateNotEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'NotIpAddress'
  | 'ArnEquals'
  | 'ArnNotEquals'
  | 'ArnLike'
  | 'ArnNotLike'
  | 'Null'

/** What is attached at one place of the organisation: the root, an OU on the way down, or the account. */
export interface PolicyLevel {
  /** Id or name of the target, for explanations. */
  readonly target: string
  readonly policies: readonly Policy[]
}

/**
 * All policies that bear on one request. `unknown` means that we were not told; it never means that there
 * are none. SCPs belong to the PRINCIPAL's account, RCPs to the account that OWNS the resource.
 */
export interface PolicySet {
  /** `[]`: the identity has no permissions of its own. */
  readonly identity: readonly Policy[] | 'unknown'
  /** `null`: no permissions boundary. */
  readonly boundary: Policy | null | 'unknown'
  /** `null`: no session policy; several session policies are one union. */
  readonly session: readonly Policy[] | null | 'unknown'
  /** `null`: the resource has no policy. */
  readonly resource: Policy | null | 'unknown'
  /** Root first, account last. `[]`: not in an organisation, or SCPs are not enabled. */
  readonly scps: readonly PolicyLevel[] | 'unknown'
  readonly rcps: readonly PolicyLevel[] | 'unknown'
}

/** A set in which nothing limits and nothing grants; spread it and name what there is. */
export const NO_POLICIES: PolicySet = {
  identity: [],
  boundary: null,
  session: null,
  resource: null,
  scps: [],
  rcps: [],
}
