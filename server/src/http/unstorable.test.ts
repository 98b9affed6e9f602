import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RankanError } from '../kernel/errors.ts'
import { refuseUnstorable } from './unstorable.ts'

const refusal = (value: unknown): RankanError | null => {
  try {
    refuseUnstorable(value, 'body')
    return null
  } catch (error) {
    return error instanceof RankanError ? error : null
  }
}

it('says where the text is', () => {
  expect(refusal({ people: [{ name: 'a' }, { name: 'a\u0000' }] })?.issues[0]?.path).toEqual([
    'body',
    'people',
    1,
    'name',
  ])
  expect(refusal('\ud800')?.issues[0]?.path).toEqual(['body'])
  expect(refusal({ 'a\u0000': 1 })).toMatchObject({ kind: 'invalid', code: 'text_not_storable' })
})

it('takes all other JSON, and refuses it with one bad text anywhere', () => {
  const clean = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'))
  const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme-ascii' })
  fc.assert(
    fc.property(value, clean, fc.constantFrom('\u0000', '\udc00'), (json, text, bad) => {
      expect(refusal({ json, text })).toBeNull()
      expect(refusal({ json, list: [text, `${text}${bad}`] })?.issues[0]?.path).toEqual(['body', 'list', 1])
    }),
  )
})

it('walks what is nested deeper than the stack', () => {
  let deep: unknown = '\u0000'
  for (let i = 0; i < 3_000; i++) deep = [deep]
  expect(refusal(deep)?.issues[0]?.path).toHaveLength(100)
})
