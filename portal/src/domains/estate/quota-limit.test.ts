import { expect, test } from 'vitest'
import { limitOf } from './quota-limit.ts'

test.each([
  ['1', 1],
  [' 10 ', 10],
  ['11', null],
  ['0', null],
  ['-1', null],
  ['5.5', null],
  ['1e1', null],
  ['', null],
])('%j typed for a quota of at most 10 is %s', (text, limit) => {
  expect(limitOf(text, 10)).toBe(limit)
})
