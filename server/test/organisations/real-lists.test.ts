import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countChanges, isEmpty } from '../../src/domain/organisations/import/plan.ts'
import { registerOn, timelinesOf } from '../../src/storage/organisations/register.ts'
import { read } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { apply, centre, planFile, REAL_LISTS, WITHOUT_LISTS } from './support.ts'

/** The true history of Japan's municipalities, from the four real lists (tests are skipped where these are absent). */
describe.skipIf(WITHOUT_LISTS !== null)(
  `the real lists in order${WITHOUT_LISTS === null ? '' : `: ${WITHOUT_LISTS}`}`,
  () => {
    let db: TestDatabase
    const counts: ReturnType<typeof countChanges>[] = []

    beforeAll(async () => {
      db = await testDatabase()
      for (const [file, day] of REAL_LISTS) {
        const stored = await planFile(db, file, day)
        counts.push(countChanges(stored.plan))
        await apply(db, stored.id)
      }
    })
    afterAll(() => db.drop())

    const on = async (day: string) => (await read(db, centre, (tx) => registerOn(tx, day))).current
    const named = async (day: string, code: string) => (await on(day)).find((o) => o.facts.code === code)

    it('makes 1,916 organisations and their 47 prefectures of the first list', () => {
      expect(counts[0]).toMatchObject({ new: 1963, gone: 0, merged_into: 0 })
    })

    it('finds what changed between the lists and nothing else', () => {
      const changed = counts
        .slice(1)
        .map((c) => Object.fromEntries(Object.entries(c).filter(([, n]) => n > 0)))
      expect(changed).toEqual([{}, { kind_changed: 1, renamed: 1, respelled: 1 }, { kana_changed: 1 }])
    })

    it('那珂川町 became 那珂川市 on 2018-10-01, with a new code, and is the same organisation', async () => {
      const town = await named('2018-09-30', '403059')
      const city = await named('2018-10-01', '402311')
      expect(town?.facts).toMatchObject({ nameJa: '那珂川町', kind: 'town' })
      expect(city?.facts).toMatchObject({ nameJa: '那珂川市', kind: 'city', kana: 'なかがわし' })
      expect(city?.id).toBe(town?.id)
      expect(await named('2018-10-01', '403059')).toBeUndefined()
    })

    it('篠山市 became 丹波篠山市 on 2019-05-01 and kept its code', async () => {
      expect((await named('2019-04-30', '282219'))?.facts.nameJa).toBe('篠山市')
      expect((await named('2019-05-01', '282219'))?.facts.nameJa).toBe('丹波篠山市')
    })

    it('富谷市 was 富谷町 until 2016-10-10', async () => {
      expect((await named('2016-10-09', '044237'))?.facts).toMatchObject({ nameJa: '富谷町', kind: 'town' })
      expect((await named('2016-10-10', '042161'))?.facts).toMatchObject({ nameJa: '富谷市', kind: 'city' })
    })

    it('七ヶ宿町 was only misspelled: it never had another name', async () => {
      expect((await named('2017-04-01', '043028'))?.facts.nameJa).toBe('七ヶ宿町')
    })

    it('the other 那珂川町, in Tochigi, did not change', async () => {
      expect((await named('2026-04-01', '094111'))?.facts.nameJa).toBe('那珂川町')
    })

    it('wards belong to their cities and municipalities to their prefectures', async () => {
      const all = await on('2026-04-01')
      expect(all.find((o) => o.facts.nameJa === '札幌市中央区')?.facts).toMatchObject({
        kind: 'ward',
        parentCode: '011002',
      })
      expect(all.find((o) => o.facts.nameJa === '千代田区')?.facts).toMatchObject({
        kind: 'special_ward',
        parentCode: '130001',
      })
      const size = (kind: string) => all.filter((o) => o.facts.kind === kind).length
      expect([
        size('city'),
        size('town'),
        size('village'),
        size('special_ward'),
        size('ward'),
        size('prefecture'),
      ]).toEqual([792, 743, 183, 23, 175, 47])
    })

    it('the same list again is an empty plan', async () => {
      const again = await planFile(db, '2026-localgovjp-utf8.csv', '2026-04-01')
      expect(isEmpty(again.plan)).toBe(true)
      expect(again.plan.unchanged).toBe(1916)
    })

    it('proposes the wards of Hamamatsu that the list of 2026 does not know, and takes them when accepted', async () => {
      const before = await planFile(db, '2026-localgovjp-utf8.csv', '2026-04-01')
      expect(before.plan.items.filter((i) => i.state === 'proposed')).toHaveLength(10)
      const accepted = await planFile(db, '2026-localgovjp-utf8.csv', '2026-04-01', {
        'known:2024-01-01': { verdict: 'accept' },
      })
      await apply(db, accepted.id)
      const wards = async (day: string) =>
        (await on(day))
          .filter((o) => o.facts.parentCode === '221309')
          .map((o) => o.facts.nameJa)
          .sort()
      expect(await wards('2023-12-31')).toHaveLength(7)
      expect(await wards('2024-01-01')).toEqual(['浜松市中央区', '浜松市天竜区', '浜松市浜名区'])
      const again = await planFile(db, '2026-localgovjp-utf8.csv', '2026-04-01')
      expect(isEmpty(again.plan)).toBe(true)
      expect(again.plan.outdated.map((row) => row.nowNameJa)).toContain('浜松市浜名区')
      expect(again.plan.items).toEqual([])
    })

    it('no organisation has two versions on one day, nor a gap while it exists', async () => {
      const ids = (await on('2026-04-01')).map((o) => o.id)
      const timelines = await read(db, centre, (tx) => timelinesOf(tx, ids))
      for (const timeline of timelines.values())
        timeline.forEach((version, i) => {
          if (i > 0) expect(version.from).toBe(timeline[i - 1]?.to)
        })
    })

    it('refuses a list older than the last', async () => {
      await expect(planFile(db, '2019-localgovjp-utf8.csv', '2019-07-01')).rejects.toMatchObject({
        code: 'list_older',
      })
    })
  },
)
