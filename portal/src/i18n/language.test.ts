import { expect, test } from 'vitest'
import { firstLanguage } from './language.tsx'

test.each([
  ['en', ['ja-JP'], 'en'],
  [null, ['fr-FR', 'en-GB', 'ja'], 'en'],
  [null, ['ja-JP', 'en'], 'ja'],
  [null, ['fr'], 'ja'],
  ['xx', [], 'ja'],
])('stored %j and browser %j give %s', (stored, browser, expected) => {
  expect(firstLanguage(stored, browser)).toBe(expected)
})
