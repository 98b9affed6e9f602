import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/core/transport'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { signer } from './sign.ts'

const word = fc.stringMatching(/^[a-z0-9]{1,20}$/)
const value = fc.stringMatching(/^[A-Za-z0-9 ,;=/.:-]{1,40}$/)

it('signs as the SDK signs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        path: fc.constantFrom('/', '/putAlternateContact', '/list-enabled-baselines'),
        body: fc.string({ unit: 'binary' }),
        headers: fc.dictionary(
          word.map((name) => `x-amz-${name}`),
          value,
          { maxKeys: 4 },
        ),
        secret: word,
        session: fc.option(word, { nil: undefined }),
        region: word,
        service: word,
        at: fc.date({ min: new Date('2001-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      }),
      async ({ path, body, headers, secret, session, region, service, at }) => {
        const request = () =>
          new HttpRequest({
            method: 'POST',
            protocol: 'https:',
            hostname: 'a.example',
            path,
            body,
            headers: { ...headers, host: 'a.example', 'User-Agent': 'any', 'content-type': 'text/plain' },
          })
        const identity = {
          accessKeyId: 'AKID',
          secretAccessKey: secret,
          ...(session === undefined ? {} : { sessionToken: session }),
        }
        const sdk = new SignatureV4({
          credentials: identity,
          region,
          service,
          sha256: Sha256,
          applyChecksum: false,
        })
        const signed = await sdk.sign(request(), { signingDate: at })
        const sign = signer({ region, service })
        const mine = request()
        sign(mine, identity, at)
        expect(mine.headers.authorization).toBe(signed.headers.authorization)
        // Once more, as for a second attempt: the key is known now.
        sign(mine, identity, at)
        expect(mine.headers.authorization).toBe(signed.headers.authorization)
      },
    ),
    { numRuns: 30 }, // the other one hashes in JavaScript
  )
})
