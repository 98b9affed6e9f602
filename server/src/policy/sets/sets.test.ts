import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../compile/condition.ts'
import { codesOf, matchCodes, patternCodes, withinParts } from '../compile/glob.ts'
import { parseOperator } from '../condition/operators.ts'
import type { ConditionElement } from '../policies.ts'
import { ABSENT, known, type Request } from '../request.ts'
import { runs } from '../testing/runs.ts'
import { includes, intersects } from './algebra.ts'
import { contains } from './automaton.ts'
import { budgetOf, within } from './budget.ts'
import { askOf, entryFor } from './entry.ts'
import { arnPattern, globs, literals, type PatternSet, resources } from './pattern-set.ts'
import { smallestIn } from './smallest.ts'

const RUNS = runs(3, 1_000)
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 5 })
const set: fc.Arbitrary<PatternSet> = fc
  .tuple(fc.array(pattern, { maxLength: 3 }), fc.boolean(), fc.constantFrom('glob', 'literal', 'resource'))
  .map(([patterns, negated, kind]) =>
    kind === 'glob'
      ? globs(patterns, negated)
      : kind === 'literal'
        ? literals(patterns, negated)
        : resources(patterns, negated),
  )

/** All texts over four letters (one of them in no pattern) up to length 5, shortest first. */
const TEXTS = [...Array(6).keys()].flatMap((length) => words(length))
function words(length: number): readonly string[] {
  return length === 0 ? [''] : words(length - 1).flatMap((word) => ['a', 'b', 'c', ':'].map((c) => word + c))
}

const member = ({ patterns, negated }: PatternSet, text: string) =>
  patterns.some((codes) => matchCodes(codes, codesOf(text))) !== negated

describe('pattern sets', () => {
  it('an automaton takes what the matcher takes', () => {
    fc.assert(
      fc.property(set, fc.constantFrom(...TEXTS), (one, text) => {
        expect(contains(one, codesOf(text), budgetOf(100_000))).toBe(member(one, text))
      }),
      runs(3, 5_000),
    )
  })

  it('the_smallest_member_is_a_member, and there is no shorter one', () => {
    fc.assert(
      fc.property(fc.array(set, { minLength: 1, maxLength: 3 }), (sets) => {
        const found = smallestIn(sets, budgetOf(1_000_000))
        const brute = TEXTS.find((text) => sets.every((one) => member(one, text)))
        if (found === null) expect(brute).toBeUndefined()
        else {
          expect(sets.every((one) => member(one, found))).toBe(true)
          expect(found.length).toBeLessThanOrEqual(brute?.length ?? Number.POSITIVE_INFINITY)
        }
      }),
      RUNS,
    )
  })

  it('inclusion and overlap are what they are for all texts', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const common = TEXTS.filter((text) => member(a, text))
        if (includes(b, a) === true) expect(common.every((text) => member(b, text))).toBe(true)
        if (intersects(a, b) === false) expect(common.some((text) => member(b, text))).toBe(false)
      }),
      RUNS,
    )
  })

  it('knows where wildcards of resources and ARNs stop', () => {
    const s3 = resources(['arn:aws:s3:::docs/*'], false)
    expect(includes(resources(['arn:aws:s3:::*'], false), s3)).toBe(true)
    expect(includes(resources(['arn:aws:s3:::docs/?*'], false), s3)).toBe(false)
    // `*` at the end of a part reaches over colons, within a part it does not.
    expect(includes(resources(['arn:aws:s3:*'], false), s3)).toBe(true)
    expect(includes(resources(['arn:aws:s*3:::docs/*'], false), s3)).toBe(true)
    expect(arnPattern('arn:aws:s3')).toBeNull()
    expect(matchCodes(withinParts(patternCodes('arn:a*z:s3:::x')), codesOf('arn:a:z:s3:::x'))).toBe(false)
  })

  it('gives up instead of hanging, and says so', () => {
    const hard = globs([`*a${'?'.repeat(16)}`, `*b${'?'.repeat(15)}`])
    expect(includes(globs([`*${'?'.repeat(17)}`]), hard)).not.toBe(false)
    const budget = budgetOf(10)
    expect(smallestIn([globs(['abcabcabc*']), globs(['*cbacba'])], budget)).toBeNull()
    expect(budget.exceeded).toBe(true)
  })

  it('pays for each place that a state holds: a step of many patterns is many steps', () => {
    const many = globs(Array.from({ length: 2_000 }, (_, i) => `*${i}*x`))
    const budget = budgetOf(1_000_000_000)
    contains(many, codesOf('abc'), budget)
    expect(1_000_000_000 - budget.steps).toBeGreaterThan(3 * 2_000)
    const little = budgetOf(2_000)
    expect(smallestIn([many, globs(['*y*'])], little)).toBeNull()
    expect(little.exceeded).toBe(true)
  })

  it('keeps few places of patterns with many stars: all before the last star that was passed add nothing', () => {
    const budget = budgetOf(1_000_000)
    expect(contains(globs(['*a'.repeat(1_000)]), codesOf('a'.repeat(1_000)), budget)).toBe(true)
    expect(budget.exceeded).toBe(false)
  })

  it('a question among many takes no more than its share, and leaves the rest to the others', () => {
    const budget = budgetOf(100_000)
    const hard = [globs(['abcabcabc*']), globs(['*cbacba'])]
    expect(within(budget, 10, () => smallestIn(hard, budget))).toBeNull()
    expect(budget).toMatchObject({ steps: 99_990, exceeded: false })
    expect(within(budget, 90_000, () => smallestIn(hard, budget))).toBe('abcabcabcbacba')
  })
})

