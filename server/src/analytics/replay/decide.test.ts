import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../policy/compile/evaluate.ts'
import type { Decision } from '../../policy/decision.ts'
import { evaluateNaively } from '../../policy/evaluate/naive/evaluate.ts'
import { ACCOUNTS, policy, request } from '../../policy/testing/arbitraries.ts'
import type { KeyFacts } from '../../policy/trail/facts.ts'
import type { Caller } from '../../policy/trail/principal.ts'
import { all, any, not } from '../../policy/truth.ts'
import { loadTables } from '../trail/tables.ts'
import { atomRow } from './atoms.ts'
import { askOf, PARTS, type Parts } from './check.ts'
import { classesOf } from './classes.ts'
import { decider } from './decide.ts'
import { estateOf } from './estate.ts'
import { readTree } from './tree.ts'

const { iam } = loadTables()
const NAMES = ['allowed', 'unknown', 'denied'] as const

/** What the organisation's policies say, whoever the caller is. */
const guardsOf = (decision: Decision) => {
  if (decision.why === 'no_permission_needed') return 'allowed'
  const truth = all([
    not(any(decision.layers.map(({ explicitDeny }) => explicitDeny))),
    ...decision.layers.filter(({ kind }) => kind === 'scp').map(({ allow }) => allow),
  ])
  return truth === 'yes' ? 'allowed' : truth === 'no' ? 'denied' : 'unknown'
}

const values: fc.Arbitrary<KeyFacts> = fc.record(
  {
    'aws:principaltag/team': fc.constantFrom(['red'], ['blue'], null),
    'aws:tagkeys': fc.constantFrom(['red', 'green'], [], null),
    'aws:sourceip': fc.constantFrom(['203.0.113.7'], ['2001:db8::1'], null),
    'aws:securetransport': fc.constantFrom(['true'], ['false']),
    's3:max-keys': fc.constantFrom(['5'], ['10'], null),
    'aws:sourcearn': fc.constantFrom(['arn:aws:sns:ap-northeast-1:111122223333:topic'], null),
    'aws:principalarn': fc.constantFrom(['arn:aws:iam::111122223333:user/alice'], null),
  },
  { requiredKeys: [] },
)

const parts: fc.Arbitrary<Parts> = fc
  .tuple(
    request,
    values,
    values,
    values,
    fc.constantFrom('ap-northeast-1', 'us-east-1', ''),
    fc.constantFrom('sts:GetCallerIdentity', 's3:GetObject', null),
  )
  .map(([{ principal, resource, action }, context, keys, network, region, other]) => {
    const caller: Caller = { principal, keys, via: null, viaService: 'no' }
    return {
      context,
      principal: caller,
      network,
      resource: {
        arn: resource.arn,
        account: resource.account,
        assumed: resource.isBeginning ? ('beginning' as const) : null,
      },
      region,
      action: other ?? action,
    }
  })

const tree = fc
  .record({
    managementAccount: fc.option(fc.constantFrom(...ACCOUNTS), { nil: undefined }),
    organizationId: fc.constantFrom('o-abcdefghij', undefined),
    members: fc.subarray([...ACCOUNTS], { minLength: 1 }),
    at: fc.array(fc.constantFrom('root', 'ou', 'account'), { minLength: 4, maxLength: 4 }),
  })
  .map(({ managementAccount, organizationId, members, at }) => {
    const on = (place: string) => at.flatMap((where, index) => (where === place ? [`p${index}`] : []))
    return readTree(
      {
        managementAccount,
        organizationId,
        root: { id: 'r-1', policies: on('root') },
        ous: [{ id: 'ou-1', parent: 'r-1', policies: on('ou') }],
        accounts: members.map((id, index) => ({
          id,
          parent: index === 0 ? 'ou-1' : 'r-1',
          policies: on('account'),
        })),
      },
      'tree',
    )
  })

describe('decisions by classes', () => {
  it('equal both engines on every check: verdict and deciding statements', { timeout: 60_000 }, () => {
    const seen = { allowed: 0, unknown: 0, denied: 0 }
    fc.assert(
      fc.property(
        fc.tuple(policy('scp'), policy('scp'), policy('rcp'), policy('rcp')),
        fc.option(tree, { freq: 3 }),
        fc.array(fc.tuple(parts, fc.constantFrom('both', 'principal', 'owner')), {
          minLength: 4,
          maxLength: 12,
        }),
        (policies, where, checks) => {
          const named = policies.map((one, index) => ({ ...one, name: `p${index}` }))
          const estate = estateOf(named, where)
          const world = { estate, row: atomRow(estate.policies), iam }
          const classes = classesOf(world)
          const decide = decider(world, classes)
          // Classes first, for all: a class must answer for each of its values, not only for its first.
          const tuples = checks.map(([one]) => PARTS.map((part) => classes.classOf(part, one[part])))
          for (const [index, [one, view]] of checks.entries()) {
            const outcome = decide(tuples[index] as number[], view as 'both')
            const { request: asked, set } = askOf(one, view as 'both', estate, world.row.keys, iam)
            const [full, naive] = [evaluate(asked, set), evaluateNaively(asked, set)]
            const verdict = NAMES[outcome.verdict]
            expect(verdict).toBe(guardsOf(full))
            expect(verdict).toBe(guardsOf(naive))
            if (full.why === 'explicit_deny')
              expect(
                outcome.deciding.map((number) => {
                  const { policy: by, statement } = world.row.statements[number] as never as {
                    policy: { name: string }
                    statement: { index: number }
                  }
                  return `${by.name} ${statement.index}`
                }),
              ).toEqual(full.deciding.map((by) => `${by.policy} ${by.index}`))
            seen[verdict]++
          }
        },
      ),
      { seed: 7, numRuns: 400 },
    )
    // Agreement on one verdict alone would prove little.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100)
  })
})
