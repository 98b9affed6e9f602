import { GetObjectCommand, ListObjectsV2Command, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { RankanError } from '../../kernel/errors.ts'
import { type AwsCall, instrument } from '../calls.ts'
import { type Days, listTrail, type TrailObject } from './list.ts'
import { keyOf, nameOf, type S3Place } from './place.ts'

export interface S3TrailOptions {
  readonly place: S3Place
  readonly days: Days
  /** Objects above this are not fetched; the reader tells of them by their size. */
  readonly maxBytes: number
  /** Path-style addresses, which servers other than AWS need. */
  readonly pathStyle: boolean
  /** Region, credentials, endpoint: the SDK's own configuration when left out. */
  readonly client?: S3ClientConfig
  readonly onCall?: (call: AwsCall) => void
}

/** A trail in S3, as `TrailSource` of `analytics/trail` wants it, and what the check of digests needs. */
export interface S3Trail {
  list(): AsyncIterable<TrailObject>
  /** Empty for objects above the limit. The content is that of the ETag, or an error. */
  read(file: TrailObject): Promise<Uint8Array>
  /** Digest files, in the order of their names. */
  digests(): AsyncIterable<string>
  /** Any object by its key, with its user metadata; `null` when it is not there. */
  open(
    key: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly metadata: Readonly<Record<string, string>> } | null>
  destroy(): void
}

/** The SDK waits and tries again when S3 says `SlowDown` or fails: 100 ms, doubled, up to 20 s. */
const MAX_ATTEMPTS = 8
/** A body that breaks off is not covered by the SDK. */
const BODY_ATTEMPTS = 3
const MAX_SOCKETS = 32

export function s3Trail(options: S3TrailOptions): S3Trail {
  const client = new S3Client({
    maxAttempts: MAX_ATTEMPTS,
    followRegionRedirects: true,
    forcePathStyle: options.pathStyle,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 10_000,
      requestTimeout: 120_000,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    }),
    ...options.client,
  })
  instrument(client, options.onCall === undefined ? {} : { onCall: options.onCall })
  const { place } = options
  return {
    list: () => told(listTrail(client, place, options.days)),
    async read(file) {
      if (file.size > options.maxBytes) return new Uint8Array(0)
      const found = await fetched(client, place.bucket, keyOf(place.bucket, file.name), file.etag)
      return found.bytes
    },
    digests: () => told(digestsOf(client, place)),
    async open(key) {
      try {
        return await fetched(client, place.bucket, key, undefined)
      } catch (error) {
        if (error instanceof RankanError && error.kind === 'not_found') return null
        throw error
      }
    },
    destroy: () => client.destroy(),
  }
}

async function fetched(client: S3Client, bucket: string, key: string, etag: string | undefined) {
  for (let attempt = 1; ; attempt++) {
    const answer = await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(etag === undefined || etag === '' ? {} : { IfMatch: etag }),
      }),
    )
    try {
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0)
      return { bytes, metadata: answer.Metadata ?? {} }
    } catch (error) {
      if (attempt >= BODY_ATTEMPTS)
        throw new RankanError(
          'unavailable',
          'body_broke_off',
          `The content of \`${nameOf(bucket, key)}\` broke off ${BODY_ATTEMPTS} times: ${error instanceof Error ? error.message : String(error)}.`,
          { cause: error },
        )
    }
  }
}

const DIGEST = /(^|\/)[^/]*_CloudTrail-Digest_[^/]*\.json\.gz$/

async function* digestsOf(client: S3Client, { bucket, prefix }: S3Place): AsyncGenerator<string> {
  const folders = [prefix]
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    let token: string | undefined
    // Only the folders of digests are listed file by file.
    const inside = folder.includes('CloudTrail-Digest/')
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: folder,
          ContinuationToken: token,
          ...(inside ? {} : { Delimiter: '/' }),
        }),
      )
      for (const { Key = '' } of page.Contents ?? []) if (DIGEST.test(Key)) yield Key
      folders.push(
        ...(page.CommonPrefixes ?? []).flatMap(({ Prefix = '' }) =>
          /\/CloudTrail(-Insight|-NetworkActivity|-Aggregated)?\/$/.test(Prefix) ? [] : [Prefix],
        ),
      )
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }
}

/** What the SDK says when it is not configured, in words that help. */
async function* told<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    if (!(error instanceof Error) || !/Region (is missing|not accepted)/i.test(error.message)) throw error
    throw new RankanError(
      'invalid',
      'no_region',
      'The region of the bucket is not known; set `AWS_REGION`, or a region in the profile of `AWS_PROFILE`.',
      { cause: error },
    )
  }
}
