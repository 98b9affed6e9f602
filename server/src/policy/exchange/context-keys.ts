import { ABSENT, type ContextEntry, known, type Principal, type Request, UNKNOWN } from '../request.ts'
import { ALWAYS_PRESENT_KEYS, SIGNED_REQUEST_KEYS } from '../rules/rules.ts'

type Keys = readonly (readonly [string, ContextEntry])[]

/**
 * Context keys that AWS fills in from who calls and what is called. What the request says itself is never changed.
 * Source: IAM User Guide, "AWS global condition context keys" and "Principal key values".
 */
export function withDerivedKeys(request: Request): Request {
  const context = new Map<string, ContextEntry>([...derivedKeys(request), ...request.context])
  return { ...request, context }
}

/**
 * Keys that AWS puts into this request whatever it is: leaving them out cannot mean that they are absent. Those of principal
 * and resource are asked for only where they would be derived, were more known.
 */
export function withOpenKeys(request: Request, derive: boolean): Request {
  const open = [...ALWAYS_PRESENT_KEYS, ...(derive ? underivedKeys(request) : [])]
  return { ...request, context: new Map([...open.map((key) => [key, UNKNOWN] as const), ...request.context]) }
}

function underivedKeys({ principal, resource }: Request): readonly string[] {
  const perhapsUser = ['user', 'account', 'unknown'].includes(principal.type)
  return [
    ...(isUnsigned(principal) ? [] : SIGNED_REQUEST_KEYS),
    ...(perhapsUser ? ['aws:username'] : []),
    ...(resource.account === null ? ['aws:resourceaccount'] : []),
  ]
}

function derivedKeys({ principal, resource }: Request): Keys {
  return [...principalKeys(principal), ...resourceKeys(resource.account)]
}

const resourceKeys = (account: string | null): Keys =>
  account === null ? [] : [['aws:resourceaccount', known(account)]]

/** `sts:AssumeRoleWithSAML` and `…WithWebIdentity` are not signed either. */
const isUnsigned = ({ type }: Principal) => ['anonymous', 'web_identity', 'saml'].includes(type)

function principalKeys(principal: Principal): Keys {
  if (principal.type === 'unknown') return []
  const service = principal.type === 'service'
  const type = PRINCIPAL_TYPE[principal.type]
  const keys: (readonly [string, ContextEntry])[] = [
    ['aws:principalisawsservice', isUnsigned(principal) ? ABSENT : known(String(service))],
  ]
  if (type !== undefined) keys.push(['aws:principaltype', known(type)])
  if (service && principal.service !== undefined)
    keys.push(['aws:principalservicename', known(principal.service)])
  return [...keys, ...(service || isUnsigned(principal) ? strangerKeys(principal) : memberKeys(principal))]
}

/** Who has no account: "For anonymous requests, the request context returns `anonymous`." */
function strangerKeys({ type }: Principal): Keys {
  const anonymous = type === 'anonymous'
  return [
    ['aws:principalarn', ABSENT],
    ['aws:principalaccount', anonymous ? known('anonymous') : ABSENT],
    ...(anonymous ? ([['aws:userid', known('anonymous')]] as const) : []),
  ]
}

function memberKeys(principal: Principal): Keys {
  const { type, account } = principal
  const keys: (readonly [string, ContextEntry])[] = []
  const arn = principal.arn ?? roleOfSession(principal)
  if (arn !== null) keys.push(['aws:principalarn', known(arn)])
  if (account !== null) keys.push(['aws:principalaccount', known(account)])
  if (type === 'root' && account !== null) keys.push(['aws:userid', known(account)])
  if (arn === null) return keys
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  if (type === 'user') keys.push(['aws:username', known(name)])
  if (type === 'federated_user' && account !== null) keys.push(['aws:userid', known(`${account}:${name}`)])
  return keys
}

/**
 * The role of a session of which no more is known, taken to have the path `/`. Roles of the Identity Center never have
 * that path, and theirs tells a Region: `role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_…`.
 */
function roleOfSession({ sessionArn }: Principal): string | null {
  const [, partition, account, name] =
    /^arn:([^:]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(sessionArn ?? '') ?? []
  if (name === undefined || name.startsWith('AWSReservedSSO_')) return null
  return `arn:${partition}:iam::${account}:role/${name}`
}

const PRINCIPAL_TYPE: Readonly<Partial<Record<Principal['type'], string>>> = {
  user: 'User',
  role: 'AssumedRole',
  service_linked_role: 'AssumedRole',
  root: 'Account',
  federated_user: 'FederatedUser',
  anonymous: 'Anonymous',
}
