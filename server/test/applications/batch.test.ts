import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BATCH_COLUMNS, csvLine } from '../../src/domain/applications/batch-columns.ts'
import { codeOf } from '../../src/kernel/testing.ts'
import { takeBatch } from '../../src/storage/applications/batches.ts'
import { listApplications } from '../../src/storage/applications/list.ts'
import { read } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { newId, PJMO, seedRegister, setup, soon } from './fixtures.ts'

describe('a batch file', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
    await seedRegister(on)
  })
  afterAll(() => on.drop())

  const row = (over: Readonly<Record<string, string>>) =>
    csvLine(
      BATCH_COLUMNS.map(
        (c) =>
          over[c.name] ??
          (c.name === 'start' ? soon(on) : c.name === 'fiscal_year' ? fiscalYear() : c.example),
      ),
    )
  const fiscalYear = () => String(Number(soon(on).slice(0, 4)) - (Number(soon(on).slice(5, 7)) < 4 ? 1 : 0))
  const head = csvLine(BATCH_COLUMNS.map((c) => c.ja))
  const file = (n: number, prefix: string) =>
    head +
    Array.from({ length: n }, (_, i) => row({ key: `${prefix}${i}`, system_code: `${prefix}${i}` })).join('')
  const bytes = (text: string) => new TextEncoder().encode(text)
  const take = (data: Uint8Array, check = false) =>
    takeBatch({ on, ids: newId(on), setup }, PJMO, data, check)
  const count = async () =>
    Number((await sql<{ n: string }>`select count(*) as n from application`.execute(on.db)).rows[0]?.n) +
    (await read(on, PJMO, (tx) => listApplications(tx, { view: 'all' }, { limit: 200, after: null }))).items
      .length

  it('is only looked at with `check`', async () => {
    const seen = await take(bytes(file(2, 'look')), true)
    expect(seen).toMatchObject({ errors: [], batchId: null, rows: 2 })
    expect(await count()).toBe(0)
  })

  it('is taken whole in Shift_JIS, once', async () => {
    const data = new Uint8Array(iconv.encode(file(3, 'sjis'), 'cp932'))
    const taken = await take(data)
    expect(taken).toMatchObject({ encoding: 'shift_jis', errors: [] })
    const listed = await read(on, PJMO, (tx) =>
      listApplications(tx, { view: 'all', batchId: taken.batchId ?? '' }, { limit: 10, after: null }),
    )
    expect(listed.items.map((a) => a.state)).toEqual(['submitted', 'submitted', 'submitted'])
    expect(listed.items[0]?.systemName.ja).toBe('住民記録システム')
    const before = await count()
    const again = await take(data)
    expect(again.errors.map((e) => [e.row, e.code])).toEqual([
      [2, 'already_applied'],
      [3, 'already_applied'],
      [4, 'already_applied'],
    ])
    expect(await count()).toBe(before)
  })

  it('changes nothing when one row of many is wrong, and says which', async () => {
    const before = await count()
    const text =
      head +
      row({ key: 'g1', system_code: 'g1' }) +
      row({ key: 'g2', system_code: 'g2', regions: 'us-east-1' })
    const answer = await take(bytes(text))
    expect(answer.batchId).toBeNull()
    expect(answer.errors.map((e) => [e.row, e.column, e.code])).toEqual([
      [3, 'リージョン', 'rule.region_allowed'],
    ])
    expect(await count()).toBe(before)
  })

  it('of hostile bytes changes nothing', async () => {
    const before = await count()
    const good = file(1, 'evil')
    const hostile: readonly [string, Uint8Array][] = [
      ['encoding_utf16', new Uint8Array(Buffer.from(`\ufeff${good}`, 'utf16le'))],
      ['nul_byte', bytes(good.replace('juki', 'ju\u0000ki').replace('evil0', 'ev\u0000il'))],
      ['csv_broken', bytes(`${head}"never closed`)],
      ['encoding_unknown', Uint8Array.from([...bytes(head), 0xff, 0xfe, 0x80, 0x81])],
      ['file_empty', bytes('')],
    ]
    for (const [code, data] of hostile) expect([code, await codeOf(take(data))]).toEqual([code, code])
    expect(await count()).toBe(before)
  })

  it('cannot apply for another organisation', async () => {
    const before = await count()
    expect(
      await codeOf(take(bytes(head + row({ key: 'o', system_code: 'other', organisation_code: '131024' })))),
    ).toBe('other_organisation')
    expect(await count()).toBe(before)
  })

  it('of 400 applications is taken in one go', async () => {
    const taken = await take(bytes(file(400, 'big')))
    expect(taken.errors).toEqual([])
    expect(taken.applications).toHaveLength(400)
  })
})
