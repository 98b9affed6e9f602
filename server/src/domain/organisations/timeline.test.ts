import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type Day } from '../../kernel/days.ts'
import {
  changeFrom,
  correct,
  endOn,
  type OrganisationFacts,
  precede,
  type Timeline,
  versionOn,
} from './timeline.ts'

const facts = (nameJa: string): OrganisationFacts => ({
  code: '182079',
  kind: 'city',
  nameJa,
  nameEn: null,
  kana: null,
  parentCode: null,
})
const day = fc.integer({ min: 0, max: 4000 }).map((n) => addDays('2015-01-01', n))
const changes = fc.array(fc.tuple(day, fc.constantFrom('甲市', '乙市', '丙市', '丁市')), { maxLength: 12 })

const build = (start: Day, list: readonly (readonly [Day, string])[]): Timeline =>
  list.reduce<Timeline>(
    (t, [at, name]) => changeFrom(t, at, { nameJa: name }),
    [{ from: start, to: null, facts: facts('始市') }],
  )

describe('a timeline', () => {
  it('has_one_version_on_every_day_after_it_begins', () => {
    fc.assert(
      fc.property(day, changes, day, (start, list, asked) => {
        const timeline = build(start, list)
        const known = timeline.filter(
          (v) => (v.from === null || v.from <= asked) && (v.to === null || asked < v.to),
        )
        if (asked >= start) expect(known).toHaveLength(1)
        else expect(known.length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('has no gap, no overlap and no equal neighbours', () => {
    fc.assert(
      fc.property(day, changes, (start, list) => {
        const timeline = build(start, list)
        timeline.forEach((version, i) => {
          const before = timeline[i - 1]
          if (before === undefined) return
          expect(before.to).toBe(version.from)
          expect(before.facts).not.toEqual(version.facts)
        })
      }),
    )
  })

  it('says_the_last_word_from_its_day_on', () => {
    fc.assert(
      fc.property(day, changes, day, day, (start, list, at, asked) => {
        const before = build(start, list)
        const after = changeFrom(before, at, { nameJa: '新市' })
        if (asked >= at) expect(versionOn(after, asked)?.facts.nameJa).toBe('新市')
        else if (asked >= start) expect(versionOn(after, asked)).not.toBeNull()
        // What was before the day of the change stays as it was.
        if (asked < at && asked >= start)
          expect(versionOn(after, asked)?.facts.nameJa).toBe(versionOn(before, asked)?.facts.nameJa)
      }),
    )
  })

  it('ends on the day and is unchanged before', () => {
    fc.assert(
      fc.property(day, changes, day, day, (start, list, end, asked) => {
        const before = build(start, list)
        const after = endOn(before, end)
        if (asked >= end) expect(versionOn(after, asked)).toBeNull()
        else if (asked >= start)
          expect(versionOn(after, asked)?.facts).toEqual(versionOn(before, asked)?.facts)
      }),
    )
  })

  it('a correction changes the past too', () => {
    const timeline = changeFrom([{ from: '2017-01-01', to: null, facts: facts('七ケ町') }], '2019-01-01', {
      kana: 'しち',
    })
    const right = correct(timeline, (f) => f.nameJa === '七ケ町', { nameJa: '七ヶ町' })
    expect(right.map((v) => v.facts.nameJa)).toEqual(['七ヶ町', '七ヶ町'])
  })

  it('what was before the first list stands in front', () => {
    const timeline = precede(
      [{ from: '2017-04-01', to: null, facts: facts('富谷市') }],
      '2016-10-10',
      facts('富谷町'),
    )
    expect(timeline.map((v) => [v.from, v.to, v.facts.nameJa])).toEqual([
      [null, '2016-10-10', '富谷町'],
      ['2016-10-10', null, '富谷市'],
    ])
  })
})
