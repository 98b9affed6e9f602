import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  amzDate,
  canonicalRequest,
  checkSignature,
  parseAuthorization,
  type SignedRequest,
  signatureOf,
} from './sigv4.ts'

// Request, key and signatures of AWS's own Signature Version 4 test suite (get-vanilla, get-vanilla-query-order-key-case).
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const scope = {
  day: '20150830',
  region: 'us-east-1',
  service: 'service',
  signedHeaders: ['host', 'x-amz-date'],
}
const at = '20150830T123600Z'
const vanilla: SignedRequest = {
  method: 'GET',
  url: '/',
  headers: { host: 'example.amazonaws.com', 'x-amz-date': at },
  body: new Uint8Array(),
}

describe('the test suite of AWS', () => {
  test('get-vanilla', () => {
    expect(signatureOf(vanilla, scope, secret, at)).toBe(
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    )
  })
  test('get-vanilla-query-order-key-case', () => {
    const request = { ...vanilla, url: '/?Param2=value2&Param1=value1' }
    expect(signatureOf(request, scope, secret, at)).toBe(
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    )
  })
  test('the path is encoded a second time', () => {
    const request = { ...vanilla, url: '/tags/arn%3Aaws%3Ax?a=b%20c' }
    expect(canonicalRequest(request, ['host']).split('\n').slice(1, 3)).toEqual([
      '/tags/arn%253Aaws%253Ax',
      'a=b%20c',
    ])
  })
})

const now = Date.parse('2015-08-30T12:36:00Z')
const sign = (request: SignedRequest) => {
  const signature = signatureOf(request, scope, secret, at)
  const auth = parseAuthorization(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  )
  if (!auth) throw new Error('not parsed')
  return auth
}

test('a right and fresh signature passes; five minutes to either side still do', () => {
  for (const shift of [0, 299_000, -299_000])
    expect(checkSignature(vanilla, sign(vanilla), secret, now + shift, 300_000)).toBeNull()
  expect(checkSignature(vanilla, sign(vanilla), secret, now + 301_000, 300_000)).toMatchObject({
    kind: 'expired',
    early: false,
  })
  expect(checkSignature(vanilla, sign(vanilla), secret, now - 301_000, 300_000)).toMatchObject({
    kind: 'expired',
    early: true,
  })
})

test('any change of what was signed is noticed', () => {
  const request: SignedRequest = { ...vanilla, method: 'POST', url: '/a?b=c', body: Buffer.from('{"x":1}') }
  const auth = sign(request)
  expect(checkSignature(request, auth, secret, now, 300_000)).toBeNull()
  const changes = fc.oneof(
    fc.constantFrom('GET', 'PUT').map((method) => ({ ...request, method })),
    fc.constantFrom('/a', '/a?b=d', '/a?b=c&d=', '/b?b=c').map((url) => ({ ...request, url })),
    fc.uint8Array({ minLength: 1 }).map((body) => ({ ...request, body })),
    fc
      .constantFrom('x', 'example.com')
      .map((host) => ({ ...request, headers: { ...request.headers, host } })),
  )
  fc.assert(
    fc.property(changes, (changed) => {
      expect(checkSignature(changed, auth, secret, now, 300_000)).toEqual({ kind: 'mismatch' })
    }),
  )
})

test('nonsense in the header is no authorization, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseAuthorization(`AWS4-HMAC-SHA256 ${text}`)).toBeNull()
    }),
  )
  expect(parseAuthorization(undefined)).toBeNull()
  expect(amzDate(now)).toBe(at)
})
