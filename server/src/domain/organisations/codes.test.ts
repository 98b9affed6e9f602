import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasValidCheckDigit, parseCode, prefectureCode, withCheckDigit } from './codes.ts'
import { OFFICIAL_CHANGES } from './data/official-changes.ts'

const five = fc.integer({ min: 1000, max: 47_999 }).map((n) => String(n).padStart(5, '0'))

describe('全国地方公共団体コード', () => {
  it.each([
    ['01100', '011002'],
    ['13101', '131016'],
    ['40231', '402311'],
    ['22138', '221384'],
    ['47382', '473821'],
  ])('%s has the check digit of %s', (digits, code) => {
    expect(withCheckDigit(digits)).toBe(code)
  })

  it('prefectures have codes of their own', () => {
    expect([prefectureCode('01'), prefectureCode('47')]).toEqual(['010006', '470007'])
  })

  it('a_wrong_digit_is_found_unless_its_rest_is_written_alike', () => {
    const slip = fc.tuple(five.map(withCheckDigit), fc.nat(4), fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(slip, ([code, at, by]) => {
        const digits = [...code]
        digits[at] = String((Number(digits[at]) + by) % 10)
        const wrong = digits.join('')
        // Weights 2 to 6 are coprime to 11, so the rest always moves; but rests 0 and 10 are written with one digit.
        const rests = [rest(code), rest(wrong)].sort((a, b) => a - b)
        expect(rests[0]).not.toBe(rests[1])
        expect(hasValidCheckDigit(wrong)).toBe(rests.join() === '0,10')
      }),
    )
  })

  it('a lost leading zero is put back, in both forms', () => {
    fc.assert(
      fc.property(five, (digits) => {
        const short = digits.replace(/^0/, '')
        expect(parseCode(short, 'without_check_digit')).toEqual({ ok: true, value: withCheckDigit(digits) })
        const code = withCheckDigit(digits)
        expect(parseCode(code.replace(/^0/, ''), 'with_check_digit')).toEqual({ ok: true, value: code })
      }),
    )
  })

  it('no text makes it throw, and what it accepts is well formed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const code = parseCode(text, 'with_check_digit')
        if (code.ok) expect(hasValidCheckDigit(code.value)).toBe(true)
      }),
    )
  })

  it('every code of the official changes is right', () => {
    const codes = OFFICIAL_CHANGES.changes.flatMap((change) =>
      change.type === 'becomes'
        ? [change.from.code, change.to.code]
        : [...change.formed.map((f) => f.code), ...change.ended.flatMap((e) => [e.code, e.into])],
    )
    expect(codes.filter((code) => !hasValidCheckDigit(code))).toEqual([])
  })
})

const rest = (code: string): number =>
  [...code.slice(0, 5)].reduce((sum, digit, i) => sum + Number(digit) * (6 - i), 0) % 11
