import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentOf, readDocument } from './document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from './document/problem.ts'
import type { GuardValue } from './document/value.ts'
import { compareResults } from './evaluate/compare.ts'
import { countResults } from './evaluate/quick.ts'
import { literal, root } from './evaluate/result.ts'
import { compileRules } from './guard.ts'
import { GUARD_LIMITS } from './limits.ts'
import { findingsOf } from './report/findings.ts'

const verdictOf = (rules: string, value: GuardValue): string | undefined =>
  compileRules(rules)?.evaluate(documentOf(value))[0]?.verdict

/** Verdicts that the binary of cfn-guard 3.1.1 gave. */
const DOCUMENT: GuardValue = {
  n: 1,
  s: 'a1b2',
  list: [{ x: 1 }, { x: 2 }],
  tags: { t: 1 },
  e: [],
  TagList: 1,
}
describe.each([
  ['list.x > 1', 'FAIL'],
  ['some list[*].x > 1', 'PASS'],
  ['list[ x == 5 ] == 1', 'SKIP'],
  ['list[ x == 5 ] !empty', 'FAIL'],
  ['not list[ x == 5 ] !empty', 'PASS'],
  ['list[*][ x == 1 ] !empty', 'FAIL'],
  ['e[*] == 1', 'FAIL'],
  ['missing == 1', 'FAIL'],
  ['missing[ x exists ] == 1', 'FAIL'],
  ['n == 1.0', 'FAIL'],
  ['n != "a"', 'FAIL'],
  ['n in [1, "a"]', 'PASS'],
  ['n not in ["a"]', 'PASS'],
  ['tag_list exists', 'PASS'],
  ["'tag-list' exists", 'PASS'],
  ['list[*].x != [1, 2]', 'FAIL'],
])('the clause `%s`', (clause, verdict) => {
  it(`gives ${verdict}`, () => expect(verdictOf(`rule r { ${clause} }`, DOCUMENT)).toBe(verdict))
})

describe('errors of a rule file', () => {
  it.each([
    ['rule r {\n  a == \n}', 3, 1],
    ['rule r {\n  a == "x\n}', 2, 8],
    ['rule r { a == /(/ }', 1, 15],
    ['rule r { a exists', 1, 18],
    ['let x 5', 1, 7],
  ])('`%s` at line %i, column %i', (text, line, column) => {
    try {
      compileRules(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(GuardSyntaxError)
      expect((error as GuardSyntaxError).problem).toMatchObject({ line, column })
    }
  })
})

describe('findings', () => {
  it('say where, what was found, what was wanted and the message', () => {
    const document = readDocument('Resources:\n  A:\n    Type: T\n    Name: !Ref X\n')
    const text = "rule r { Resources.*.Name == 'x' <<name it x>> }"
    const verdicts = compileRules(text)?.evaluate(document) ?? []
    expect(findingsOf({ ruleFile: 'r.guard', ruleText: text, document }, verdicts)).toMatchObject([
      {
        rule: 'r',
        path: '/Resources/A/Name',
        line: 4,
        column: 11,
        found: '{"Ref":"X"}',
        message: 'name it x',
        missing: null,
      },
    ])
  })
})

describe('hostile input', () => {
  const fails = (rules: string, value: GuardValue, code: string): void => {
    expect(() =>
      compileRules(rules)?.evaluate(documentOf(value), { limits: { ...GUARD_LIMITS, steps: 50_000 } }),
    ).toThrow(expect.objectContaining({ code }))
  }
  it('ends rules that call each other in a circle', () =>
    fails('rule a {\n b\n}\nrule b {\n a\n}', {}, 'too_many_calls'))
  it('ends variables made of themselves', () =>
    fails('let v = %v\nrule a { %v exists }', {}, 'circular_variable'))
  it('ends evaluations with too many steps', () => {
    const list = Array.from({ length: 300 }, (_, i) => i)
    fails('let v = m[*]\nrule a { l[ this in %v ] empty }', { l: list, m: list }, 'too_many_steps')
  })
  it('refuses deep nesting of filters in linear time', () => {
    expect(() => compileRules(`rule r { ${'a[ '.repeat(500)}b exists${' ]'.repeat(500)} }`)).toThrow(
      GuardSyntaxError,
    )
  })
  it('refuses words of a flow collection that begin with an indicator, as cfn-guard does, and takes them elsewhere', () => {
    for (const text of ['{net: ::/0}', 'nets: [10.0.0.0/8, ::/0]', '{::/0: 1}', '{net: ?x}'])
      expect(() => readDocument(text)).toThrow(/begins with an indicator of YAML/)
    for (const text of ['net: ::/0', "{net: '::/0'}", '{net: 2001:db8::/32}', 'net:\n  - ::/0\n'])
      expect(() => readDocument(text)).not.toThrow()
  })

  it('refuses deep documents', () => {
    expect(() => readDocument(`${'['.repeat(500)}${']'.repeat(500)}`)).toThrow(GuardSyntaxError)
  })
  it('answers regular expressions that make others hang', () => {
    expect(verdictOf('rule r { a != /^(a+)+$/ }', { a: `${'a'.repeat(5_000)}b` })).toBe('PASS')
    expect(() => verdictOf('rule r { a == /(?!z)(\\w+\\s?)+!/ }', { a: 'a'.repeat(80) })).toThrow(
      GuardEvaluationError,
    )
  })
  it('takes names of JavaScript for names', () => {
    expect(verdictOf('rule r { constructor not exists\n "__proto__" not exists }', {})).toBe('PASS')
    expect(
      verdictOf("rule r { '__proto__'.a != 1 }", JSON.parse('{"__proto__":{"a":1}}') as GuardValue),
    ).toBe('FAIL')
  })
})

it('short_comparisons_count_like_long_ones', () => {
  const scalar = fc.constantFrom<GuardValue>('a', 'ab', '', 1, 2, 1.5, true, null)
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }))
  const operator = fc.constantFrom('eq' as const, 'in' as const, 'lt' as const, 'ge' as const)
  fc.assert(
    fc.property(operator, fc.boolean(), value, value, fc.boolean(), (op, not, a, b, written) => {
      const [left, right] = [[root(a)], [written ? literal(b) : root(b)]]
      const outcomes = compareResults(op, not, left, right) ?? []
      const fails = outcomes.filter(({ pass }) => !pass).length
      const counted = countResults(op, not, left, right)
      expect([counted?.fails === 0, counted?.total === counted?.fails]).toEqual([
        fails === 0,
        fails === outcomes.length,
      ])
    }),
  )
})
