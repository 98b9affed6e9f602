import { describe, expect, it } from 'vitest'
import { readDocument, readTests } from './document.ts'
import { floatOf, type GuardMap, kindOf } from './value.ts'

const read = (written: string) => (readTests(`a: ${written}\n`).value as GuardMap).a ?? null
const plain = (written: string) => (readDocument(`a: ${written}\n`).value as GuardMap).a ?? null

describe('a file of tests', () => {
  it.each([
    ['', null, ''],
    ['Null', null, null],
    ['True', true, 'True'],
    ['FALSE', false, 'FALSE'],
    ['0x1f', 31, '0x1f'],
    ['-0o17', -15, '-0o17'],
    ['017', '017', 17],
    ['yes', 'yes', 'yes'],
    ['1_000', '1_000', '1_000'],
    ["'True'", 'True', 'True'],
    ['!Ref x', { Ref: 'x' }, { Ref: 'x' }],
    ['9223372036854775808', -(2n ** 63n), null],
  ])('reads `%s` as YAML 1.2 does, a document as cfn-guard does', (written, inTests, inDocument) => {
    expect(read(written)).toEqual(inTests)
    if (inDocument !== null || inTests === null) expect(plain(written)).toEqual(inDocument)
  })

  it('tells floats from ints and knows infinity by its YAML name only', () => {
    expect([kindOf(read('31.0')), kindOf(read('.inf')), kindOf(read('inf'))]).toEqual([
      'float',
      'float',
      'string',
    ])
    expect(floatOf(read('-.Inf'))).toBe(Number.NEGATIVE_INFINITY)
    expect(floatOf(read('.nan'))).toBeNaN()
    expect(read('1e400')).toBe('1e400')
  })

  it('follows aliases, and refuses those that are not there, hold themselves, or multiply', () => {
    expect(readTests('- &x {a: 1}\n- *x\n').value).toEqual([{ a: 1 }, { a: 1 }])
    expect(() => readTests('- *x\n')).toThrow(/no anchor/)
    expect(() => readTests('- &x [*x]\n')).toThrow(/nested deeper/)
    const laughs = ['- &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]`)]
    expect(() => readTests(laughs.join('\n'))).toThrow(/Aliases are followed/)
  })

  it('refuses members that are written twice and numbers beyond 64 bits', () => {
    expect(() => readTests('{a: 1, a: 2}')).toThrow(/unique/i)
    expect(() => readTests('a: 18446744073709551616')).toThrow(/64 bits/)
  })
})
