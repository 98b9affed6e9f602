/**
 * One authorisation check: one principal, one action, one resource. An API call that touches several
 * resources (`ec2:RunInstances`) is several requests, all of which must be allowed.
 */
export interface Request {
  /** `service:Action`; compared without regard to case. */
  readonly action: string
  readonly resource: ResourceFacts
  readonly principal: Principal
  /** Context keys in LOWER case (`aws:principaltag/team`); build it with `contextOf`. */
  readonly context: RequestContext
  /** How to read a key that `context` does not list: was it not in the request, or were we not told? */
  readonly unlisted: 'absent' | 'unknown'
  /** Facts about the organisation that no context key tells. Default: nobody is exempt. */
  readonly organization?: OrganizationFacts
}

export interface ResourceFacts {
  /** ARN; `*` for actions that name no resource; `null` when it is not known. */
  readonly arn: string | null
  /** Only the beginning of the ARN is known, up to a `/` or `:`; behind it stands some text without a colon. */
  readonly isBeginning?: boolean
  /** Twelve digits of the OWNER (S3 and Route 53 ARNs do not carry it); `null` when not known. */
  readonly account: string | null
}

export interface OrganizationFacts {
  /** SCPs do not bind principals of this account, RCPs do not bind its resources. `null`: there is none. */
  readonly managementAccount: string | null
  /** Service-linked roles are recognised by their path; set this when the caller knows better. */
  readonly serviceLinkedRole?: boolean
}

/**
 * - `user` IAM user · `root` root user of an account · `role` session of an assumed role
 * - `service_linked_role` session of a service-linked role: no SCP and no RCP binds it
 * - `federated_user` session of `sts:GetFederationToken`
 * - `web_identity`, `saml` caller of `sts:AssumeRoleWith…`, before it has a role: `provider` names it
 * - `service` AWS service principal · `anonymous` unsigned request
 * - `account` only the account is known: some principal of it
 * - `unknown` nothing is known
 */
export type PrincipalType =
  | 'user'
  | 'role'
  | 'root'
  | 'federated_user'
  | 'web_identity'
  | 'saml'
  | 'service'
  | 'service_linked_role'
  | 'anonymous'
  | 'account'
  | 'unknown'

export interface Principal {
  readonly type: PrincipalType
  /**
   * ARN of the user, of the ROLE behind a session (with its path), of the root user
   * (`arn:aws:iam::111122223333:root`) or of the federated user. `null`: the type has none, or it is not known.
   */
  readonly arn: string | null
  /** Twelve digits; `null` for services, anonymous callers, identity providers, and when not known. */
  readonly account: string | null
  /** `arn:aws:sts::111122223333:assumed-role/Role/session` of a role's session, when known. */
  readonly sessionArn?: string | null
  /** Service principal, e.g. `cloudtrail.amazonaws.com`. */
  readonly service?: string
  /** Identity provider, e.g. `cognito-identity.amazonaws.com` or the ARN of an OIDC or SAML provider. */
  readonly provider?: string
  /** S3's canonical user id, when known. */
  readonly canonicalUser?: string
}

/** What is known of one context key. `known` with an empty list is a multi-valued key without a value. */
export type ContextEntry =
  | { readonly state: 'known'; readonly values: readonly string[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }

export type RequestContext = ReadonlyMap<string, ContextEntry>

export const ABSENT: ContextEntry = { state: 'absent' }
export const UNKNOWN: ContextEntry = { state: 'unknown' }
export const known = (...values: readonly string[]): ContextEntry => ({ state: 'known', values })

/** Context out of plain values; keys in any case, numbers and booleans as AWS writes them, `null` = absent. */
export function contextOf(values: Readonly<Record<string, PlainContextValue>>): RequestContext {
  return new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), plainEntry(value)]))
}

export type PlainContextValue = null | Scalar | readonly Scalar[]
type Scalar = string | number | boolean

export function plainEntry(value: PlainContextValue): ContextEntry {
  if (value === null) return ABSENT
  return { state: 'known', values: (Array.isArray(value) ? value : [value]).map(String) }
}

/** The one way to read a key: by its lower-case name. */
export function lookup(request: Request, key: string): ContextEntry {
  return request.context.get(key) ?? (request.unlisted === 'absent' ? ABSENT : UNKNOWN)
}

/** Service prefix of an action, in lower case. */
export const serviceOf = (action: string): string =>
  action.slice(0, Math.max(0, action.indexOf(':'))).toLowerCase()
