import { z } from 'zod'
import { invalid } from '../../kernel/errors.ts'
import { type DigestProblem, readDigest, verifyDigests } from '../trail/digest.ts'

/** Where digests and the files that they speak of are. */
export interface DigestPlace {
  /** Digest files by the name under which `open` gives them; those of one account and region stand together. */
  digests(): AsyncIterable<string>
  /** `null`: it is not there. `metadata.signature` in hexadecimal, where the place keeps it. */
  open(
    name: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly metadata: Readonly<Record<string, string>> } | null>
  /** Name under which `open` gives an object of the bucket, seen from a digest whose own key and name are known. */
  nameOf(key: string, digest: { readonly key: string; readonly name: string }): string
}

/** Public keys by fingerprint, DER of PKCS #1. */
export type PublicKeys = ReadonlyMap<string, Uint8Array>

export interface DigestCheck {
  readonly digests: number
  readonly files: number
  /** Digests whose signature was found good. */
  readonly signed: number
  /** Digests whose signature could not be looked at: no key was given, or a folder does not keep the newest one's. */
  readonly unsigned: number
  readonly problems: readonly DigestProblem[]
}

const keysFile = z.looseObject({
  PublicKeyList: z.array(z.looseObject({ Fingerprint: z.string(), Value: z.string() })),
})

/** The answer of `aws cloudtrail list-public-keys`. */
export function readKeys(value: unknown, source: string): PublicKeys {
  const parsed = keysFile.safeParse(value)
  if (!parsed.success)
    throw invalid(
      'bad_public_keys',
      `\`${source}\` is no answer of \`aws cloudtrail list-public-keys\`: there is no list \`PublicKeyList\` with \`Fingerprint\` and \`Value\`.`,
    )
  return new Map(
    parsed.data.PublicKeyList.map(({ Fingerprint, Value }) => [Fingerprint, Buffer.from(Value, 'base64')]),
  )
}

/** Days, both included; a digest counts by the end of its hour. */
export interface DigestOptions {
  readonly place: DigestPlace
  readonly keys: PublicKeys | null
  readonly since: string | null
  readonly until: string | null
  readonly signal?: AbortSignal
}

/**
 * Checks every chain of digests by itself, so that memory holds the digests of one account and region. Without keys the
 * hashes of files and the chain are checked all the same: they find damage, not a forger who made new digests.
 */
export async function checkDigests(options: DigestOptions): Promise<DigestCheck> {
  let total: DigestCheck = { digests: 0, files: 0, signed: 0, unsigned: 0, problems: [] }
  let chain: Found[] = []
  let folder: string | null = null
  for await (const name of options.place.digests()) {
    options.signal?.throwIfAborted()
    const own = chainOf(name)
    if (own !== folder && chain.length > 0) {
      total = sum(total, await checkChain(chain, options))
      chain = []
    }
    folder = own
    if (isWithin(name, options)) chain.push(await found(name, options.place))
  }
  return chain.length === 0 ? total : sum(total, await checkChain(chain, options))
}

interface Found {
  readonly name: string
  readonly key: string | null
  readonly packed: Uint8Array
  readonly signature: string | null
}

async function found(name: string, place: DigestPlace): Promise<Found> {
  const object = await place.open(name)
  const packed = object?.bytes ?? new Uint8Array(0)
  return {
    name,
    key: readDigest(packed)?.object ?? null,
    packed,
    signature: object?.metadata.signature ?? null,
  }
}

/** `…/CloudTrail-Digest/<region>/…`: a chain is of one account, region and trail. */
const chainOf = (name: string) =>
  `${name.slice(0, name.indexOf('CloudTrail-Digest/'))} ${/_CloudTrail-Digest_(.*)_\d{8}T\d{6}Z/.exec(name)?.[1] ?? ''}`

function isWithin(name: string, { since, until }: DigestOptions): boolean {
  const time = /_(\d{4})(\d\d)(\d\d)T\d{6}Z\.json\.gz$/.exec(name)
  if (time === null) return true
  const day = `${time[1]}-${time[2]}-${time[3]}`
  return (since === null || day >= since) && (until === null || day <= until)
}

async function checkChain(chain: readonly Found[], { place, keys }: DigestOptions): Promise<DigestCheck> {
  const sample = chain.find((one) => one.key !== null)
  const from = { key: sample?.key ?? '', name: sample?.name ?? '' }
  const report = await verifyDigests({
    digests: chain.map(({ key, name, packed, signature }) => ({ object: key ?? name, packed, signature })),
    read: async (object) => (await place.open(place.nameOf(object, from)))?.bytes ?? null,
    keyOf: (fingerprint) => keys?.get(fingerprint),
  })
  const open = report.problems.filter((one) => isOpen(one, keys))
  const wrong = report.problems.filter(({ problem }) => problem === 'signature_wrong')
  // A digest under another name than its own was put there by somebody.
  const moved = chain.flatMap(({ key, name }): DigestProblem[] =>
    key !== null && place.nameOf(key, from) !== name ? [{ problem: 'digest_unreadable', object: name }] : [],
  )
  return {
    digests: report.digests,
    files: report.files,
    unsigned: open.length,
    signed: report.digests - open.length - wrong.length,
    problems: [...report.problems.filter((one) => !isOpen(one, keys)), ...moved],
  }
}

/** Nothing that speaks of tampering: keys that nobody gave, and the newest digest of a copy without metadata. */
const isOpen = ({ problem }: DigestProblem, keys: PublicKeys | null) =>
  problem === 'signature_missing' || (problem === 'key_missing' && keys === null)

const sum = (a: DigestCheck, b: DigestCheck): DigestCheck => ({
  digests: a.digests + b.digests,
  files: a.files + b.files,
  signed: a.signed + b.signed,
  unsigned: a.unsigned + b.unsigned,
  problems: [...a.problems, ...b.problems],
})
