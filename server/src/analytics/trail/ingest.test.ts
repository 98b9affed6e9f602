import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GeneratedTrail, generateTrail } from '../../../../bench/src/trail/generate.ts'
import { COLLECT } from './collect.ts'
import { coverage } from './coverage.ts'
import { flatSql, withDuckDb } from './facts.ts'
import { INDEX_FILE, openIndex } from './index-part.ts'
import { ingest, shares } from './ingest.ts'
import { MERGE } from './merge.ts'
import { fileSource, folderSource, type TrailSource } from './source.ts'

let root: string
let trail: GeneratedTrail
const at = (...parts: string[]) => path.join(root, ...parts)
const run = (source: TrailSource, facts: string, partBytes?: number) =>
  ingest({ source, dir: at(facts), threads: 0, partBytes })
const counted = (facts: string) =>
  withDuckDb(at('spill'), async (sql) =>
    Number(
      (await sql(`select cast(sum(count) as double) n from ${flatSql(at(facts))} where check_no = 0`))[0]?.n,
    ),
  )

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'rankan-trail-'))
  trail = await generateTrail({
    dir: at('trail'),
    seed: 11,
    events: 3000,
    accounts: 3,
    days: 2,
    eventsPerFile: 300,
    callers: 10,
  })
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function digestOf(facts: string): Promise<string[]> {
  const parts = (await readdir(at(facts, 'parts'))).sort()
  const names = parts.flatMap((part) =>
    ['facts.parquet', 'dims.parquet', INDEX_FILE, 'manifest.json'].map((file) =>
      at(facts, 'parts', part, file),
    ),
  )
  return Promise.all(
    names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(name))
        .digest('hex'),
    ),
  )
}

const sums = (facts: string) =>
  withDuckDb(at('spill'), (sql) =>
    sql(`select event, action, resource, principal, network, error, context, kind, seen, day, cast(sum(count) as integer) n, min(first) f, max(last) l
      from ${flatSql(at(facts))} group by all order by all`),
  )

describe('shares', () => {
  it('each_file_goes_to_one_thread, whatever the order in which threads ask', () => {
    const asked = fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()))
    fc.assert(
      fc.property(asked, ([files, threads, order]) => {
        const next = shares(files, threads)
        const given = Array.from({ length: files }, () => next((order.next().value ?? 0) % threads))
        expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: files }, (_, i) => i))
        expect(next(0)).toBe(-1)
      }),
    )
  })

  it('gives neighbours to one thread', () => {
    const next = shares(6, 2)
    expect([next(0), next(1), next(0), next(1), next(1), next(1)]).toEqual([0, 3, 1, 4, 5, 2])
  })
})

