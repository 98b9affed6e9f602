import { createHash, createHmac } from 'node:crypto'
import type { AwsCredentialIdentity, HttpRequest } from '@smithy/types'

export interface SigningPlace {
  readonly service: string
  readonly region: string
}

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Headers that proxies change or that say nothing. Source: the SDK's own list, of which these are what we send. */
const UNSIGNED = new Set([
  'user-agent',
  'x-amz-user-agent',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
])

/**
 * Signature Version 4 (AWS General Reference, "Create a signed AWS API request") of a request without a query and with
 * a plain path, as those of JSON protocols are. The SDK's signer is general, and hashes the secret key for each request
 * to find its cached signing key.
 */
export function signer(place: SigningPlace) {
  let known: { readonly secret: string; readonly day: string; readonly key: Buffer } | null = null
  const keyOf = (secret: string, day: string) => {
    if (known?.secret !== secret || known.day !== day) {
      const key = [place.region, place.service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day))
      known = { secret, day, key }
    }
    return known.key
  }
  return (request: HttpRequest, identity: AwsCredentialIdentity, at: Date): void => {
    const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
    const day = time.slice(0, 8)
    const { headers } = request
    headers['x-amz-date'] = time
    if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken
    const names = Object.keys(headers)
      .filter((name) => !UNSIGNED.has(name.toLowerCase()))
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    const signed = names.map((name) => name.toLowerCase()).join(';')
    const lines = names.map(
      (name) => `${name.toLowerCase()}:${headers[name]?.trim().replace(/\s+/g, ' ') ?? ''}\n`,
    )
    const canonical = `${request.method}\n${request.path}\n\n${lines.join('')}\n${signed}\n${sha256(request.body ?? '')}`
    const scope = `${day}/${place.region}/${place.service}/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`
    const signature = hmac(keyOf(identity.secretAccessKey, day), text).toString('hex')
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
  }
}