const VALUES: Readonly<Record<string, readonly string[]>> = {
  StringEquals: ['red', 'blue', ''],
  StringNotEquals: ['red', 'blue'],
  StringEqualsIgnoreCase: ['RED', 'Blue'],
  StringNotEqualsIgnoreCase: ['RED'],
  StringLike: ['r*', '?lue', '*'],
  StringNotLike: ['r*', '*e*'],
  NumericLessThan: ['5', '7'],
  NumericGreaterThanEquals: ['6'],
  NumericNotEquals: ['5', '6.5'],
  DateLessThan: ['2026-01-01'],
  DateGreaterThan: ['2026-06-01T00:00:00Z', '1767225600'],
  Bool: ['true', 'false'],
  IpAddress: ['203.0.113.0/24', '203.0.113.128/25', '2001:db8::/32'],
  NotIpAddress: ['203.0.113.0/24', '255.255.255.255'],
  ArnLike: ['arn:aws:iam::*:role/*', 'arn:aws:iam::1*'],
  ArnNotEquals: ['arn:aws:iam::111122223333:role/Admin', 'arn:*:*:*:*:user/*'],
  Null: ['true', 'false'],
}
const FAMILIES = [
  [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
    'ArnLike',
    'ArnNotEquals',
    'Null',
  ],
  ['NumericLessThan', 'NumericGreaterThanEquals', 'NumericNotEquals', 'Null'],
  ['DateLessThan', 'DateGreaterThan', 'Null'],
  ['Bool', 'Null'],
  ['IpAddress', 'NotIpAddress', 'Null'],
]
const PLACE = { path: '$', line: 0, column: 0 }

const conditions = fc.constantFrom(...FAMILIES).chain((names) =>
  fc.array(
    fc.constantFrom(...names).chain((name) =>
      fc
        .tuple(
          fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
          fc.constantFrom('', 'IfExists'),
          fc.subarray([...(VALUES[name] ?? [])]),
          fc.boolean(),
        )
        .map(([prefix, ifExists, values, holds]): { condition: ConditionElement; holds: boolean } => {
          const operator = parseOperator(name === 'Null' ? name : `${prefix}${name}${ifExists}`)
          if (operator === null) throw new Error(name)
          return { condition: { operator, key: 'k', values, place: PLACE }, holds }
        }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
)

const requestWith = (
  entry: Request['context'] extends ReadonlyMap<string, infer E> ? E : never,
): Request => ({
  action: 's3:GetObject',
  resource: { arn: '*', account: null },
  principal: { type: 'anonymous', arn: null, account: null },
  context: new Map([['k', entry]]),
  unlisted: 'absent',
})

const PROBES = [
  ...['red', 'RED', 'blue', 'green', '', 'Blue', '5', '6', '6.2', '6.5', '8', 'x', 'true', 'false', 'TRUE'],
  ...[
    '203.0.113.7',
    '203.0.113.200',
    '198.51.100.1',
    '2001:db8::1',
    '255.255.255.255',
    '2025-01-01',
    '2026-03-01',
  ],
  ...['2027-01-01', 'arn:aws:iam::111122223333:role/Admin', 'arn:aws:iam::1:user/a', 'arn:aws:s3:::b'],
]
const entries = fc.oneof(
  fc.constant(ABSENT),
  fc.constantFrom(...PROBES).map((value) => known(value)),
  fc
    .uniqueArray(fc.constantFrom(...PROBES), { minLength: 1, maxLength: 3 })
    .map((values) => known(...values)),
)

describe('conditions as sets', () => {
  it('an_entry_that_is_found_answers_as_asked, and where none is found no probe answers so', () => {
    fc.assert(
      fc.property(conditions, fc.boolean(), entries, (given, many, probe) => {
        const asks = given.flatMap(({ condition, holds }) => {
          const ask = askOf(condition, '2012-10-17')
          return ask === null ? [] : [{ ask, holds, test: compileCondition(condition, '2012-10-17').test }]
        })
        expect(asks).toHaveLength(given.length)
        const answers = (entry: typeof probe) =>
          asks.every(({ holds, test }) => (test(requestWith(entry)) === 'yes') === holds)
        const found = entryFor(
          {
            holds: asks.filter(({ holds }) => holds).map(({ ask }) => ask),
            fails: asks.filter(({ holds }) => !holds).map(({ ask }) => ask),
          },
          many,
          budgetOf(1_000_000),
        )
        if (found !== null) expect(answers(found)).toBe(true)
        else if (many || probe.state !== 'known' || probe.values.length < 2)
          expect(answers(probe)).toBe(false)
      }),
      runs(3, 5_000),
    )
  })
})
