import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingest } from '../../analytics/trail/ingest.ts'
import { lockFacts } from '../../analytics/trail/lock.ts'
import type { Clock } from '../../kernel/clock.ts'
import { anewWhenBroken, lockWhenFree } from './facts.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'server-facts-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Time passes at once; `onPause` is told how many pauses there were. */
const clockOf = (onPause: (pauses: number) => void): Clock => {
  let pauses = 0
  return {
    now: () => new Date(0),
    sleep: async (_, signal) => {
      onPause(++pauses)
      signal?.throwIfAborted()
    },
  }
}
const never = new AbortController().signal

describe('lock of the server', () => {
  it("one_writer_at_a_time: it waits for the command line's lock, which then waits for it", async () => {
    const unlock = await lockFacts(dir)
    let waited = 0
    const mine = await lockWhenFree(
      dir,
      never,
      clockOf((pauses) => {
        waited = pauses
        if (pauses === 3) unlock()
      }),
    )
    expect(waited).toBe(3)
    await expect(lockFacts(dir)).rejects.toMatchObject({ code: 'facts_in_use' })
    mine()
    ;(await lockFacts(dir))()
  })

  it('gives up after half a minute, and at once when the replay is cancelled', async () => {
    const unlock = await lockFacts(dir)
    let waited = 0
    const count = clockOf((pauses) => {
      waited = pauses
    })
    await expect(lockWhenFree(dir, never, count)).rejects.toMatchObject({ code: 'facts_in_use' })
    expect(waited).toBe(59)
    await expect(lockWhenFree(dir, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
    unlock()
  })
})

describe('facts of the server', () => {
  it('broken_facts_are_read_anew: a part without a manifest does not end all replays for ever', async () => {
    const record = {
      eventSource: 's3.amazonaws.com',
      eventName: 'GetBucketAcl',
      eventTime: '2026-10-01T00:00:00Z',
      eventID: 'e',
    }
    const bytes = Buffer.from(JSON.stringify({ Records: [record] }))
    const source = {
      async *list() {
        yield { name: 'a.json', size: bytes.length, etag: 'a' }
      },
      read: async () => bytes,
    }
    const read = () => anewWhenBroken(dir, () => ingest({ source, dir, threads: 0 }))
    expect(await read()).toMatchObject({ known: 0, events: 1 })
    expect(await read()).toMatchObject({ known: 1, events: 0 })
    await mkdir(path.join(dir, 'parts', '000001-b'))
    await writeFile(path.join(dir, 'parts', '000001-b', 'manifest.json'), '')
    expect(await read()).toMatchObject({ known: 0, events: 1 })
    expect(await read()).toMatchObject({ known: 1, events: 0 })
  })
})
