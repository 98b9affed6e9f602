import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentOf } from './document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from './document/problem.ts'
import type { GuardValue } from './document/value.ts'
import { compileRules } from './guard.ts'
import { GUARD_LIMITS, type GuardLimits } from './limits.ts'

/** Small, so that a rule file that would take long ends soon. */
const LIMITS: GuardLimits = { ...GUARD_LIMITS, steps: 20_000, results: 2_000, text: 2_000, calls: 20 }

const DOCUMENT: GuardValue = {
  a: { a: [{ a: 1, b: 'x' }, { a: [1, 2, 3] }], b: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' },
  Resources: { A: { Type: 'AWS::S3::Bucket', Properties: { a: true } }, B: { Type: 'AWS::EC2::Volume' } },
}

/** What became of a rule file; everything but verdicts and Guard's own two errors is thrown on. */
function fate(text: string): 'verdicts' | 'nothing' | 'bad rule' | 'no verdict' {
  try {
    const rules = compileRules(text)
    if (rules === null) return 'nothing'
    const verdicts = rules.evaluate(documentOf(DOCUMENT), { limits: LIMITS })
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(rules.verdicts(DOCUMENT, { limits: LIMITS }))
    return 'verdicts'
  } catch (error) {
    if (error instanceof GuardSyntaxError) return 'bad rule'
    if (error instanceof GuardEvaluationError) return 'no verdict'
    throw error
  }
}

const rule = (body: string): string => `rule x { ${body} }`

/** Forms that hold themselves, n times, whole and with their ends missing. */
const NESTS: Readonly<Record<string, readonly [open: string, inside: string, close: string]>> = {
  filter: ['a[ ', 'a exists', ' ] exists'],
  'filter after some': ['some a[ ', 'a exists', ' ] !empty'],
  block: ['a { ', 'a exists', ' }'],
  'block that is not empty': ['a not empty { ', 'a exists', ' }'],
  when: ['when a exists { ', 'a exists', ' }'],
  call: ['f(', 'a', ')'],
  'call that compares': ['a == join(', 'a', ', ",")'],
  'filter in a call': ['f(a[ ', 'a exists', ' ])'],
  list: ['a == [', '1', ']'],
  map: ['a == { a: ', '1', ' }'],
  'keys filter': ['a[ keys == ', '"a"', ' ] exists'],
  not: ['not ', 'a exists', ''],
  bang: ['!', 'a exists', ''],
  group: ['(', 'a', ')'],
  regex: ['a == /', '(a*)*', '/'],
  alternatives: ['a exists or ', 'a exists', ''],
}

describe('a hostile rule file', () => {
  it.each(Object.entries(NESTS))('that nests `%s` ends soon', (_, [open, inside, close]) => {
    for (const depth of [2, 30, 120, 140, 2_000]) {
      const nested = open.repeat(depth) + inside
      for (const text of [nested + close.repeat(depth), nested + close.repeat(depth - 1), nested])
        expect(['verdicts', 'bad rule', 'no verdict']).toContain(fate(rule(text)))
    }
  })

  it('that calls rules in a circle, or in every line two of the next, gives no verdict', () => {
    expect(fate('rule a(x) { b(%x) }\nrule b(x) { a(%x) }\nrule c { a(a) }')).toBe('no verdict')
    expect(fate('rule a when b { a exists }\nrule b when a { a exists }')).toBe('no verdict')
    const doubled = Array.from(
      { length: 18 },
      (_, i) => `rule r${i}(x) { r${i + 1}(%x) r${i + 1}(%x) %x[*][*] exists }`,
    )
    expect(fate([...doubled, 'rule r18(x) { %x exists }', 'rule top { r0(a) }'].join('\n'))).toBe(
      'no verdict',
    )
  })

  it('that multiplies what it finds gives no verdict', () => {
    const lets = Array.from({ length: 40 }, (_, i) => `let v${i + 1} = join(%v${i}, %v${i})`)
    expect(['no verdict', 'verdicts']).toContain(
      fate(['let v0 = a.a', ...lets, 'rule x { %v40 exists }'].join('\n')),
    )
    const many = compileRules(`rule x { ${'a.*.* == Resources.*.* '.repeat(200)} }`)
    const wide = {
      a: Array.from({ length: 50 }, () => [1, 2, 3]),
      Resources: { a: Array.from({ length: 99 }, () => 1) },
    }
    expect(() => many?.verdicts(wide, { limits: { ...LIMITS, steps: 500 } })).toThrow(GuardEvaluationError)
  })

  it('of any tokens in any order gives verdicts, or one of two errors', () => {
    const tokens = [
      ...[
        'rule x {',
        'rule',
        'when',
        'let v =',
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        '.',
        '*',
        '%v',
        '%',
        '!',
        'not ',
      ],
      ...[
        'a',
        'Resources',
        'Type',
        'this',
        'some ',
        'keys',
        '==',
        '!=',
        '>=',
        'in ',
        'exists',
        'empty',
        'is_list',
      ],
      ...[
        '"x"',
        "'",
        '/a+/',
        '/',
        '1',
        '-1',
        '1.5',
        'null',
        'true',
        'r[1,2]',
        'or ',
        '|',
        ',',
        ':',
        '<<m>>',
        '<<',
      ],
      ...[
        '\n',
        ' ',
        '#c\n',
        'AWS::S3::Bucket ',
        'count(',
        'join(',
        'regex_replace(',
        'é',
        '\u{1f600}',
        '\u0000',
      ],
    ]
    const body = fc.array(fc.constantFrom(...tokens), { maxLength: 40 }).map((list) => list.join(''))
    fc.assert(
      fc.property(body, fc.boolean(), (text, inRule) => {
        fate(inRule ? rule(text) : text)
      }),
      { numRuns: 400 },
    )
  })

  it('says where it is wrong, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        try {
          compileRules(`rule x { ${text}`)
        } catch (error) {
          expect(error).toBeInstanceOf(GuardSyntaxError)
          const { line, column } = (error as GuardSyntaxError).problem
          expect(line).toBeGreaterThanOrEqual(1)
          expect(column).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 150 },
    )
  })
})
