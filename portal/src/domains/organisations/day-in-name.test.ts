import { expect, it } from 'vitest'
import { dayInName } from './day-in-name.ts'
import { percent } from './forms/percent.ts'

it.each([
  ['20211101-localgovjp-utf8.csv', '2021-11-01'],
  ['list_2026-04-01.csv', '2026-04-01'],
  ['2026-localgovjp-utf8.csv', null],
  ['20219999.csv', null],
  ['20210230.csv', null],
])('the day in the name %s is %s', (name, day) => {
  expect(dayInName(name)).toBe(day)
})

it('basis points are shown as per cent without rounding', () => {
  expect([10_000, 3334, 5, 2500].map(percent)).toEqual(['100.00 %', '33.34 %', '0.05 %', '25.00 %'])
})
