/** A trail in S3 and a queue of its events, as moto serves them. Run by `npm run conformance`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { follow } from '../../src/analytics/stream/follow.ts'
import { ingest } from '../../src/analytics/trail/ingest.ts'
import { readS3Url } from '../../src/aws/s3/place.ts'
import { s3Trail } from '../../src/aws/s3/trail.ts'
import { eventQueue } from '../../src/aws/sqs/queue.ts'
import { systemClock } from '../../src/kernel/clock.ts'

const endpoint = process.env.MOTO_URL
if (!endpoint) throw new Error('Set `MOTO_URL` to the URL of a moto server, or run `npm run conformance`.')
const client = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'moto' },
}
const ALWAYS = { since: null, until: null }

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'trail-moto-'))
})
afterAll(() => rm(dir, { recursive: true }))

const record = (n: number) => ({
  eventVersion: '1.11',
  eventID: `id-${n}`,
  eventTime: '2026-10-01T00:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'CreateBucket',
  eventType: 'AwsApiCall',
  awsRegion: 'us-east-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '203.0.113.7',
  userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
})

test('a trail of more than one page is read whole, once', { timeout: 300_000 }, async () => {
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  const Bucket = `trail-${Date.now()}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  const Body = gzipSync(JSON.stringify({ Records: [record(1)] }))
  // CloudTrail's own names: of files with any other, copies of one content count once.
  const keys = Array.from({ length: 1_050 }, (_, n) => {
    const day = `0${1 + (n % 3)}`
    const own = `111122223333_CloudTrail_us-east-1_202610${day}T0000Z_${String(n).padStart(16, '0')}`
    return `AWSLogs/o-1/111122223333/CloudTrail/us-east-1/2026/10/${day}/${own}.json.gz`
  })
  for (let at = 0; at < keys.length; at += 50)
    await Promise.all(
      keys.slice(at, at + 50).map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
    )
  s3.destroy()
  const open = (days: typeof ALWAYS | { since: string; until: string }) =>
    s3Trail({ place: readS3Url(`s3://${Bucket}/AWSLogs`), days, maxBytes: 1e6, pathStyle: true, client })
  const source = open(ALWAYS)
  const facts = path.join(dir, 's3')
  expect(await ingest({ source, dir: facts, threads: 0 })).toMatchObject({
    files: 1_050,
    events: 1_050,
    refused: [],
  })
  expect(await ingest({ source, dir: facts, threads: 0 })).toMatchObject({ known: 1_050, events: 0 })
  source.destroy()
  const days = open({ since: '2026-10-03', until: '2026-10-03' })
  let files = 0
  for await (const file of days.list()) {
    expect(file.name).toContain('/2026/10/03/')
    files++
  }
  days.destroy()
  expect(files).toBe(350)
})

test('events of a queue become facts, and the queue is empty afterwards', async () => {
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false })
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `events-${Date.now()}` }))
  for (const n of [1, 2, 3, 2])
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ id: 'x', detail: record(n) }) }),
    )
  sqs.destroy()
  const stop = new AbortController()
  const queue = eventQueue({ url: QueueUrl, hiddenSeconds: 60, atQueueUrl: false, client })
  const totals = await follow({
    queue: {
      ...queue,
      receive: async (_, signal) => {
        const found = await queue.receive(1, signal)
        if (found.length === 0) stop.abort()
        return found
      },
    },
    name: QueueUrl,
    dir: path.join(dir, 'sqs'),
    batchEvents: 100,
    batchMs: 60_000,
    windowMs: 60_000,
    clock: systemClock,
    signal: stop.signal,
  })
  expect(totals).toMatchObject({ events: 3, duplicates: 1, notRemoved: 0 })
  expect(await queue.receive(0, new AbortController().signal)).toEqual([])
  queue.close()
})
