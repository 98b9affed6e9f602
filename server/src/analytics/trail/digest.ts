import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Json } from '../../kernel/json.ts'
import { member, members, text } from '../../policy/trail/event.ts'
import { unpack } from './unpack.ts'

/** A digest file of CloudTrail's log file validation (AWS CloudTrail user guide, digest file structure). */
export interface Digest {
  readonly object: string
  readonly bucket: string
  readonly endTime: string
  readonly fingerprint: string
  readonly previousObject: string | null
  readonly previousSignature: string | null
  readonly files: readonly { readonly object: string; readonly sha256: string }[]
  /** Of the unpacked digest. */
  readonly sha256: string
}

export type DigestProblem =
  | { readonly problem: 'digest_unreadable'; readonly object: string }
  | { readonly problem: 'signature_wrong' | 'signature_missing' | 'key_missing'; readonly object: string }
  /** A digest that a later one follows is not there. */
  | { readonly problem: 'digest_missing'; readonly object: string; readonly next: string }
  | { readonly problem: 'file_missing' | 'file_changed'; readonly object: string; readonly digest: string }

export interface DigestReport {
  readonly digests: number
  readonly files: number
  readonly problems: readonly DigestProblem[]
}

export interface DigestSource {
  /** Digest files, by the name of their object in the bucket. */
  readonly digests: readonly {
    readonly object: string
    readonly packed: Uint8Array
    readonly signature: string | null
  }[]
  /** A log file as delivered, or `null` when it is not there. */
  readonly read: (object: string) => Promise<Uint8Array | null>
  /** PKCS #1 public key (DER) of a fingerprint, as `cloudtrail:ListPublicKeys` gives it. */
  readonly keyOf: (fingerprint: string) => Uint8Array | undefined
}

/**
 * Checks log files against digests, digests against their signatures, and the chain of digests. The signature of
 * a digest is metadata of its object; where only files are at hand, the digest that follows carries it.
 */
export async function verifyDigests(source: DigestSource): Promise<DigestReport> {
  const problems: DigestProblem[] = []
  const digests: (Digest & { readonly told: string | null })[] = []
  for (const { object, packed, signature } of source.digests) {
    const digest = readDigest(packed)
    if (digest === null) problems.push({ problem: 'digest_unreadable', object })
    else digests.push({ ...digest, told: signature })
  }
  const ordered = digests.toSorted((a, b) => (a.endTime < b.endTime ? -1 : 1))
  const carried = new Map(ordered.map((digest) => [digest.previousObject, digest.previousSignature]))
  for (const digest of ordered)
    problems.push(...signatureProblems(digest, digest.told ?? carried.get(digest.object) ?? null, source))
  problems.push(...chainProblems(ordered))
  for (const digest of ordered) problems.push(...(await fileProblems(digest, source)))
  return {
    digests: digests.length,
    files: digests.reduce((sum, digest) => sum + digest.files.length, 0),
    problems,
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** `null` when it is no digest. */
export function readDigest(packed: Uint8Array): Digest | null {
  const unpacked = unpack(packed)
  if (unpacked.kind === 'refused') return null
  const json = parsed(unpacked.bytes)
  const at = (name: string) => text(member(members(json), name))
  const files = member(members(json), 'logFiles')
  if (at('digestS3Object') === '' || at('digestEndTime') === '' || !Array.isArray(files)) return null
  return {
    object: at('digestS3Object'),
    bucket: at('digestS3Bucket'),
    endTime: at('digestEndTime'),
    fingerprint: at('digestPublicKeyFingerprint'),
    previousObject: at('previousDigestS3Object') || null,
    previousSignature: at('previousDigestSignature') || null,
    files: files.map((file: Json) => ({
      object: text(member(members(file), 's3Object')),
      sha256: text(member(members(file), 'hashValue')).toLowerCase(),
    })),
    sha256: sha256(unpacked.bytes),
  }
}

function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null
  }
}

function signatureProblems(
  digest: Digest,
  signature: string | null,
  source: DigestSource,
): readonly DigestProblem[] {
  const { object } = digest
  if (signature === null) return [{ problem: 'signature_missing', object }]
  const key = keyOf(source.keyOf(digest.fingerprint))
  if (key === null) return [{ problem: 'key_missing', object }]
  const signed = Buffer.from(signedText(digest))
  return verify('RSA-SHA256', signed, key, Buffer.from(signature, 'hex'))
    ? []
    : [{ problem: 'signature_wrong', object }]
}

/** What CloudTrail signs; the first digest of a trail has the word `null` for its predecessor. */
export const signedText = (digest: Digest): string =>
  [
    digest.endTime,
    `${digest.bucket}/${digest.object}`,
    digest.sha256,
    digest.previousSignature ?? 'null',
  ].join('\n')

function keyOf(der: Uint8Array | undefined): KeyObject | null {
  if (der === undefined) return null
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' })
  } catch {
    return null
  }
}

/** A gap is a digest that is named and not there; before the first one at hand the chain may well go on. */
function chainProblems(ordered: readonly Digest[]): readonly DigestProblem[] {
  const there = new Set(ordered.map((digest) => digest.object))
  return ordered
    .slice(1)
    .flatMap(({ object, previousObject }) =>
      previousObject === null || there.has(previousObject)
        ? []
        : [{ problem: 'digest_missing' as const, object: previousObject, next: object }],
    )
}

/** Hashes are of the unpacked log file. */
async function fileProblems(digest: Digest, source: DigestSource): Promise<readonly DigestProblem[]> {
  const problems: DigestProblem[] = []
  for (const { object, sha256: wanted } of digest.files) {
    const packed = await source.read(object)
    const unpacked = packed === null ? null : unpack(packed)
    if (unpacked === null) problems.push({ problem: 'file_missing', object, digest: digest.object })
    else if (unpacked.kind === 'refused' || sha256(unpacked.bytes) !== wanted)
      problems.push({ problem: 'file_changed', object, digest: digest.object })
  }
  return problems
}
