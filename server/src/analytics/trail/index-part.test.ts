import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withColumns } from './columns.ts'
import { INDEX_FILE, openIndex } from './index-part.ts'
import { eventIdOf } from './index-rows.ts'
import { textAt, textsOf } from './index-sections.ts'
import { textsReader } from './texts.ts'

let part: string
const spill = () => path.join(part, 'spill')

beforeEach(async () => {
  part = await mkdtemp(path.join(tmpdir(), 'rankan-index-'))
})
afterEach(() => rm(part, { recursive: true, force: true }))

/** A part with one action on as many resources as there are samples, the first two checks of one call. */
const partOf = (samples: readonly string[]) =>
  withColumns(spill(), async (reader) => {
    const dims = ['context', 'principal', 'network', 'region', 'action', 'account', 'error']
    const resources = samples.map((_, i) => `('resource', ${i}, '{"arn":"東${i}"}')`)
    await reader.run(
      `copy (select * from (values ${[...dims.map((dim) => `('${dim}', 0, '{}')`), ...resources].join(', ')}) t(dim, id, value)
       order by dim, value) to '${part}/dims.parquet' (format parquet)`,
    )
    const rows = samples.map(
      (sample, i) =>
        `(${i < 2 ? 7 : i + 7}, ${i === 1 ? 1 : 0}, date '2026-10-01', 'direct', 0, 0, 0, ${i}, 0, 0, 0, 0, 0, 0, ${i + 1}, ${sample})`,
    )
    await reader.run(
      `copy (select *, timestamp '2026-10-01 00:00:00' as first, timestamp '2026-10-01 00:00:09' as last
       from (values ${rows.join(', ')}) t(shape, check_no, day, kind, seen, event, action, resource, region, account, principal, network, error, context, count, sample))
       to '${part}/facts-.parquet' (format parquet)`,
    )
    await reader.run(
      `copy (select *, cast(null as bigint) as skip from '${part}/facts-.parquet') to '${part}/facts.parquet' (format parquet)`,
    )
  })

const UUIDS = [
  '00000000-0000-0000-0000-0000000000a1',
  '9c3f04e2-1111-4222-8333-ffffffffffff',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]

describe('indexPart', () => {
  for (const ids of [UUIDS, ['x', ...UUIDS.slice(1)], [...UUIDS.slice(1), null]])
    it(`keeps ids of events as they are, ${ids[0] === 'x' ? 'of any form' : ids.includes(null) ? 'or none' : 'UUIDs'}`, async () => {
      await partOf(ids.map((id) => (id === null ? 'null' : `'${id}'`)))
      const index = await openIndex(part, spill())
      const texts = textsReader(textsOf(index, 'resource'))
      const codes = index.u32('row.resource')
      // Resources are named after the place of their sample.
      const found = [...codes].map((code, row) => [
        Number(/\d+/.exec(texts.text(code))?.[0]),
        eventIdOf(index, row),
      ])
      expect(Object.fromEntries(found)).toEqual({ ...ids })
      for (const code of codes) expect(textAt(index, 'resource', code)).toBe(texts.text(code))
      index.close()
    })

  it('tells checks of one call from those that are alone, and is made once', async () => {
    await partOf(UUIDS.map((id) => `'${id}'`))
    ;(await openIndex(part, spill())).close()
    const index = await openIndex(part, spill())
    expect([...index.u32('row.call')]).toEqual([1, 1, 0])
    expect(index.meta.days).toMatchObject([{ calls: 4, checks: 3 }])
    index.close()
  })

  it('a_broken_index_is_made_anew: what a power cut left of it is none', async () => {
    await partOf(UUIDS.map((id) => `'${id}'`))
    const file = path.join(part, INDEX_FILE)
    ;(await openIndex(part, spill())).close()
    const whole = await readFile(file)
    for (const size of [0, whole.length >> 1]) {
      await writeFile(file, whole.subarray(0, size))
      ;(await openIndex(part, spill())).close()
      expect((await readFile(file)).equals(whole)).toBe(true)
    }
  })
})
