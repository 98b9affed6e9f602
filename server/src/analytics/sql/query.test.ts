import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../../kernel/testing.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import { evaluateNaively } from '../../policy/evaluate/naive/evaluate.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { ACCOUNTS, policy, request } from '../../policy/testing/arbitraries.ts'
import type { KeyFacts } from '../../policy/trail/facts.ts'
import { all, any, not } from '../../policy/truth.ts'
import { atomRow } from '../replay/atoms.ts'
import { askOf, PARTS, type Parts } from '../replay/check.ts'
import { classesOf } from '../replay/classes.ts'
import { decider } from '../replay/decide.ts'
import { estateOf } from '../replay/estate.ts'
import { readTree, type Tree } from '../replay/tree.ts'
import type { World } from '../replay/world.ts'
import { VIEWS } from '../trail/collect.ts'
import { type Row, withDuckDb } from '../trail/facts.ts'
import { loadTables } from '../trail/tables.ts'
import { ATHENA, DUCKDB, literal } from './dialect.ts'
import { queryOf } from './query.ts'

const { iam } = loadTables()
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sql-'))
})
afterAll(() => rm(dir, { recursive: true }))

const NAMES = ['allowed', 'unknown', 'denied'] as const

const keys: fc.Arbitrary<KeyFacts> = fc.record(
  {
    'aws:principaltag/team': fc.constantFrom(['red'], ['blue'], null),
    'aws:principaltag/*': fc.constant(null),
    'aws:tagkeys': fc.constantFrom(['red', 'green'], ['red'], [], null),
    'aws:sourceip': fc.constantFrom(['203.0.113.7'], ['2001:db8::1'], ['nonsense'], null),
    'aws:securetransport': fc.constantFrom(['true'], ['false']),
    's3:max-keys': fc.constantFrom(['5'], ['10'], ['x'], null),
    'aws:currenttime': fc.constantFrom(['2026-01-01T00:00:00Z'], ['2027-01-01'], ['1767225600']),
    'aws:sourcearn': fc.constantFrom(['arn:aws:sns:ap-northeast-1:111122223333:topic'], ['no-arn'], null),
    'aws:principalarn': fc.constantFrom(
      ['arn:aws:iam::111122223333:user/alice'],
      ['arn:aws:iam::444455556666:role/a/b'],
      null,
    ),
  },
  { requiredKeys: [] },
)

const parts: fc.Arbitrary<Parts> = fc
  .tuple(
    request,
    keys,
    keys,
    keys,
    fc.constantFrom('ap-northeast-1', 'us-east-1', ''),
    fc.constantFrom('sts:GetCallerIdentity', 's3:ListAllMyBuckets', null),
  )
  .map(([{ principal, resource, action }, context, caller, network, region, other]) => ({
    context,
    principal: { principal, keys: caller, via: null, viaService: 'no' as const },
    network,
    resource: {
      arn: resource.arn,
      account: resource.account,
      assumed: resource.isBeginning ? ('beginning' as const) : null,
    },
    region,
    action: other ?? action,
  }))

const tree: fc.Arbitrary<Tree> = fc
  .record({
    managementAccount: fc.option(fc.constantFrom(...ACCOUNTS), { nil: undefined }),
    organizationId: fc.constantFrom('o-abcdefghij', undefined),
    members: fc.subarray([...ACCOUNTS], { minLength: 1 }),
    at: fc.array(fc.constantFrom('root', 'ou', 'account', 'nowhere'), { minLength: 4, maxLength: 4 }),
  })
  .map(({ managementAccount, organizationId, members, at }) => {
    const on = (place: string) => at.flatMap((where, index) => (where === place ? [`p${index}`] : []))
    const file = {
      managementAccount,
      organizationId,
      root: { id: 'r-1', policies: on('root') },
      ous: [{ id: 'ou-1', parent: 'r-1', policies: on('ou') }],
      accounts: members.map((id, index) => ({
        id,
        parent: index === 0 ? 'ou-1' : 'r-1',
        policies: on('account'),
      })),
    }
    return readTree(file, 'tree')
  })

/** Without what SQL refuses, so that the rest is compared; that variables are refused has its own test. */
function withoutVariables(one: Policy, index: number): Policy {
  const kept = one.statements.filter(
    (statement) => one.version === '2008-10-17' || !JSON.stringify(statement).includes('${'),
  )
  return { ...one, name: `p${index}`, statements: kept.map((statement, n) => ({ ...statement, index: n })) }
}

type Check = readonly [Parts, (typeof VIEWS)[number]]

/** The rows that facts have for these checks. */
function rowsSql(checks: readonly Check[]): string {
  const rows = checks.map(([one, seen], index) => {
    const json = (value: unknown) => literal(JSON.stringify(value))
    return `('s${index}', 0, 'direct', ${VIEWS.indexOf(seen)}, ${literal(one.action)}, ${json(one.resource)}, ${literal(one.region)}, '111122223333', ${json(one.principal)}, ${json(one.network)}, 'null', ${json(one.context)}, 1, 0, 0, 'e', '2026-10-01')`
  })
  return `(select * from (values ${rows.join(', ')}) t (shape, check_no, kind, seen, action, resource, region, account, principal, network, error, context, calls, first_s, last_s, sample, day))`
}

