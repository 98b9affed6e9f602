import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrderOfIds, inOrderOfTexts, numbersTo, sortedBy } from './order.ts'

const words = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 5000 }), fc.integer({ min: 0, max: 0xffff_ffff }))

describe('order', () => {
  it('sorted_by_keys, and items of equal keys stay as they are', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 300 }), (keys) => {
        const [order] = sortedBy(numbersTo(keys.length), new Uint32Array(keys.length), Uint32Array.from(keys))
        const wanted = keys
          .map((_, i) => i)
          .sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
        expect([...order]).toEqual(wanted)
      }),
    )
  })

  it('ids are in the order of numbers of 64 bits', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 100 }), (ids) => {
        const halves = Uint32Array.from(ids.flatMap((id) => [Number(id & 0xffff_ffffn), Number(id >> 32n)]))
        const order = inOrderOfIds(halves, ids.length)
        const wanted = ids.toSorted((a, b) => (a < b ? -1 : 1))
        expect([...order].map((i) => ids[i])).toEqual(wanted)
      }),
    )
  })

  it('texts are in the order of their bytes', () => {
    const part = fc.constantFrom(
      '',
      'a',
      'b',
      'ab',
      'arn:aws:s3:::',
      '東',
      '😀',
      'ﬀ',
      '{"account":"111122223333"',
    )
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 80 }), (texts) => {
        const bytes = texts.map((one) => Buffer.from(one))
        const starts = new Uint32Array(texts.length + 1)
        bytes.forEach((one, i) => {
          starts[i + 1] = (starts[i] as number) + one.length
        })
        const numbers = numbersTo(texts.length)
        inOrderOfTexts({ bytes: Buffer.concat(bytes), starts }, numbers)
        expect([...numbers].map((i) => bytes[i])).toEqual(bytes.toSorted(Buffer.compare))
      }),
    )
  })
})
