import type { Principal, PrincipalType } from '../request.ts'
import { type JsonObject, member, members, scalar, text } from './event.ts'
import type { KeyFacts } from './facts.ts'
import { accountOf } from './template.ts'

/** Who called, out of `userIdentity` alone, with the keys that it tells (facts/policy.md, table 7). */
export interface Caller {
  readonly principal: Principal
  readonly keys: KeyFacts
  /** The service that called in the name of the principal (forward access session), or `null`. */
  readonly via: string | null
  /** Whether a service acted in the principal's name: a service's own role is not told apart from a user's. */
  readonly viaService: 'yes' | 'no' | 'unknown'
}

const TYPES: Readonly<Record<string, PrincipalType>> = {
  Root: 'root',
  IAMUser: 'user',
  AssumedRole: 'role',
  Role: 'role',
  FederatedUser: 'federated_user',
  AWSService: 'service',
  AWSAccount: 'account',
  WebIdentityUser: 'web_identity',
  SAMLUser: 'saml',
}

/** `aws:PrincipalType` of each kind of caller (global condition keys, IAM user guide). */
const KEY_TYPES: Partial<Record<PrincipalType, string>> = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  service_linked_role: 'AssumedRole',
  federated_user: 'FederatedUser',
  anonymous: 'Anonymous',
}

export function callerOf(identity: JsonObject): Caller {
  const principal = principalOf(identity)
  const invokedBy = text(member(identity, 'invokedBy'))
  const viaService = viaOf(principal, invokedBy)
  return {
    principal,
    keys: { ...identityKeys(identity, principal), ...sessionKeys(identity, principal) },
    via: viaService === 'no' ? null : invokedBy,
    viaService,
  }
}

function viaOf(principal: Principal, invokedBy: string): Caller['viaService'] {
  const byService = /\.amazonaws\.com(\.cn)?$/.test(invokedBy) || invokedBy === 'AWS Internal'
  if (!byService || principal.type === 'service' || principal.type === 'service_linked_role') return 'no'
  // Records of the console name its sign-in here although the call came from the user's own address.
  if (invokedBy === 'signin.amazonaws.com') return 'unknown'
  // A role of this path is made for a service, which then acts for itself, not for a user.
  return principal.arn?.includes(':role/service-role/') ? 'unknown' : 'yes'
}

function principalOf(identity: JsonObject): Principal {
  const type = typeOf(identity)
  const arn = text(member(identity, 'arn'))
  const account = accountIn(identity, arn)
  if (type === 'service')
    return { type, arn: null, account: null, service: text(member(identity, 'invokedBy')) }
  if (type === 'anonymous') return { type, arn: null, account: null }
  if (type === 'web_identity' || type === 'saml')
    return { type, arn: null, account: null, provider: providerOf(identity) }
  if (type === 'role') return roleOf(identity, arn, account)
  if (type === 'unknown') return { type, arn: null, account }
  return { type, arn: arn === '' ? null : arn, account }
}

function typeOf(identity: JsonObject): PrincipalType {
  const type = text(member(identity, 'type'))
  const account = text(member(identity, 'accountId')).toLowerCase()
  const id = text(member(identity, 'principalId')).toLowerCase()
  if (account.startsWith('anonymous') || id === 'anonymous') return 'anonymous'
  if (Object.hasOwn(TYPES, type)) return TYPES[type] ?? 'unknown'
  // Events that one service sends to another carry `invokedBy` and no type.
  return type === '' && text(member(identity, 'invokedBy')) !== '' ? 'service' : 'unknown'
}

function accountIn(identity: JsonObject, arn: string): string | null {
  const account = text(member(identity, 'accountId'))
  return /^\d{12}$/.test(account) ? account : accountOf(arn)
}

const providerOf = (identity: JsonObject) =>
  text(member(identity, 'identityProvider')) || (text(member(identity, 'principalId')).split(':')[0] ?? '')

const issuerOf = (identity: JsonObject) =>
  members(member(members(member(identity, 'sessionContext')), 'sessionIssuer'))

