import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readDigest, signedText, verifyDigests } from './digest.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const der = publicKey.export({ type: 'pkcs1', format: 'der' })
const LOGS = ['a', 'b', 'c'].map((name) => ({
  object: `AWSLogs/${name}.json.gz`,
  text: `{"Records":[{"eventName":"${name}"}]}`,
}))

/** Three digests in a chain, each of one log file, signed as CloudTrail signs. */
function chain() {
  let previous: { object: string; signature: string } | null = null
  return LOGS.map(({ object: log, text }, index) => {
    const object = `AWSLogs/digest-${index}.json.gz`
    const json = {
      awsAccountId: '111122223333',
      digestEndTime: `2026-10-01T0${index}:00:00Z`,
      digestS3Bucket: 'bucket',
      digestS3Object: object,
      digestPublicKeyFingerprint: 'f1',
      digestSignatureAlgorithm: 'SHA256withRSA',
      previousDigestS3Object: previous?.object ?? null,
      previousDigestSignature: previous?.signature ?? null,
      logFiles: [
        {
          s3Bucket: 'bucket',
          s3Object: log,
          hashAlgorithm: 'SHA-256',
          hashValue: createHash('sha256').update(text).digest('hex'),
        },
      ],
    }
    const packed = gzipSync(JSON.stringify(json))
    const digest = readDigest(packed)
    if (digest === null) throw new Error('our own digest is not read')
    const signature = sign('RSA-SHA256', Buffer.from(signedText(digest)), privateKey).toString('hex')
    previous = { object, signature }
    return { object, packed, signature }
  })
}

const files = new Map(LOGS.map(({ object, text }) => [object, gzipSync(text)]))
const check = (digests: Parameters<typeof verifyDigests>[0]['digests'], logs = files) =>
  verifyDigests({
    digests,
    read: async (object) => logs.get(object) ?? null,
    keyOf: (fingerprint) => (fingerprint === 'f1' ? der : undefined),
  })
const problems = async (...args: Parameters<typeof check>) =>
  (await check(...args)).problems.map((one) => `${one.problem} ${one.object}`)

describe('digests', () => {
  it('hold for files as they were delivered', async () => {
    expect(await check(chain())).toEqual({ digests: 3, files: 3, problems: [] })
  })

  it('take signatures from the digest that follows when only files are at hand', async () => {
    const bare = chain().map((digest) => ({ ...digest, signature: null }))
    expect(await problems(bare)).toEqual(['signature_missing AWSLogs/digest-2.json.gz'])
  })

  it('find a changed and a missing log file', async () => {
    const logs = new Map(files).set('AWSLogs/a.json.gz', gzipSync('{"Records":[]}'))
    logs.delete('AWSLogs/b.json.gz')
    expect(await problems(chain(), logs)).toEqual([
      'file_changed AWSLogs/a.json.gz',
      'file_missing AWSLogs/b.json.gz',
    ])
  })

  it('find a digest that was made to fit, and one that is gone', async () => {
    const [first, second, third] = chain() as [
      ReturnType<typeof chain>[0],
      ReturnType<typeof chain>[0],
      ReturnType<typeof chain>[0],
    ]
    const forged = {
      ...first,
      packed: gzipSync(
        `${JSON.stringify({ ...JSON.parse('{"logFiles":[]}'), digestEndTime: '2026-10-01T00:00:00Z', digestS3Bucket: 'bucket', digestS3Object: first.object, digestPublicKeyFingerprint: 'f1' })}`,
      ),
    }
    expect(await problems([forged, second, third])).toEqual([`signature_wrong ${first.object}`])
    expect(await problems([first, third])).toEqual([`digest_missing ${second.object}`])
  })

  it('tell of keys that are not at hand and of files that are no digests', async () => {
    const report = await verifyDigests({
      digests: [...chain().slice(0, 1), { object: 'x', packed: gzipSync('[]'), signature: null }],
      read: async (object) => files.get(object) ?? null,
      keyOf: () => undefined,
    })
    expect(report.problems.map((one) => one.problem)).toEqual(['digest_unreadable', 'key_missing'])
  })
})
