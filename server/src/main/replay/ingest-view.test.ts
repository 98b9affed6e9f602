import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ingest } from '../../analytics/trail/ingest.ts'
import type { TrailSource } from '../../analytics/trail/source.ts'
import { ingestView } from './ingest-view.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'ingest-view-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const RECORD = {
  eventSource: 's3.amazonaws.com',
  eventName: 'GetBucketAcl',
  eventTime: '2026-10-01T00:00:00Z',
  eventID: 'e',
}
const GOOD = JSON.stringify({ Records: [RECORD] })
const MIXED = JSON.stringify([{ ...RECORD, eventID: 'f' }, { id: 1 }, { id: 2 }])
const FOREIGN = '[{"id":"111122223333"}]'

/** A text for each name; `null` is a file that cannot be fetched. */
function trailOf(files: Readonly<Record<string, string | null>>): TrailSource {
  return {
    async *list() {
      for (const [name, text] of Object.entries(files))
        yield { name, size: text?.length ?? 0, etag: `${name} ${text?.length ?? 0}` }
    },
    read: async ({ name }) => {
      const text = files[name]
      if (text == null) throw new Error('connection lost')
      return Buffer.from(text)
    },
  }
}
const read = async (files: Readonly<Record<string, string | null>>) =>
  ingestView(dir, await ingest({ source: trailOf(files), dir, threads: 0 }))

it('what_the_facts_lack_is_told_by_every_replay: also by one that reads nothing new', async () => {
  const files = { 'empty.json': '', 'foreign.json': FOREIGN, 'good.json': GOOD, 'mixed.json': MIXED }
  const first = await read(files)
  const lacking = {
    files: 4,
    refusedFiles: 2,
    refused: [
      { name: 'empty.json', reason: 'empty', detail: '0 bytes' },
      { name: 'foreign.json', reason: 'foreign' },
    ],
    partlyFiles: 1,
    partly: [{ name: 'mixed.json', events: 1, foreign: 2 }],
  }
  expect(first).toMatchObject({ ...lacking, known: 0, events: 2 })
  expect(await read(files)).toMatchObject({ ...lacking, known: 4, events: 0 })
  expect(await read({ ...files, 'more.json': MIXED.replace('"f"', '"g"') })).toMatchObject({
    refusedFiles: 2,
    partlyFiles: 2,
  })
})

it('a_file_that_is_read_at_last_is_not_told: by its name, or by the name that CloudTrail gave it in another folder', async () => {
  const own = '111122223333_CloudTrail_us-east-1_20261001T0000Z_AbCdEfGhIjKlMnOp.json'
  expect(await read({ 'lost.json': null, [`a/${own}`]: FOREIGN })).toMatchObject({
    refusedFiles: 2,
    refused: [{ reason: 'unreadable', detail: 'connection lost' }, { reason: 'foreign' }],
  })
  expect(await read({ 'lost.json': GOOD, [`b/${own}`]: GOOD })).toMatchObject({
    refusedFiles: 0,
    refused: [],
    partly: [],
  })
})

it('tells a file that was changed since as long as it stands there', async () => {
  await read({ 'good.json': GOOD })
  for (const _ of ['one', 'two'])
    expect(await read({ 'good.json': `${GOOD} ` })).toMatchObject({
      refusedFiles: 1,
      refused: [{ name: 'good.json', reason: 'changed' }],
    })
  expect(await read({ 'good.json': GOOD })).toMatchObject({ refusedFiles: 0 })
})

it('counts all and names the first hundred', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 102 }, (_, n) => [`${n}.json`, FOREIGN.replace('1', String(n))]),
  )
  const { refusedFiles, refused } = await read(files)
  expect([refusedFiles, refused.length, refused.at(-1)?.name]).toEqual([102, 100, '99.json'])
})
