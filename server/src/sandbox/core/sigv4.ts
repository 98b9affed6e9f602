/** Signature Version 4 of a request in its headers, checked as AWS does. Pure: time and keys are parameters. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedRequest {
  readonly method: string
  /** As it came over the wire, still percent-encoded: `/path?query`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What the `Authorization` header says, before anything of it is believed. */
export interface Authorization {
  readonly accessKeyId: string
  /** `20261121` */
  readonly day: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

export type SignatureFault =
  | { readonly kind: 'mismatch' }
  | {
      readonly kind: 'expired'
      readonly signedAt: string
      readonly bound: string
      readonly now: string
      readonly early: boolean
    }
  | { readonly kind: 'incomplete'; readonly message: string }

const ALGORITHM = 'AWS4-HMAC-SHA256'

export function parseAuthorization(header: string | undefined): Authorization | null {
  if (!header?.startsWith(`${ALGORITHM} `)) return null
  const parts = new Map(
    header
      .slice(ALGORITHM.length + 1)
      .split(',')
      .map((part) => {
        const at = part.indexOf('=')
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const
      }),
  )
  const [accessKeyId, day, region, service, end] = (parts.get('Credential') ?? '').split('/')
  const signature = parts.get('Signature')
  const signedHeaders = parts.get('SignedHeaders')?.split(';')
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request' || !signature || !signedHeaders)
    return null
  return { accessKeyId, day, region, service, signedHeaders, signature }
}

/** Null when the signature is right and fresh; `skewMs` is AWS's tolerance to either side. */
export function checkSignature(
  request: SignedRequest,
  auth: Authorization,
  secretAccessKey: string,
  now: number,
  skewMs: number,
): SignatureFault | null {
  const signedAt = request.headers['x-amz-date'] ?? ''
  const at = parseAmzDate(signedAt)
  if (at === null)
    return {
      kind: 'incomplete',
      message: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    }
  if (!auth.signedHeaders.includes('host'))
    return { kind: 'incomplete', message: "'Host' must be a 'SignedHeader' in the AWS Authorization." }
  if (!signedAt.startsWith(auth.day))
    return {
      kind: 'incomplete',
      message: `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${auth.day}' != '${signedAt.slice(0, 8)}'`,
    }
  if (Math.abs(now - at) > skewMs)
    return {
      kind: 'expired',
      signedAt,
      bound: amzDate(at < now ? now - skewMs : now + skewMs),
      now: amzDate(now),
      early: at > now,
    }
  const expected = Buffer.from(signatureOf(request, auth, secretAccessKey, signedAt))
  const given = Buffer.from(auth.signature)
  return expected.length === given.length && timingSafeEqual(expected, given) ? null : { kind: 'mismatch' }
}

export function signatureOf(
  request: SignedRequest,
  auth: Pick<Authorization, 'day' | 'region' | 'service' | 'signedHeaders'>,
  secretAccessKey: string,
  signedAt: string,
): string {
  const scope = `${auth.day}/${auth.region}/${auth.service}/aws4_request`
  const text = `${ALGORITHM}\n${signedAt}\n${scope}\n${sha256(canonicalRequest(request, auth.signedHeaders, auth.service))}`
  const key = [auth.day, auth.region, auth.service, 'aws4_request'].reduce<Buffer>(
    (derived, part) => hmac(derived, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
  return hmac(key, text).toString('hex')
}

export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  service = '',
): string {
  const [path = '/', query = ''] = splitOnce(request.url, '?')
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
  )
  return [
    request.method,
    service === 's3' ? path : canonicalPath(path),
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash(request, signedHeaders),
  ].join('\n')
}

// The hash always comes from the body we hold: a signed header that claims another payload must not pass.
function payloadHash(request: SignedRequest, signedHeaders: readonly string[]): string {
  const claimed = request.headers['x-amz-content-sha256']
  if (claimed === 'UNSIGNED-PAYLOAD' && signedHeaders.includes('x-amz-content-sha256')) return claimed
  return sha256(request.body)
}

// Every service but S3 encodes the already encoded path a second time.
const canonicalPath = (path: string) => path.split('/').map(encodeStrict).join('/') || '/'

function canonicalQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .map((pair) => splitOnce(pair, '=').map((text) => encodeStrict(decode(text))))
    .map(([name = '', value = '']) => [name, value] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function splitOnce(text: string, by: string): string[] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const encodeStrict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** `20261121T223344Z` */
export const amzDate = (ms: number) => `${new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`

function parseAmzDate(text: string): number | null {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!m) return null
  const at = Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`)
  return Number.isNaN(at) ? null : at
}
