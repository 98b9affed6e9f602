import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/json.ts'
import { objectsReader, shredder } from './shreds.ts'
import { textsReader, textsWriter } from './texts.ts'

const piece = fc.constantFrom(
  '',
  'a',
  'ab',
  'arn:aws:s3:::',
  '東',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  'x'.repeat(300),
)
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

describe('texts', () => {
  it('come back in any order', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 100 }),
        fc.boolean(),
        fc.array(fc.nat()),
        (given, sorted, picks) => {
          const texts = sorted ? [...given].sort() : given
          const writer = textsWriter()
          for (const one of texts) {
            const bytes = Buffer.from(`?${one}!`)
            writer.add(bytes, 1, bytes.length - 1)
          }
          const reader = textsReader(writer.done())
          expect(texts.map((_, code) => reader.text(code))).toEqual(texts)
          for (const pick of picks.filter(() => texts.length > 0))
            expect(reader.text(pick % texts.length)).toBe(texts[pick % texts.length])
        },
      ),
    )
  })
})

const values = fc.oneof(fc.constant(null), fc.array(text, { maxLength: 3 }))
const key = fc.constantFrom(
  'aws:sourceip',
  'aws:tagkeys',
  'kms:encryptioncontext:東',
  'a"b',
  's3:prefix',
  'x',
)
const object = fc.oneof(
  fc.dictionary(key, values),
  fc.constantFrom(null, 3, 'text', [], [1], { a: 1 }, { a: { b: ['c'] } }, { a: ['b'], c: [[]] }),
)

describe('shredder', () => {
  it('gives back every object, those of another form too, and holds each value of a key once', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 40 }), (objects) => {
        const texts = objects.map((one) => canonicalJson(one as never))
        const writer = shredder()
        for (const one of texts) {
          const bytes = Buffer.from(`${one}\n`)
          writer.add(bytes, 0, bytes.length - 1)
        }
        const shreds = writer.done()
        const read = objectsReader(shreds)
        expect(texts.map((_, code) => read(code))).toEqual(texts)
        for (const number of shreds.keys.keys()) {
          const list = shreds.values(number)
          const reader = textsReader(list)
          const all = [...list.lengths.keys()].map(reader.text)
          expect(new Set(all).size).toBe(all.length)
        }
      }),
    )
  })
})
