/**
 * Digest files as CloudTrail's log file validation writes them (CloudTrail user guide, "CloudTrail digest file structure"): a
 * chain for each account and region, signed with a key of this sandbox. AWS writes one each hour; here each writing of log
 * files is followed by one. S3 keeps a digest's signature as metadata; in a folder it lies beside it as `….signature`.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { TrailFile } from './log-file.ts'

const BUCKET = 'sandbox-cloudtrail'
const TRAIL = 'sandbox'
const ALGORITHM = 'SHA-256'

export interface SigningKey {
  readonly key: KeyObject
  readonly fingerprint: string
}

/** The key of this trail; made when it is first needed. `keys/public-keys` is what `ListPublicKeys` would answer. */
export function signingKey(dir: string, now: () => number): SigningKey {
  const file = join(dir, 'keys', 'digest-key.pem')
  if (!existsSync(file)) makeKey(dir, file, now())
  const key = createPrivateKey(readFileSync(file))
  return { key, fingerprint: fingerprintOf(key) }
}

const derOf = (key: KeyObject) => createPublicKey(key).export({ type: 'pkcs1', format: 'der' })
const fingerprintOf = (key: KeyObject) => createHash('md5').update(derOf(key)).digest('hex')

function makeKey(dir: string, file: string, now: number): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  mkdirSync(dirname(file), { recursive: true })
  const list = [
    {
      Value: derOf(privateKey).toString('base64'),
      ValidityStartTime: new Date(now).toISOString(),
      Fingerprint: fingerprintOf(privateKey),
    },
  ]
  writeFileSync(join(dir, 'keys', 'public-keys'), JSON.stringify({ PublicKeyList: list }, null, 2))
  // Last, so that a kill in between makes both anew.
  writeFileSync(`${file}.partial`, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  renameSync(`${file}.partial`, file)
}

/** Writes the digest that follows for every account and region of `files`; what the newest one has already is left out. */
export function writeDigests(dir: string, files: readonly TrailFile[], key: () => SigningKey): number {
  const chains = new Map<string, TrailFile[]>()
  for (const file of files) {
    const folder = `AWSLogs/${file.organizationId}/${file.accountId}/CloudTrail-Digest/${file.region}`
    chains.set(folder, [...(chains.get(folder) ?? []), file])
  }
  let written = 0
  for (const [folder, own] of chains) {
    const before = newestOf(dir, folder)
    const fresh = own.filter(({ path }) => !before?.listed.includes(path))
    if (fresh.length === 0) continue
    writeDigest(dir, folder, fresh, before, key())
    written++
  }
  return written
}

interface Before {
  readonly object: string
  readonly endTime: string
  readonly hash: string
  readonly signature: string
  readonly listed: readonly string[]
}

function newestOf(dir: string, folder: string): Before | null {
  const found = existsSync(join(dir, folder))
    ? (readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' }) as string[])
        .filter((name) => name.endsWith('.json.gz'))
        .sort()
        .at(-1)
    : undefined
  if (found === undefined) return null
  const object = `${folder}/${found}`
  const bytes = gunzipSync(readFileSync(join(dir, object)))
  const digest = JSON.parse(bytes.toString('utf8')) as {
    readonly digestEndTime: string
    readonly logFiles: readonly { readonly s3Object: string }[]
  }
  return {
    object,
    endTime: digest.digestEndTime,
    hash: sha256(bytes),
    signature: readFileSync(join(dir, `${object}.signature`), 'utf8'),
    listed: digest.logFiles.map(({ s3Object }) => s3Object),
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function writeDigest(
  dir: string,
  folder: string,
  files: readonly TrailFile[],
  before: Before | null,
  { key, fingerprint }: SigningKey,
): void {
  const endTime = endOf(files, before)
  const [{ accountId = '', region = '' } = {}] = files
  const stamp = endTime.replace(/[-:]/g, '')
  const object = `${folder}/${endTime.slice(0, 10).replace(/-/g, '/')}/${accountId}_CloudTrail-Digest_${region}_${TRAIL}_${region}_${stamp}.json.gz`
  const times = { newestEventTime: latest(files), oldestEventTime: earliest(files) }
  const text = JSON.stringify({
    awsAccountId: accountId,
    digestStartTime: before?.endTime ?? earliest(files),
    digestEndTime: endTime,
    digestS3Bucket: BUCKET,
    digestS3Object: object,
    digestPublicKeyFingerprint: fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    ...times,
    previousDigestS3Bucket: before === null ? null : BUCKET,
    previousDigestS3Object: before?.object ?? null,
    previousDigestHashValue: before?.hash ?? null,
    previousDigestHashAlgorithm: before === null ? null : ALGORITHM,
    previousDigestSignature: before?.signature ?? null,
    logFiles: files.map(({ path, hash, newest, oldest }) => ({
      s3Bucket: BUCKET,
      s3Object: path,
      hashValue: hash,
      hashAlgorithm: ALGORITHM,
      newestEventTime: newest,
      oldestEventTime: oldest,
    })),
  })
  const hash = sha256(Buffer.from(text))
  const signed = `${endTime}\n${BUCKET}/${object}\n${hash}\n${before?.signature ?? 'null'}`
  const target = join(dir, object)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(`${target}.signature`, sign('RSA-SHA256', Buffer.from(signed), key).toString('hex'))
  // The digest counts when it is there: its signature is there before it.
  writeFileSync(`${target}.partial`, gzipSync(text))
  renameSync(`${target}.partial`, target)
}

const latest = (files: readonly TrailFile[]) =>
  files
    .map(({ newest }) => newest)
    .sort()
    .at(-1) ?? ''
const earliest = (files: readonly TrailFile[]) => files.map(({ oldest }) => oldest).sort()[0] ?? ''

/** After the newest event, and after the digest before it: names are by the second. */
function endOf(files: readonly TrailFile[], before: Before | null): string {
  const own = Date.parse(latest(files)) + 1000
  const after = before === null ? 0 : Date.parse(before.endTime) + 1000
  return `${new Date(Math.max(own, after)).toISOString().slice(0, 19)}Z`
}
