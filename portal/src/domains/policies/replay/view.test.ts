import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { axisTop, byOrganisation, dayBars, percentOf, shortArn, withPlaceNames } from './view.ts'

const line = (value: string, calls: number, already = 0) => ({
  value,
  calls,
  already,
  first: `${value}T00:00:00Z`,
  last: `${value}T12:00:00Z`,
})

describe('dayBars', () => {
  test('a day without calls is a gap, over the end of a month too', () => {
    expect(dayBars([line('2026-03-01', 2, 1), line('2026-02-27', 5)])).toEqual([
      { day: '2026-02-27', calls: 5, already: 0 },
      { day: '2026-02-28', calls: 0, already: 0 },
      { day: '2026-03-01', calls: 2, already: 1 },
    ])
    expect(dayBars([])).toEqual([])
  })
})

test('the axis is round, reaches the highest bar and wastes at most three fifths', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (highest) => {
      const top = axisTop(highest)
      expect(top).toBeGreaterThanOrEqual(highest)
      expect(top).toBeLessThan(highest * 2.5)
    }),
  )
})

const progress = { filesTotal: null, filesRead: 0, eventsRead: 0, factsTotal: null, factsAsked: 0 }

test('progress never goes back from reading to asking', () => {
  expect(percentOf({ ...progress, phase: 'waiting' })).toBe(0)
  expect(percentOf({ ...progress, phase: 'reading' })).toBe(null)
  expect(percentOf({ ...progress, phase: 'reading', filesTotal: 4, filesRead: 2 })).toBe(25)
  expect(percentOf({ ...progress, phase: 'reading', filesTotal: 0 })).toBe(50)
  expect(percentOf({ ...progress, phase: 'asking', factsTotal: 10, factsAsked: 0 })).toBe(50)
  expect(percentOf({ ...progress, phase: 'asking', factsTotal: 10, factsAsked: 10 })).toBe(100)
})

test('accounts of one organisation are one line, and no call is lost', () => {
  const sabae = { ja: '鯖江市', en: 'Sabae' }
  const tenants = new Map([
    ['111111111111', { name: 'a', organisation: sabae }],
    ['222222222222', { name: 'b', organisation: sabae }],
  ])
  const lines = byOrganisation(
    [line('111111111111', 3, 1), line('333333333333', 9), line('222222222222', 4)],
    tenants,
  )
  expect(
    lines.map(({ organisation, calls, already, accounts }) => [organisation, calls, already, accounts]),
  ).toEqual([
    [null, 9, 0, 1],
    [sabae, 7, 1, 2],
  ])
})

test('names of principals are short and keep their account', () => {
  expect(shortArn('arn:aws:iam::111122223333:role/app/Worker')).toBe('role/app/Worker (111122223333)')
  expect(shortArn('arn:aws:s3:::bucket/key')).toBe('bucket/key')
  expect(shortArn('cloudtrail.amazonaws.com')).toBe('cloudtrail.amazonaws.com')
})

test('places_have_names: ids between backticks that are known, and nothing else', () => {
  const nameOf = (id: string) => (id === 'r-1fls' ? 'Root(r-1fls)' : id)
  expect(withPlaceNames('文:`NobodyLists`(ポリシー `draft`、適用先 `r-1fls`)r-1fls', nameOf)).toBe(
    '文:`NobodyLists`(ポリシー `draft`、適用先 `Root(r-1fls)`)r-1fls',
  )
})
