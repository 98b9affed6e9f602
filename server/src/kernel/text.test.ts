import { expect, test } from 'vitest'
import { counted } from './text.ts'

test.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [2, '2 entries'],
  [1001, '1,001 entries'],
])('%i in English', (n, text) => {
  expect(counted(n, 'entry', 'entries')).toBe(text)
})

test('an `s` is the usual end', () => {
  expect([counted(1, 'note'), counted(21, 'note')]).toEqual(['1 note', '21 notes'])
})
