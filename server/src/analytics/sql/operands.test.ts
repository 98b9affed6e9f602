import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileValues } from '../../policy/compile/values.ts'
import type { OperatorName } from '../../policy/policies.ts'
import { withDuckDb } from '../trail/facts.ts'
import { DUCKDB, literal } from './dialect.ts'
import { compare } from './operands.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'operands-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** Values of a request, for all operators; what SQL may leave unknown is marked. */
const ACTUAL: readonly string[] = [
  ...[
    '',
    'a',
    'A',
    'abc',
    'aXc',
    'a%c',
    'a_c',
    'a\\c',
    'a*c',
    'a?c',
    "o'clock",
    'a\nc',
    'a.c',
    '日本',
    '日x本',
    '\u{1f600}',
  ],
  ...['\u212a', 'k', 'K', 'İ', 'ſ', 'É', 'é', '[x]', '(x)', 'x|y', '^x$', '{1}'],
  ...['true', 'TRUE', 'fALse', ' true ', 'yes', 'falſe'],
  ...['5', '05', '+5', '-5', '5.', '.5', '5.0', '5e0', '1e400', '12345678901234567', 'x5', ' 5', '0', '-0'],
  ...[
    '2026-06-01',
    '2026-06-01T00:00:00Z',
    '2026-06-01T09:00:00+09:00',
    '2026',
    '1780272000',
    '1780272000000',
  ],
  ...['2026-02-30', '2026-13-01T00:00:00Z', 'yesterday', '12345', '123456789012'],
  ...[
    '203.0.113.7',
    '203.0.113.255',
    '203.0.114.0',
    '203.0.113.07',
    '256.0.0.1',
    '1.2.3',
    '203.0.113.0/24',
    '0.0.0.0',
  ],
  ...[
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0:0:0:0:0:1',
    '2001:db9::',
    '::',
    '::1',
    '::ffff:192.0.2.1',
    '1::2::3',
  ],
  ...[
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1:2:3:4::5:6:7:8',
    '1:2:3:4::6:7:8',
    '1:2:3:4:5:6:7:8',
    '1:2:3',
    ':::',
    'g::1',
  ],
  ...['2001:db8:8000::1', '2001:db8:7fff::1', 'fe80::1%eth0'],
  ...[
    'arn:aws:iam::1:role/a',
    'arn:aws:iam::1:role/a:b',
    'arn:aws:iam::1',
    'arn:aws:s3:::b/x/y',
    'arn:aws:iam:x:1:role/a',
  ],
]

const WANTED: Readonly<Partial<Record<OperatorName, readonly (readonly string[])[]>>> = {
  StringEquals: [['a', '日本', "o'clock"], ['a*c'], [], ['']],
  StringNotEquals: [['a', 'A']],
  StringEqualsIgnoreCase: [['ABC', 'k'], ['false'], ['i']],
  StringNotEqualsIgnoreCase: [['K']],
  StringLike: [
    ['a*c'],
    ['a?c', '?'],
    ['a%c'],
    ['a_c'],
    ['a\\c'],
    ['日?本'],
    ['*'],
    ['[x]*', '(x)', 'x|*', '^x?'],
    ['a.*'],
  ],
  StringNotLike: [['*c', 'x*']],
  Bool: [['true'], ['false'], ['true', 'maybe']],
  NumericEquals: [['5'], ['-0'], ['5', 'x']],
  NumericNotEquals: [['5.0'], ['x']],
  NumericLessThan: [['5']],
  NumericLessThanEquals: [['5', '-6']],
  NumericGreaterThan: [['4.5']],
  NumericGreaterThanEquals: [['5']],
  DateEquals: [['2026-06-01'], ['1780272000'], ['x', '2026-06-01']],
  DateNotEquals: [['2026-06-01T00:00:00Z']],
  DateLessThan: [['2026-06-01T00:00:01Z']],
  DateGreaterThan: [['2026-05-31']],
  DateGreaterThanEquals: [['2026-06-01']],
  IpAddress: [
    ['203.0.113.0/24'],
    ['203.0.113.4/30', '::/0'],
    ['0.0.0.0/0'],
    ['2001:db8::/33'],
    ['2001:db8::/32', 'x'],
    ['::1'],
  ],
  NotIpAddress: [['203.0.113.7', '2001:db8:8000::/35'], ['x']],
  ArnLike: [
    ['arn:aws:iam::*:role/*'],
    ['arn:aws:i?m::1:role/a'],
    ['arn:*'],
    ['arn:aws:iam:*:*:role/?', 'a'],
    ['*:*:*:*:*:*'],
  ],
  ArnEquals: [['arn:aws:s3:::b/*/y', 'arn:aws:iam::1:role/a']],
  ArnNotLike: [['arn:aws:iam::*:role/a'], ['nothing']],
  ArnNotEquals: [['arn:aws:*::1:role/a*']],
}

/** Where SQL says unknown and the engine knows: odd spellings that no service of AWS writes. */
const MAY_BE_UNKNOWN =
  /^\s|\s$|[^ -~]$|^[^ -~]|^[+-]?[\d.]*e\d+$|^\d{16,}$|^\d{4}$|^\d{4}-.*[+-]\d\d:\d\d$|^2026-(02-30|13)|\/|:.*\./

const truthOf = (value: unknown) => (value === null ? 'unknown' : value === true ? 'yes' : 'no')

describe('operators', () => {
  for (const [name, sets] of Object.entries(WANTED) as [OperatorName, readonly (readonly string[])[]][])
    it(`${name} reads and compares values as the engine does`, async () => {
      for (const wanted of sets) {
        const test = compileValues(name, wanted)
        const sql = compare(DUCKDB, name, wanted)
        if ('refused' in sql) throw new Error(sql.refused)
        const rows = await withDuckDb(dir, (run) =>
          run(
            `select x, ${sql.match} as match, ${sql.comparable} as comparable from (values ${ACTUAL.map((x) => `(${literal(x)})`).join(', ')}) t (x)`,
          ),
        )
        for (const row of rows) {
          const actual = String(row.x)
          const outcome = test(actual)
          const want = { match: outcome === 'match', comparable: outcome !== 'incomparable' }
          const where = `${name} ${JSON.stringify(wanted)} on ${JSON.stringify(actual)}`
          const found = { match: truthOf(row.match), negated: negatedOf(row) }
          const exact = {
            match: want.match ? 'yes' : 'no',
            negated: outcome === 'differ' ? 'yes' : 'no',
          }
          if (MAY_BE_UNKNOWN.test(actual)) {
            for (const part of ['match', 'negated'] as const)
              expect([exact[part], 'unknown'], where).toContain(found[part])
          } else expect(found, where).toEqual(exact)
        }
      }
    })
})

/** `comparable and not match`, as a negated operator asks. */
function negatedOf(row: Readonly<Record<string, unknown>>): string {
  const [comparable, match] = [truthOf(row.comparable), truthOf(row.match)]
  if (comparable === 'no' || match === 'yes') return 'no'
  return comparable === 'unknown' || match === 'unknown' ? 'unknown' : 'yes'
}
