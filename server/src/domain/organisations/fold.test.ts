import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, queryTerms, sameKana, sameName, stem } from './fold.ts'
import { latinName, romanise } from './romanise.ts'

describe('folding', () => {
  it.each([
    ['七ヶ宿町', '七ケ宿町'],
    ['七ヶ宿町', '七が宿町'],
    ['サッポロ', 'さっぽろ'],
    ['ｻｯﾎﾟﾛ', 'サッポロ'],
    ['札幌市 中央区', '札幌市中央区'],
    ['ＡＢＣ', 'abc'],
    ['龍ケ崎市', '龍ヶ崎市'],
  ])('%s is %s', (a, b) => {
    expect(sameName(a, b)).toBe(true)
  })

  it('different names stay different', () => {
    expect(sameName('篠山市', '丹波篠山市')).toBe(false)
    expect(sameName('那珂川町', '那珂川市')).toBe(false)
    expect(sameKana('ちはやあかさかむ', 'ちはやあかさかむら')).toBe(false)
  })

  it('is idempotent', () => {
    const unit = fc.constantFrom('か', '・', '\u3099', '\u3000', 'İ', 'ヶ', '\u0301', 'e', '-', 'ﾞ', 'ｶ')
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit }))
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('the stem loses the kind and never the whole name', () => {
    expect(stem('那珂川町')).toBe(stem('那珂川市'))
    expect(stem('津市')).toBe(fold('津'))
    expect(stem('市')).toBe('市')
  })

  it('splits a query into words', () => {
    expect(queryTerms('  福井県　越前 ')).toEqual([fold('福井県'), fold('越前')])
  })
})

describe('readings in Latin letters', () => {
  it.each([
    ['さっぽろし', 'city', 'Sapporo-shi'],
    ['とうきょうと', 'prefecture', 'Tokyoto'],
    ['さっぽろし ちゅうおうく', 'ward', 'Chuo-ku, Sapporo-shi'],
    ['なかがわまち', 'town', 'Nakagawa-machi'],
    ['ちはやあかさかむら', 'village', 'Chihayaakasaka-mura'],
    ['はっちょう', 'company', 'Hatcho'],
    ['じんぼ', 'company', 'Jimbo'],
  ] as const)('%s', (kana, kind, latin) => {
    expect(latinName(kana, kind)).toBe(latin)
  })

  it('kana always becomes plain letters', () => {
    const kana = fc.array(
      fc.integer({ min: 0x3042, max: 0x3093 }).map((c) => String.fromCodePoint(c)),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(kana, (chars) => {
        expect(romanise(chars.join(''))).toMatch(/^[a-zぁ-ん]*$/)
      }),
    )
  })
})
