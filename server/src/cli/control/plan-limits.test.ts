import { describe, expect, it } from 'vitest'
import type { PlanInput } from '../../catalog/plan/input.ts'
import limits from '../../catalog/plan/limits.json' with { type: 'json' }
import { perTargetQuota } from '../../catalog/plan/own-limits.ts'
import { PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import { quotaTitle } from '../../domain/accounts/steps.ts'
import type { SeenPolicy } from '../../domain/controls/world.ts'
import { QUOTAS } from '../../domain/quotas/lookup.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import { planFor } from './testing.ts'

const others = (count: number): readonly SeenPolicy[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `p-${index}`,
    kind: 'scp',
    name: `theirs-${index}`,
    description: '',
    awsManaged: false,
    document: '{"Version":"2012-10-17","Statement":[]}',
    targets: [PRODUCTION],
  }))
const ask = (there: number, own: readonly [string, number][], more: Partial<PlanInput> = {}) =>
  planFor({
    world: smallWorld({ policies: { kinds: ['scp', 'rcp'], policies: others(there) } }),
    sets: [setOf('a', { control: 'no-iam-users', forms: ['preventive'] })],
    ownLimits: own.map(([quota, limit]) => ({
      quota,
      limit,
      reason: 'other tools need places',
      effectiveFrom: '2026-04-01',
    })),
    ...more,
  })
const slots = (plan: ReturnType<typeof planFor>) =>
  plan.quotas.find(({ what, of }) => what === 'policies_per_target' && of === 'scp')

describe('the quotas of an AWS organisation in a plan', () => {
  it('are those that the centre entered for it, with their reason; else those of AWS', () => {
    const published = ORGANIZATION_KINDS.find(({ kind }) => kind === 'scp')
    expect(slots(ask(1, []))).toMatchObject({
      limit: published?.perTarget,
      source: published?.source,
      after: 2,
    })
    expect(slots(ask(1, [['scp_per_target', 5]]))).toEqual({
      what: 'policies_per_target',
      of: 'scp',
      used: 1,
      after: 2,
      limit: 5,
      left: 3,
      source: 'other tools need places',
      asOf: '2026-04-01',
    })
    expect(slots(ask(1, [['rcp_per_target', 2]]))?.limit).toBe(published?.perTarget)
  })

  it('refuse a plan that would go over them, and none that adds nothing', () => {
    expect(() => ask(3, [['scp_per_target', 3]])).toThrow(/takes 3 policies of the kind `scp`/)
    const nothing = ask(4, [['scp_per_target', 3]], { sets: [] })
    expect(nothing.steps).toEqual([])
    const [policy] = ask(0, []).policies
    if (policy === undefined) throw new Error('no policy')
    const ours: SeenPolicy = {
      ...policy,
      id: 'p-ours',
      description: '',
      awsManaged: false,
      targets: [PRODUCTION],
    }
    const world = smallWorld({
      policies: { kinds: ['scp', 'rcp'], policies: [...others(4), ours] },
    })
    expect(slots(ask(0, [['scp_per_target', 3]], { world }))).toMatchObject({ after: 5, limit: 3, left: 0 })
  })

  it('can be entered for every kind of policy, with the numbers that plans take from AWS, and have names', () => {
    const declared = new Map(QUOTAS.map(({ quota, limit }) => [quota, limit]))
    for (const { kind, perTarget } of ORGANIZATION_KINDS)
      expect([kind, declared.get(perTargetQuota(kind))]).toEqual([kind, perTarget])
    expect(declared.get('control_operations')).toBe(limits.tower.operations)
    expect(declared.get('security_hub_policies')).toBe(limits.securityHub.policies)
    for (const quota of declared.keys()) expect(quotaTitle(quota).en).not.toBe(quota)
    expect(quotaTitle('declarative_ec2_per_target').en).toBe('Policies of one target (declarative-ec2)')
  })
})