async function bySql(world: World, checks: readonly Check[]): Promise<readonly Row[]> {
  const query = queryOf({ dialect: DUCKDB, world, question: 'checks', facts: rowsSql(checks) })
  const rows = await withDuckDb(dir, (run) => run(query.sql))
  return [...rows].sort((a, b) => Number(String(a.shape).slice(1)) - Number(String(b.shape).slice(1)))
}

const guardsOf = (decision: ReturnType<typeof evaluate>) => {
  if (decision.why === 'no_permission_needed') return 'allowed'
  const truth = all([
    not(any(decision.layers.map(({ explicitDeny }) => explicitDeny))),
    ...decision.layers.filter(({ kind }) => kind === 'scp').map(({ allow }) => allow),
  ])
  return truth === 'yes' ? 'allowed' : truth === 'no' ? 'denied' : 'unknown'
}

const worldOf = (policies: readonly Policy[], where: Tree | null): World => {
  const estate = estateOf(policies, where)
  return { estate, row: atomRow(estate.policies), iam }
}

describe('policies as SQL', () => {
  it('sql_equals_closures_equals_naive: verdict and deciding statements', { timeout: 180_000 }, async () => {
    const seen = { allowed: 0, unknown: 0, denied: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(policy('scp'), policy('scp'), policy('rcp'), policy('rcp')),
        fc.option(tree, { freq: 3 }),
        fc.array(fc.tuple(parts, fc.constantFrom(...VIEWS)), { minLength: 20, maxLength: 40 }),
        async (policies, where, checks) => {
          const world = worldOf(policies.map(withoutVariables), where)
          const classes = classesOf(world)
          const decide = decider(world, classes)
          const rows = await bySql(world, checks)
          for (const [index, [one, view]] of checks.entries()) {
            const { request: asked, set } = askOf(one, view, world.estate, world.row.keys, iam)
            const verdict = String(rows[index]?.verdict) as keyof typeof seen
            expect(verdict).toBe(guardsOf(evaluateNaively(asked, set)))
            expect(verdict).toBe(guardsOf(evaluate(asked, set)))
            const outcome = decide(
              PARTS.map((part) => classes.classOf(part, one[part])),
              view,
            )
            expect(verdict).toBe(NAMES[outcome.verdict])
            const labels = outcome.deciding.map((number) => {
              const { policy: by, statement } = world.row.statements[
                number
              ] as (typeof world.row.statements)[0]
              return `${by.name} #${statement.index + 1}`
            })
            expect(rows[index]?.statements).toBe(labels.join(','))
            seen[verdict]++
          }
        },
      ),
      { seed: 11, numRuns: 30 },
    )
    // Agreement on one verdict alone would prove little.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(15)
  })

  it('refuses what SQL cannot say exactly, with its place', () => {
    const statement = (more: object) => ({ Effect: 'Deny', Action: 's3:*', Resource: '*', ...more })
    const variable = '$'.concat('{aws:PrincipalTag/team}')
    const { policy: guard } = parsePolicy(
      {
        Version: '2012-10-17',
        Statement: [
          statement({}),
          statement({ Resource: `arn:aws:s3:::${variable}/*` }),
          statement({ Condition: { StringEquals: { 'aws:ResourceTag/team': variable } } }),
          statement({ Condition: { BinaryEquals: { 'aws:x': 'AQ==' } } }),
          statement({ Condition: { StringEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'É' } } }),
        ],
      },
      'scp',
      { name: 'guards' },
    )
    if (guard === null) throw new Error('not parsed')
    const world = worldOf([guard], null)
    const error = refusalOf(() =>
      queryOf({ dialect: ATHENA, world, question: 'calls', facts: 'rankan_facts' }),
    )
    expect(error.code).toBe('not_in_sql')
    expect(error.issues.map((issue) => issue.path.join(' '))).toEqual([
      'guards $.Statement[1].Resource',
      'guards $.Statement[2].Condition.StringEquals["aws:ResourceTag/team"]',
      'guards $.Statement[3].Condition.BinaryEquals["aws:x"]',
      'guards $.Statement[4].Condition.StringEqualsIgnoreCase["aws:PrincipalTag/team"]',
    ])
  })

  it('differ between Athena and DuckDB in the dialect alone', async () => {
    const [sample] = fc.sample(policy('scp'), { seed: 3, numRuns: 1 })
    const world = worldOf([withoutVariables(sample as Policy, 0)], null)
    const [athena, duckdb] = [ATHENA, DUCKDB].map(
      (dialect) => queryOf({ dialect, world, question: 'groups', facts: 'rankan_facts' }).sql,
    )
    // Nothing of DuckDB's own may be left in what Athena is given.
    expect(athena).not.toMatch(
      /lambda|list_filter|map_contains|json_extract_string|regexp_matches|varchar\[\]|materialized/,
    )
    expect(duckdb).not.toMatch(/any_match|all_match|element_at|json_parse|regexp_like|cardinality/)
  })
})
