import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDuckDb } from './facts.ts'
import { GROUP_ROWS, writeParquet } from './parquet.ts'
import { levels, placesPage, textPage } from './parquet-page.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rankan-parquet-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A column of numbers below `size`, or of none where `valueAt` says so. */
const coded = (name: string, size: number, valueAt: (row: number) => number | null) => ({
  name,
  type: 'i32' as const,
  optional: true,
  packing: 'none' as const,
  chunk(first: number, end: number) {
    const values = Array.from({ length: end - first }, (_, i) => valueAt(first + i))
    const present = Uint32Array.from(values, (value) => (value === null ? 0 : 1))
    const places = Uint32Array.from(values.filter((value) => value !== null))
    const bytes = new Uint8Array(Uint32Array.from({ length: size }, (_, i) => i).buffer)
    return {
      dictionary: { size, bytes },
      data: Buffer.concat([levels(present), placesPage(places, size)]),
    }
  },
})

const texts = (name: string, packing: 'none' | 'digits' | 'texts', textAt: (row: number) => string) => ({
  name,
  type: 'text' as const,
  packing,
  chunk(first: number, end: number) {
    const page = textPage()
    for (let row = first; row < end; row++)
      page.add(Buffer.from(textAt(row)), 0, Buffer.from(textAt(row)).length)
    return { data: page.done() }
  },
})

describe('writeParquet', () => {
  for (const rows of [0, 1, 9, 1000, GROUP_ROWS + 3])
    it(`what is written is read again: ${rows} rows`, { timeout: 60_000 }, async () => {
      const file = path.join(dir, `${rows}.parquet`)
      await writeParquet(file, rows, [
        coded('one', 1, () => 0),
        coded('gaps', 700, (row) => (row % 3 === 0 ? null : row % 700)),
        coded('runs', 5, (row) => (row < 500 ? null : Math.floor(row / 400) % 5)),
        coded('many', 70_000, (row) => (row * 7919) % 70_000),
        texts('packed', 'texts', (row) => `${'東'.repeat(row % 40)}${row}`),
        texts('digits', 'digits', (row) => String(row)),
        texts('plain', 'none', (row) => `${row}`),
      ])
      const [told] = await withDuckDb(path.join(dir, 'spill'), (run) =>
        run(`select count(*)::integer as n, count(*) filter (
            one = 0 and gaps is not distinct from case when r % 3 = 0 then null else r % 700 end
            and runs is not distinct from case when r < 500 then null else (r // 400) % 5 end
            and many = (r * 7919) % 70000 and packed = repeat('東', (r % 40)::integer) || r
            and digits = r::varchar and plain = r::varchar)::integer as same
          from (select *, file_row_number as r from read_parquet('${file}', file_row_number = true))`),
      )
      expect(told).toEqual({ n: rows, same: rows })
    })
})
