import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { isTrailFile, nameOf, type S3Place } from './place.ts'

/** A file of a trail: name (`s3://bucket/key`), bytes, and the ETag that changes when the content does. */
export interface TrailObject {
  readonly name: string
  readonly size: number
  readonly etag: string
}

/** First and last day (UTC), both included, as `2026-10-01`. */
export interface Days {
  readonly since: string | null
  readonly until: string | null
}

/** Lists of other folders that are asked for before their turn, so that the network is not waited for. */
const AHEAD = 8
/** AWS's folders beside the records. */
const OTHER = /\/CloudTrail-(Digest|Insight|NetworkActivity|Aggregated)\/$/
/** Where the days of one account and region begin (CloudTrail user guide, "Finding your CloudTrail log files"). */
const DAYS_BELOW = /(^|\/)CloudTrail\/[a-z0-9-]+\/$/

/**
 * Files below a place, folder by folder; of a trail in AWS's layout only the days that are asked for are listed. A file
 * lies in the folder of its delivery, which may be the day after its events.
 */
export async function* listTrail(client: S3Client, place: S3Place, days: Days): AsyncGenerator<TrailObject> {
  if (DAYS_BELOW.test(place.prefix) || isTrailFile(place.prefix)) {
    yield* listDays(client, place, days)
    return
  }
  const folders: string[] = []
  for await (const page of pagesOf(client, place, { Delimiter: '/' })) {
    folders.push(...page.folders)
    yield* page.files
  }
  yield* inOrder(
    folders.filter((folder) => !OTHER.test(folder)),
    (prefix) => listTrail(client, { ...place, prefix }, days),
  )
}

async function* listDays(client: S3Client, place: S3Place, days: Days): AsyncGenerator<TrailObject> {
  const { prefix } = place
  const after = days.since === null || isTrailFile(prefix) ? undefined : `${prefix}${folderOf(days.since)}`
  const last = days.until === null ? null : `${prefix}${folderOf(nextDay(days.until))}~`
  for await (const { files } of pagesOf(client, place, after === undefined ? {} : { StartAfter: after }))
    for (const file of files) {
      if (last !== null && file.name > nameOf(place.bucket, last)) return
      yield file
    }
}

const folderOf = (day: string) => `${day.replaceAll('-', '/')}/`
const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

interface Page {
  readonly files: readonly TrailObject[]
  readonly folders: readonly string[]
}

async function* pagesOf(
  client: S3Client,
  { bucket, prefix }: S3Place,
  more: { readonly Delimiter?: string; readonly StartAfter?: string },
): AsyncGenerator<Page> {
  let token: string | undefined
  do {
    const answer = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token, ...more }),
    )
    yield {
      files: (answer.Contents ?? []).flatMap(({ Key = '', Size = 0, ETag = '' }) =>
        isTrailFile(Key) && Key !== '' ? [{ name: nameOf(bucket, Key), size: Size, etag: ETag }] : [],
      ),
      folders: (answer.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    }
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined
  } while (token !== undefined)
}

/** One after the other, with the first answers of the next ones under way. */
async function* inOrder<T, R>(items: readonly T[], open: (item: T) => AsyncGenerator<R>): AsyncGenerator<R> {
  const running: { readonly rest: AsyncGenerator<R>; readonly first: Promise<IteratorResult<R>> }[] = []
  let next = 0
  const start = () => {
    if (next >= items.length) return
    const rest = open(items[next++] as T)
    const first = rest.next()
    // Whoever takes it sees the error; until then nobody else must.
    first.catch(() => undefined)
    running.push({ rest, first })
  }
  for (let i = 0; i < AHEAD; i++) start()
  for (let one = running.shift(); one !== undefined; one = running.shift()) {
    const { done, value } = await one.first
    if (done !== true) {
      yield value
      yield* one.rest
    }
    start()
  }
}
