/** Who signed this request. Every protocol has its own names for the same refusals. */
import { AwsError, type Caller, type World } from './contract.ts'
import type { Protocol } from './model.ts'
import { accessKeys, callerOfKey, callerOfSession, sessions } from './principals.ts'
import type { WireRequest } from './protocol.ts'
import { type Authorization, checkSignature, type SignatureFault } from './sigv4.ts'

export interface Authenticated {
  readonly caller: Caller
  readonly accessKeyId: string
  /** null: signed with a long-term key. */
  readonly session: { readonly issuedAt: number } | null
  /** Session policies; null: none given. */
  readonly sessionPolicies: { readonly documents: readonly string[]; readonly arns: readonly string[] } | null
}

/** Sessions of older data folders do not say when they began. */
const HOUR_MS = 3_600_000

export function authenticate(
  world: World,
  request: WireRequest,
  auth: Authorization,
  protocol: Protocol,
  realNow: number,
): Authenticated {
  const key = accessKeys(world).get(auth.accessKeyId)
  const session = key ? undefined : sessions(world).get(auth.accessKeyId)
  const secret = key?.status === 'Active' ? key.secretAccessKey : session?.secretAccessKey
  if (secret === undefined) throw unknownToken(protocol)
  const fault = checkSignature(request, auth, secret, realNow, world.limit('sigv4.skew_ms'))
  if (fault) throw signatureError(fault, protocol)
  const token = request.headers['x-amz-security-token']
  if (key) {
    if (token !== undefined) throw unknownToken(protocol)
    return {
      caller: callerOfKey(world, key),
      accessKeyId: key.accessKeyId,
      session: null,
      sessionPolicies: null,
    }
  }
  if (!session || token !== session.sessionToken) throw unknownToken(protocol)
  if (session.expiresAt <= realNow) throw expiredToken(protocol)
  const narrowed = session.policies.length + session.policyArns.length > 0
  return {
    caller: callerOfSession(session),
    accessKeyId: session.accessKeyId,
    session: { issuedAt: session.issuedAt ?? session.expiresAt - HOUR_MS },
    sessionPolicies: narrowed ? { documents: session.policies, arns: session.policyArns } : null,
  }
}

const names = (protocol: Protocol, query: string, json: string) => (protocol === 'query' ? query : json)

export const unknownToken = (protocol: Protocol) =>
  new AwsError(
    names(protocol, 'InvalidClientTokenId', 'UnrecognizedClientException'),
    'The security token included in the request is invalid.',
    {},
    403,
  )

const expiredToken = (protocol: Protocol) =>
  new AwsError(
    names(protocol, 'ExpiredToken', 'ExpiredTokenException'),
    'The security token included in the request is expired',
    {},
    403,
  )

export const missingToken = (protocol: Protocol) =>
  new AwsError(
    names(protocol, 'MissingAuthenticationToken', 'MissingAuthenticationTokenException'),
    'Missing Authentication Token',
    {},
    403,
  )

function signatureError(fault: SignatureFault, protocol: Protocol): AwsError {
  if (fault.kind === 'incomplete')
    return new AwsError(
      names(protocol, 'IncompleteSignature', 'IncompleteSignatureException'),
      fault.message,
      {},
      403,
    )
  return new AwsError(
    names(protocol, 'SignatureDoesNotMatch', 'InvalidSignatureException'),
    fault.kind === 'mismatch'
      ? 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
      : `Signature ${fault.early ? 'not yet current' : 'expired'}: ${fault.signedAt} is ${fault.early ? 'still later' : 'now earlier'} than ${fault.bound} (${fault.now} ${fault.early ? '+' : '-'} tolerance)`,
    {},
    403,
  )
}
