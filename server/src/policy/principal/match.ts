import type { Grants } from '../decision.ts'
import type { PrincipalElement, PrincipalEntry } from '../policies.ts'
import type { Principal } from '../request.ts'
import { any, not, type Truth, truthOf } from '../truth.ts'

/** To whom an entry of `Principal` speaks, seen from one principal; see `Grants`. */
interface EntryMatch {
  readonly as: keyof Grants
  readonly matches: Truth
}

const NOBODY: EntryMatch = { as: 'direct', matches: 'no' }
const direct = (matches: Truth): EntryMatch => ({ as: 'direct', matches })

/**
 * How a `Principal` element names the principal. Source: IAM User Guide, "AWS JSON policy elements: Principal".
 * An element that is `null` (policies attached to the principal) speaks of it directly.
 */
export function matchPrincipal(element: PrincipalElement | null, principal: Principal): Grants {
  if (element === null) return { direct: 'yes', role: 'no', account: 'no' }
  const found = element.entries.map((entry) => matchEntry(entry, principal))
  const as = (kind: keyof Grants) =>
    any(found.filter((match) => match.as === kind).map(({ matches }) => matches))
  // With `NotPrincipal` the account's ARN stands for the account alone, not for everybody in it: "all principals
  // except the user named Bob" are denied by a list of Bob and his account (IAM User Guide, NotPrincipal).
  if (element.negated) return { direct: not(any([as('direct'), as('role')])), role: 'no', account: 'no' }
  return { direct: as('direct'), role: as('role'), account: as('account') }
}

export const anyGrant = ({ direct: d, role, account }: Grants): Truth => any([d, role, account])

function matchEntry({ type, value }: PrincipalEntry, principal: Principal): EntryMatch {
  if (type === 'AWS' && value === '*') return direct('yes')
  if (principal.type === 'unknown') return direct('unknown')
  if (type === 'Service') return direct(truthOf(matchesService(value, principal)))
  if (type === 'Federated') return direct(matchesProvider(value, principal))
  if (type === 'CanonicalUser') return { as: 'account', matches: matchesCanonical(value, principal) }
  const account = /^\d{12}$/.test(value) ? value : /^arn:[^:]+:iam::(\d{12}):root$/.exec(value)?.[1]
  return account === undefined ? matchArn(value, principal) : matchAccount(account, principal)
}

const matchesService = (value: string, { type, service }: Principal): boolean =>
  type === 'service' && (value === '*' || value.toLowerCase() === service?.toLowerCase())

function matchesProvider(value: string, { type, provider }: Principal): Truth {
  if (type !== 'web_identity' && type !== 'saml') return 'no'
  return provider === undefined ? 'unknown' : truthOf(value === provider || value === '*')
}

function matchesCanonical(value: string, principal: Principal): Truth {
  if (principal.canonicalUser !== undefined) return truthOf(principal.canonicalUser === value)
  return hasAccount(principal) ? 'unknown' : 'no'
}

const hasAccount = ({ type }: Principal): boolean =>
  !['service', 'anonymous', 'web_identity', 'saml'].includes(type)

function matchAccount(account: string, principal: Principal): EntryMatch {
  if (!hasAccount(principal)) return NOBODY
  const matches = principal.account === null ? 'unknown' : truthOf(principal.account === account)
  // The root user IS the account.
  return { as: principal.type === 'root' ? 'direct' : 'account', matches }
}

/** ARN of a user, a role, a session or a federated user; parts after the account. */
function matchArn(value: string, principal: Principal): EntryMatch {
  const [, , , , account = '', resource = ''] = value.split(':')
  if (!hasAccount(principal) || (principal.account !== null && principal.account !== account)) return NOBODY
  const kind = resource.slice(0, resource.indexOf('/'))
  if (kind === 'role') return { as: 'role', matches: matchesRole(value, principal) }
  if (kind === 'assumed-role') return direct(matchesSession(value, principal))
  if (kind === 'user') return direct(matchesOwn(value, 'user', principal))
  if (kind === 'federated-user') return direct(matchesOwn(value, 'federated_user', principal))
  return NOBODY
}

function matchesOwn(value: string, type: Principal['type'], principal: Principal): Truth {
  if (principal.type === 'account') return 'unknown'
  if (principal.type !== type) return 'no'
  return principal.arn === null ? 'unknown' : truthOf(principal.arn === value)
}

const isSession = ({ type }: Principal) => type === 'role' || type === 'service_linked_role'

function matchesRole(value: string, principal: Principal): Truth {
  if (principal.type === 'account') return 'unknown'
  if (!isSession(principal)) return 'no'
  if (principal.arn !== null) return truthOf(principal.arn === value)
  // Names of roles are unique in an account whatever their path, and the session tells the name.
  const role = roleOfSession(principal.sessionArn)
  if (role === null) return 'unknown'
  if (role !== lastPart(value)) return 'no'
  return principal.account === null ? 'unknown' : 'yes'
}

function matchesSession(value: string, principal: Principal): Truth {
  if (principal.type === 'account') return 'unknown'
  if (!isSession(principal)) return 'no'
  if (typeof principal.sessionArn === 'string') return truthOf(principal.sessionArn === value)
  if (principal.arn === null) return 'unknown'
  return roleOfSession(value) === lastPart(principal.arn) ? 'unknown' : 'no'
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

function roleOfSession(sessionArn: string | null | undefined): string | null {
  return /:assumed-role\/([^/]+)\//.exec(sessionArn ?? '')?.[1] ?? null
}
