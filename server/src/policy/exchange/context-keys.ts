import { ABSENT, type ContextEntry, known, type Principal, type Request } from '../request.ts'

/**
 * Context keys that AWS fills in from who calls and what is called. What the request says itself is never changed.
 * Source: IAM User Guide, "AWS global condition context keys" and "Principal key values".
 */
export function withDerivedKeys(request: Request): Request {
  const context = new Map<string, ContextEntry>([...derivedKeys(request), ...request.context])
  return { ...request, context }
}

function derivedKeys({ principal, resource }: Request): readonly (readonly [string, ContextEntry])[] {
  if (principal.type === 'unknown') return resourceKeys(resource.account)
  return [...principalKeys(principal), ...resourceKeys(resource.account)]
}

const resourceKeys = (account: string | null): readonly (readonly [string, ContextEntry])[] =>
  account === null ? [] : [['aws:resourceaccount', known(account)]]

function principalKeys(principal: Principal): readonly (readonly [string, ContextEntry])[] {
  const service = principal.type === 'service'
  const keys: (readonly [string, ContextEntry])[] = [['aws:principalisawsservice', known(String(service))]]
  const nobody = ['service', 'anonymous', 'web_identity', 'saml'].includes(principal.type)
  if (nobody) keys.push(['aws:principalarn', ABSENT], ['aws:principalaccount', ABSENT])
  if (service && principal.service !== undefined)
    keys.push(['aws:principalservicename', known(principal.service)])
  if (!nobody && principal.arn !== null) keys.push(['aws:principalarn', known(principal.arn)])
  if (!nobody && principal.account !== null) keys.push(['aws:principalaccount', known(principal.account)])
  const type = PRINCIPAL_TYPE[principal.type]
  if (type !== undefined) keys.push(['aws:principaltype', known(type)])
  if (principal.type === 'user' && principal.arn !== null)
    keys.push(['aws:username', known(principal.arn.slice(principal.arn.lastIndexOf('/') + 1))])
  return keys
}

const PRINCIPAL_TYPE: Readonly<Partial<Record<Principal['type'], string>>> = {
  user: 'User',
  role: 'AssumedRole',
  service_linked_role: 'AssumedRole',
  root: 'Account',
  federated_user: 'FederatedUser',
  anonymous: 'Anonymous',
}