/** The role behind a session. A session's ARN lacks the role's path, so without an issuer the role is not known. */
function roleOf(identity: JsonObject, arn: string, account: string | null): Principal {
  const issuer = text(member(issuerOf(identity), 'arn'))
  const role = issuer !== '' ? issuer : /^arn:[^:]*:iam:/.test(arn) ? arn : null
  const linked = role?.includes(':role/aws-service-role/') === true
  return {
    type: linked ? 'service_linked_role' : 'role',
    arn: role,
    account: account ?? (role === null ? null : accountOf(role)),
    sessionArn: arn.includes(':assumed-role/') ? arn : null,
  }
}

/** Calls without AWS's signature: a token of an identity provider, or nobody's. */
const UNSIGNED: readonly Principal['type'][] = ['anonymous', 'web_identity', 'saml']

function identityKeys(identity: JsonObject, principal: Principal): KeyFacts {
  const { type } = principal
  const isAnonymous = type === 'anonymous'
  const nobody = type === 'service' || isAnonymous
  const keys: Record<string, readonly string[] | null> = {}
  // "This key is present in the request context for all signed API requests that use AWS credentials."
  const isUnsigned = UNSIGNED.includes(type)
  put(keys, 'aws:principalisawsservice', isUnsigned ? '' : isService(type), isUnsigned)
  put(keys, 'aws:principalarn', principal.arn, nobody || isUnsigned)
  // "For anonymous requests, the request context returns anonymous." (AWS global condition context keys)
  put(keys, 'aws:principalaccount', isAnonymous ? 'anonymous' : principal.account, nobody)
  put(keys, 'aws:principaltype', KEY_TYPES[type] ?? null, type === 'service')
  put(keys, 'aws:userid', text(member(identity, 'principalId')), type === 'service')
  put(keys, 'aws:username', type === 'user' ? userName(identity) : '', type !== 'user' && type !== 'unknown')
  put(keys, 'aws:principalservicename', principal.service ?? '', !nobody || isAnonymous)
  if (nobody || type === 'root') keys['aws:principaltag/*'] = null
  return keys
}

const isService = (type: Principal['type']) => (type === 'unknown' ? null : String(type === 'service'))
const userName = (identity: JsonObject) => text(member(identity, 'userName'))

/** Known when there is a value, else absent or (not listed) unknown. */
function put(
  keys: Record<string, readonly string[] | null>,
  key: string,
  value: string | null,
  absent: boolean,
): void {
  if (value !== null && value !== '') keys[key] = [value]
  else if (absent) keys[key] = null
}

function sessionKeys(identity: JsonObject, principal: Principal): KeyFacts {
  const session = members(member(identity, 'sessionContext'))
  const attributes = members(member(session, 'attributes'))
  const longTerm =
    Object.keys(session).length === 0 &&
    !['role', 'federated_user', 'unknown', 'account'].includes(principal.type)
  const keys: Record<string, readonly string[] | null> = {}
  put(keys, 'aws:multifactorauthpresent', scalar(member(attributes, 'mfaAuthenticated')) ?? '', longTerm)
  if (longTerm) keys['aws:multifactorauthage'] = null
  put(keys, 'aws:tokenissuetime', text(member(attributes, 'creationDate')), longTerm)
  const seen = longTerm || Object.keys(session).length > 0
  put(keys, 'aws:sourceidentity', text(member(session, 'sourceIdentity')), seen)
  put(keys, 'ec2:roledelivery', versionText(member(session, 'ec2RoleDelivery')), seen)
  const federation = members(member(session, 'webIdFederationData'))
  put(keys, 'aws:federatedprovider', text(member(federation, 'federatedProvider')), seen)
  put(
    keys,
    'aws:assumedroot',
    scalar(member(session, 'assumedRoot')) ?? '',
    principal.type !== 'root' || seen,
  )
  return keys
}

const versionText = (value: unknown) =>
  typeof value === 'number' ? value.toFixed(1) : typeof value === 'string' ? value : ''