describe('ingest', { timeout: 120_000 }, () => {
  it('counts every event once, and each file once however often it is called', async () => {
    const first = await run(folderSource(at('trail')), 'once')
    expect(first).toMatchObject({ files: trail.files.length, known: 0, events: 3000, refused: [] })
    const again = await run(folderSource(at('trail')), 'once')
    expect(again).toMatchObject({ known: trail.files.length, events: 0, parts: 0, refused: [] })
    expect(await counted('once')).toBe(3000)
  })

  it('one_file_counts_once: by whichever folder of the trail it is read, or by itself', async () => {
    const [one = ''] = trail.files
    const counts = async (source: TrailSource) => {
      const { files, known, events } = await run(source, 'inner')
      return [files - known > 0, events > 0]
    }
    expect(await counts(folderSource(at('trail', path.dirname(one))))).toEqual([true, true])
    expect(await counts(fileSource(at('trail', one)))).toEqual([false, false])
    expect(await counts(folderSource(at('trail')))).toEqual([true, true])
    expect(await counts(folderSource(at('trail', 'AWSLogs')))).toEqual([false, false])
    expect(await counted('inner')).toBe(3000)
  })

  it('files_of_any_name_are_told_by_content: copies count once, and another file of the name and size counts', async () => {
    const [one = '', two = ''] = trail.files
    const text = async (name: string) => gunzipSync(await readFile(at('trail', name))).toString('utf8')
    const texts = [await text(one), await text(two)]
    const size = Math.max(...texts.map((each) => Buffer.byteLength(each)))
    const [a = '', b = ''] = texts.map((each) => each + ' '.repeat(size - Buffer.byteLength(each)))
    for (const [name, content] of [
      ['one/events.json', a],
      ['one/copy.json', a],
      ['two/events.json', b],
    ] as const) {
      await mkdir(path.dirname(at('named', name)), { recursive: true })
      await writeFile(at('named', name), content)
    }
    expect(await run(fileSource(at('named', 'one', 'events.json')), 'named-facts')).toMatchObject({
      known: 0,
    })
    const other = await run(fileSource(at('named', 'two', 'events.json')), 'named-facts')
    expect(other.refused.map(({ refused }) => refused?.reason)).toEqual(['changed'])
    const all = await run(folderSource(at('named')), 'named-facts')
    expect([all.files, all.known, all.refused]).toEqual([3, 2, []])
    expect(await run(folderSource(at('named')), 'named-facts')).toMatchObject({ known: 3, parts: 0 })
    const records = texts.reduce((sum, each) => sum + JSON.parse(each).Records.length, 0)
    expect(await counted('named-facts')).toBe(records)
    expect(await run(folderSource(at('named')), 'named-anew')).toMatchObject({ known: 1, events: records })
  })

  it('same_files_same_bytes', async () => {
    await run(folderSource(at('trail')), 'a')
    await run(folderSource(at('trail')), 'b')
    expect(await digestOf('a')).toEqual(await digestOf('b'))
  })

  it('index_of_memory_is_index_of_files', async () => {
    await run(folderSource(at('trail')), 'indexed')
    const [part = ''] = await readdir(at('indexed', 'parts'))
    const file = at('indexed', 'parts', part, INDEX_FILE)
    const made = await readFile(file)
    await rm(file)
    ;(await openIndex(at('indexed', 'parts', part), at('spill'))).close()
    expect((await readFile(file)).equals(made)).toBe(true)
  })

  it('a_full_part_ends: what it does not take is another part, and nothing is lost', async () => {
    const limits = {
      collect: { ...COLLECT, maxRows: 200 },
      merge: { maxFacts: 500, maxBytes: MERGE.maxBytes },
    }
    const full = { source: folderSource(at('trail')), dir: at('full'), threads: 0, limits }
    const { parts, events } = await ingest(full)
    expect([parts > 1, events]).toEqual([true, 3000])
    expect(await ingest(full)).toMatchObject({ known: trail.files.length, events: 0, parts: 0 })
    await run(folderSource(at('trail')), 'one')
    expect(await sums('full')).toEqual(await sums('one'))
  })

  it('parts_add_up: many small parts tell the same as one', async () => {
    const { parts } = await run(folderSource(at('trail')), 'many', 20_000)
    expect(parts).toBeGreaterThan(3)
    await run(folderSource(at('trail')), 'one')
    expect(await sums('many')).toEqual(await sums('one'))
  })

  it('reports what cannot be read with its reason, and reads the rest', async () => {
    const good = await readFile(at('trail', trail.files[0] as string))
    const files: Record<string, Buffer> = {
      '1-truncated.json.gz': good.subarray(0, good.length - 40),
      '2-corrupt.json.gz': Buffer.from(good.map((byte, i) => (i === 200 ? byte ^ 0xff : byte))),
      '3-empty.json.gz': Buffer.alloc(0),
      '4-foreign.json.gz': gzipSync('{"configurationItems":[{"resourceType":"AWS::S3::Bucket"}]}'),
      '5-text.json': Buffer.from('version account-id interface-id'),
      '6-bad.json.gz': gzipSync('{"Records":[{"eventName":"A"},{"eventName":'),
      '7-bomb.json.gz': gzipSync(Buffer.alloc(600 * 1024 * 1024, 32), { level: 1 }),
      '8-good.json.gz': good,
    }
    await mkdir(at('bad'))
    for (const [name, bytes] of Object.entries(files)) await writeFile(at('bad', name), bytes)
    const report = await run(folderSource(at('bad')), 'bad-facts')
    expect(report.refused.map((file) => [file.name[0], file.refused?.reason])).toEqual([
      ['1', 'corrupt'],
      ['2', 'corrupt'],
      ['3', 'empty'],
      ['4', 'foreign'],
      ['5', 'not_json'],
      ['6', 'not_json'],
      ['7', 'too_large'],
    ])
    expect(report.events).toBeGreaterThan(0)
    expect(await counted('bad-facts')).toBe(report.events)
  })

  it('reads lists of records and answers of the AWS CLI as the records that are in them', async () => {
    const good = gunzipSync(await readFile(at('trail', trail.files[0] as string))).toString('utf8')
    const records = (JSON.parse(good) as { Records: object[] }).Records
    const cells = (record: object) =>
      Object.entries(record).map(([name, value]) => ({
        [name]: typeof value === 'string' ? value : JSON.stringify(value),
      }))
    const files: Record<string, string> = {
      'list.json': `\ufeff ${JSON.stringify(records, null, 2)}`,
      'lookup.json': JSON.stringify({
        Events: records.map((record) => ({ EventName: 'x', CloudTrailEvent: JSON.stringify(record) })),
      }),
      'query.json': JSON.stringify({ QueryStatus: 'FINISHED', QueryResultRows: records.map(cells) }),
      'names.json': JSON.stringify({ QueryResultRows: [[{ userName: 'alice' }]] }),
    }
    await mkdir(at('other'))
    for (const [name, text] of Object.entries(files)) await writeFile(at('other', name), text)
    const report = await run(folderSource(at('other')), 'other-facts')
    expect(report.refused.map(({ name, refused }) => [name, refused?.reason])).toEqual([
      ['names.json', 'foreign'],
    ])
    expect(report.events).toBe(3 * records.length)
    const counts = await withDuckDb(at('spill'), (sql) =>
      sql(
        `select distinct n from (select cast(sum(count) as integer) as n from ${flatSql(at('other-facts'))} group by event, action, resource, principal, network, error, context, kind, seen, day)`,
      ),
    )
    // Each of the three tells the same of a record.
    expect(counts.every(({ n }) => Number(n) % 3 === 0)).toBe(true)
    const one = await run(fileSource(at('other', 'lookup.json')), 'one-file-facts')
    expect(one).toMatchObject({ files: 1, events: records.length, refused: [] })
  })

  it('reports each empty file', async () => {
    await mkdir(at('empty'))
    for (const name of ['a.json', 'b.json']) await writeFile(at('empty', name), '')
    const { refused } = await run(folderSource(at('empty')), 'empty-facts')
    expect(refused.map(({ name, refused: why }) => [name, why?.reason])).toEqual([
      ['a.json', 'empty'],
      ['b.json', 'empty'],
    ])
  })

  it('tells files that hold other objects beside records', async () => {
    const good = JSON.parse(gunzipSync(await readFile(at('trail', trail.files[0] as string))).toString())
    await mkdir(at('partly'))
    await writeFile(at('partly', 'mixed.json'), JSON.stringify([...good.Records, { id: 1 }, { id: 2 }]))
    await writeFile(at('partly', 'accounts.json'), '[{"id":"111122223333"}]')
    const report = await run(folderSource(at('partly')), 'partly-facts')
    expect(report.refused.map(({ name, refused }) => [name, refused?.reason])).toEqual([
      ['accounts.json', 'foreign'],
    ])
    expect(report.partly).toMatchObject([{ name: 'mixed.json', events: good.Records.length, foreign: 2 }])
    expect(await counted('partly-facts')).toBe(good.Records.length)
  })

  it('tries again what could not be read, and never counts a changed file twice', async () => {
    const inner = folderSource(at('trail'))
    let broken = true
    const flaky: TrailSource = {
      list: inner.list,
      read: (file) =>
        broken && file.name === trail.files.toSorted()[0]
          ? Promise.reject(new Error('connection lost'))
          : inner.read(file),
    }
    const first = await run(flaky, 'flaky')
    expect(first.refused.map((file) => file.refused)).toEqual([
      { reason: 'unreadable', detail: 'connection lost' },
    ])
    broken = false
    const second = await run(flaky, 'flaky')
    expect([first.events + second.events, second.parts, second.refused]).toEqual([3000, 1, []])
    const changed: TrailSource = {
      ...inner,
      list: async function* () {
        for await (const file of inner.list()) yield { ...file, size: file.size + 1 }
      },
    }
    const third = await run(changed, 'flaky')
    expect([third.events, third.refused[0]?.refused?.reason, third.refused.length]).toEqual([
      0,
      'changed',
      trail.files.length,
    ])
  })

  it('a_run_that_dies_leaves_no_half_part', async () => {
    const inner = folderSource(at('trail'))
    const stop = new AbortController()
    let seen = 0
    const dying = ingest({
      source: inner,
      dir: at('dying'),
      threads: 0,
      partBytes: 40_000,
      signal: stop.signal,
      onFile: () => ++seen === 6 && stop.abort(new Error('killed')),
    })
    await expect(dying).rejects.toThrow('killed')
    const rest = await run(inner, 'dying')
    expect(rest.known).toBeGreaterThan(0)
    expect(await counted('dying')).toBe(3000)
  })

  it('reads exports: JSON lines, CSV with JSON columns, envelopes of EventBridge', async () => {
    const record = {
      eventSource: 's3.amazonaws.com',
      eventName: 'GetBucketAcl',
      eventTime: '2026-10-01T00:00:00Z',
      awsRegion: 'ap-northeast-1',
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
      eventID: 'e',
      userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
      requestParameters: { bucketName: 'b' },
    }
    const cell = (value: unknown) =>
      `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`
    await mkdir(at('exports'))
    await writeFile(
      at('exports', 'lake.jsonl'),
      `${JSON.stringify(record)}\n${JSON.stringify({ ...record, eventTime: '2026-10-01 05:00:00.000' })}\n`,
    )
    await writeFile(
      at('exports', 'athena.csv'),
      `${Object.keys(record)
        .map((name) => cell(name.toLowerCase()))
        .join(',')}\n${Object.values(record).map(cell).join(',')}\n`,
    )
    // What Athena writes of a table whose columns are rows.
    const row = '{type=Root, principalid=null, arn=arn:aws:iam::111122223333:root, accountid=111122223333}'
    await writeFile(
      at('exports', 'athena-rows.csv'),
      `${Object.keys(record)
        .map((name) => cell(name.toLowerCase()))
        .join(',')}\n${Object.entries(record)
        .map(([name, value]) => cell(name === 'userIdentity' ? row : value))
        .join(',')}\n`,
    )
    await writeFile(
      at('exports', 'bus.json'),
      JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: record }),
    )
    expect(await run(folderSource(at('exports')), 'exports-facts')).toMatchObject({ events: 5, refused: [] })
    const rows = await withDuckDb(at('spill'), (sql) =>
      sql(
        `select distinct action, resource, cast(day as varchar) as day, cast(count as integer) as count from ${flatSql(at('exports-facts'))}`,
      ),
    )
    expect(rows).toEqual([
      {
        action: 's3:GetBucketAcl',
        resource: '{"account":null,"arn":"arn:aws:s3:::b","assumed":null}',
        day: '2026-10-01',
        count: 5,
      },
    ])
  })

  it('tells the coverage', async () => {
    await run(folderSource(at('trail')), 'covered')
    const told = await coverage(at('covered'))
    expect(told.events).toBe(3000)
    expect(told.mapped + (told.skipped.unmapped ?? 0)).toBe(told.calls)
    expect(told.mapped / told.calls).toBeGreaterThan(0.94)
    expect(told.withResource / told.mapped).toBeGreaterThan(0.7)
  })
})
