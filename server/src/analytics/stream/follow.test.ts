import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import { factsSql, withDuckDb } from '../trail/facts.ts'
import { partNames } from '../trail/store.ts'
import { type FollowOptions, follow } from './follow.ts'
import { writeNote } from './journal.ts'
import type { EventQueue } from './queue.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'follow-'))
})
afterEach(() => rm(dir, { recursive: true }))

const message = (n: number, detail: object = {}) =>
  JSON.stringify({
    id: `e${n}`,
    source: 'aws.s3',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventVersion: '1.11',
      eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      eventTime: '2026-10-01T00:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'CreateBucket',
      eventType: 'AwsApiCall',
      awsRegion: 'ap-northeast-1',
      recipientAccountId: '111122223333',
      sourceIPAddress: '203.0.113.7',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/a', accountId: '111122223333' },
      requestParameters: { bucketName: `b${n}` },
      ...detail,
    },
  })

class Killed extends Error {}

/** Delivers at least once; what was received comes again after `begin`. Ends the following when nothing is left. */
function queueOf(bodies: readonly string[]) {
  const all = bodies.map((body, n) => ({
    id: String(n),
    body,
    receipt: String(n),
    hidden: false,
    gone: false,
  }))
  const state = { stop: new AbortController(), onRemove: async (): Promise<void> => undefined }
  const queue: EventQueue = {
    async receive() {
      const found = all.filter(({ hidden, gone }) => !hidden && !gone).slice(0, 3)
      for (const one of found) one.hidden = true
      if (found.length === 0) state.stop.abort()
      return found
    },
    async remove(receipts) {
      await state.onRemove()
      for (const one of all) if (receipts.includes(one.receipt)) one.gone = true
      return 0
    },
    close: () => undefined,
  }
  return {
    left: () => all.filter(({ gone }) => !gone).length,
    state,
    run(options: Partial<FollowOptions> = {}) {
      for (const one of all) one.hidden = false
      state.stop = new AbortController()
      return follow({
        queue,
        name: 'https://sqs.ap-northeast-1.amazonaws.com/111122223333/q',
        dir,
        batchEvents: 3,
        batchMs: 60_000,
        windowMs: 3_600_000,
        clock: systemClock,
        signal: state.stop.signal,
        ...options,
      })
    },
  }
}

const counted = async (): Promise<number> => {
  const rows = await withDuckDb(path.join(dir, 'spill'), (sql) =>
    sql(`select cast(sum(count) as double) as n from ${factsSql(dir)} where check_no = 0`),
  )
  return Number(rows[0]?.n ?? 0)
}

describe('following a queue', () => {
  it('counts each event once though messages come twice, and leaves the queue empty', async () => {
    const queue = queueOf([1, 2, 3, 1, 4, 5, 2, 5, 6].map((n) => message(n)))
    const totals = await queue.run()
    expect(totals).toMatchObject({ events: 6, duplicates: 3, left: 0 })
    expect(totals.parts).toBe(2)
    expect(queue.left()).toBe(0)
    expect(await counted()).toBe(6)
    // Another process, another delivery of the same events.
    expect(await queueOf([1, 5, 7].map((n) => message(n))).run()).toMatchObject({ events: 1, duplicates: 2 })
    expect(await counted()).toBe(7)
  })

  it('deletes a message only when its part is there', async () => {
    const queue = queueOf([1, 2, 3, 4, 5].map((n) => message(n)))
    const parts: number[] = []
    queue.state.onRemove = async () => {
      parts.push((await partNames(dir)).length)
    }
    await queue.run()
    expect(parts).toEqual([1, 2])
  })

  it('counts nothing twice when it is killed between the part and the deletion', async () => {
    const queue = queueOf([1, 2, 3, 4, 5].map((n) => message(n)))
    queue.state.onRemove = async () => {
      throw new Killed()
    }
    await expect(queue.run()).rejects.toThrow(Killed)
    expect(queue.left()).toBe(5)
    expect(await counted()).toBe(3)
    queue.state.onRemove = async () => undefined
    // A window of nothing: what was not deleted is known all the same.
    expect(await queue.run({ windowMs: 0 })).toMatchObject({ events: 2, duplicates: 3 })
    expect(await counted()).toBe(5)
    expect(queue.left()).toBe(0)
  })

  it('counts an event whose note was written and whose part was not', async () => {
    await follow(await emptyOptions())
    await writeNote(dir, { file: 'sqs:x/1.jsonl', at: Date.now(), removedAt: null, ids: [idOf(1)] })
    expect(await queueOf([message(1)]).run()).toMatchObject({ events: 1, duplicates: 0 })
  })

  it('leaves what is no CloudTrail event in the queue, and reads the rest', async () => {
    const queue = queueOf([
      message(1),
      'no json',
      JSON.stringify({ detail: { reason: 'other' } }),
      message(2),
    ])
    expect(await queue.run()).toMatchObject({ events: 2, left: 2 })
    expect(queue.left()).toBe(2)
  })

  it('goes on after SQS did not answer, and keeps what could not be deleted for later', async () => {
    const queue = queueOf([1, 2].map((n) => message(n)))
    queue.state.onRemove = async () => {
      throw new RankanError('unavailable', 'x', 'no answer')
    }
    expect(await queue.run()).toMatchObject({ events: 2, notRemoved: 2 })
    queue.state.onRemove = async () => undefined
    expect(await queue.run()).toMatchObject({ events: 0, duplicates: 2 })
    expect(queue.left()).toBe(0)
  })

  it('refuses a second follower of the same folder, and gives it back at the end', async () => {
    const queue = queueOf([message(1)])
    let second: unknown = null
    queue.state.onRemove = async () => {
      second = await queueOf([message(2)])
        .run()
        .catch((error: unknown) => error)
    }
    expect(await queue.run()).toMatchObject({ events: 1 })
    expect(second).toMatchObject({ kind: 'conflict', code: 'facts_in_use' })
    expect(await queueOf([message(2)]).run()).toMatchObject({ events: 1 })
  })

  it('refuses facts of files', async () => {
    const { publish, workFolder } = await import('../trail/store.ts')
    const { mkdir } = await import('node:fs/promises')
    const work = path.join(workFolder(dir), 'x')
    await mkdir(work, { recursive: true })
    await mkdir(path.join(dir, 'parts'), { recursive: true })
    const file = { name: 'a.json', size: 1, etag: '', events: 1, refused: null }
    await publish(dir, work, '000000-x', { version: 1, omit: [], tables: 't', files: [file] })
    await expect(queueOf([message(1)]).run()).rejects.toThrow(/count twice/)
  })
})

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

async function emptyOptions(): Promise<FollowOptions> {
  const stop = new AbortController()
  stop.abort()
  const queue: EventQueue = { receive: async () => [], remove: async () => 0, close: () => undefined }
  return {
    queue,
    name: 'q',
    dir,
    batchEvents: 1,
    batchMs: 1,
    windowMs: 1,
    clock: systemClock,
    signal: stop.signal,
  }
}
