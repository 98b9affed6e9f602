import fc from 'fast-check'
import { expect, test } from 'vitest'
import { basisPointsOf, percentText } from './percent.ts'

test('every share that can be is written and read back exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (bp) => {
      expect(basisPointsOf(percentText(bp))).toBe(bp)
    }),
  )
})

test.each(['', 'x', '-1', '1.234', '1,5', '1e2', '٣'])('%j is no share', (text) => {
  expect(basisPointsOf(text)).toBeNull()
})
