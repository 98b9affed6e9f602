import { describe, expect, it } from 'vitest'
import { digestOf } from '../../catalog/plan/digest.ts'
import { planControls } from '../../catalog/plan/plan.ts'
import { afterEffects, keptOf, PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import preventive from '../../catalog/plan/tower-preventive.json' with { type: 'json' }
import type { Control, DetectiveForm } from '../../catalog/record.ts'
import type { ControlWorld, SecurityHubSight, SeenSecurityHubPolicy } from '../../domain/controls/world.ts'
import guardrails from '../../sandbox/services/controltower/guardrails.json' with { type: 'json' }
import { dosOf, effectsOf, hash, inputFor, library as real } from './testing.ts'

const [sample] = real
if (sample === undefined) throw new Error('no controls')
const control = (id: string, detective: DetectiveForm[]): Control => ({
  record: { ...sample.record, id, resourceTypes: ['AWS::S3::Bucket'], parameters: {}, forms: { detective } },
  documents: {},
  cases: [],
})
const library = [
  control('versioned', [
    { kind: 'config-managed-rule', identifier: 'S3_BUCKET_VERSIONING_ENABLED' },
    { kind: 'security-hub', control: 'S3.14' },
    { kind: 'security-hub', control: 'S3.15' },
  ]),
  control('keys', [
    {
      kind: 'config-managed-rule',
      identifier: 'ACCESS_KEYS_ROTATED',
      inputParameters: { maxAccessKeyAge: '90' },
    },
    { kind: 'security-hub', control: 'IAM.3' },
  ]),
]
const input = (world: Partial<ControlWorld>, more: Parameters<typeof inputFor>[0] = {}) =>
  inputFor({ world: smallWorld(world), sets: [setOf('a', 'versioned', 'keys')], library, ...more })
const FSBP = 'arn:aws:securityhub:ap-northeast-1::standards/aws-foundational-security-best-practices/v/1.0.0'
const hub = (...policies: readonly SeenSecurityHubPolicy[]): SecurityHubSight => ({
  configuration: 'CENTRAL',
  region: 'ap-northeast-1',
  policies,
  selfManaged: [],
})
const foreign = (more: Partial<SeenSecurityHubPolicy> = {}): SeenSecurityHubPolicy => ({
  id: 'id-theirs',
  name: 'theirs',
  enabledStandards: [FSBP],
  enabledControls: ['EC2.8'],
  disabledControls: null,
  targets: [{ id: 'r-test', status: 'SUCCESS' }],
  ...more,
})
const putIn = (plan: ReturnType<typeof planControls>) => {
  const [put] = effectsOf(plan)
  if (put?.do !== 'put_securityhub_policy') throw new Error('no policy')
  return put
}

describe('Security Hub in a plan', () => {
  it('carries every check of a control that has no values, and lists only these', () => {
    const plan = planControls(input({ securityHub: hub(), packs: { packs: [] } }))
    expect(dosOf(plan)).toEqual([
      'put_securityhub_policy',
      'associate_securityhub_policy',
      'put_conformance_pack',
    ])
    expect(putIn(plan)).toMatchObject({ enabledControls: ['S3.14', 'S3.15'], disabledControls: null })
    expect(putIn(plan).enabledStandards).toContain(FSBP)
    expect(plan.mechanisms.map(({ control, form, part }) => [control, form, part])).toEqual(
      expect.arrayContaining([
        ['versioned', 'security-hub', 'securityHub'],
        ['versioned', 'config-managed-rule', null],
        ['keys', 'config-managed-rule', 'packs'],
      ]),
    )
    expect(plan.preventive).toBe(false)
    // Without AWS Config the checks with values go there too.
    expect(putIn(planControls(input({ securityHub: hub() }))).enabledControls).toEqual([
      'IAM.3',
      'S3.14',
      'S3.15',
    ])
  })

  it('needs the central configuration', () => {
    const local: SecurityHubSight = { ...hub(), configuration: 'LOCAL' }
    for (const securityHub of [null, local]) {
      const plan = planControls(input({ securityHub }))
      expect(plan.steps).toEqual([])
      expect(plan.mechanisms.every(({ why }) => why !== null)).toBe(true)
    }
  })

  it('takes over what rules the target from above, and takes from a list of what is off', () => {
    expect(putIn(planControls(input({ securityHub: hub(foreign()) }))).enabledControls).toEqual([
      'EC2.8',
      'IAM.3',
      'S3.14',
      'S3.15',
    ])
    const off = foreign({ enabledControls: null, disabledControls: ['EC2.8', 'S3.14'] })
    expect(putIn(planControls(input({ securityHub: hub(off) })))).toMatchObject({
      enabledStandards: [FSBP],
      enabledControls: null,
      disabledControls: ['EC2.8'],
    })
  })

  it('is_idempotent, and ends where it began: undone step by step, and taken off', () => {
    for (const target of ['r-test', PRODUCTION]) {
      const before = smallWorld({
        securityHub: hub(foreign({ targets: [{ id: target, status: 'SUCCESS' }] })),
      })
      const put = planControls(input(before))
      const after = afterEffects(before, effectsOf(put))
      const kept = keptOf(put)
      const again = planControls(input(after, { kept }))
      expect(again.steps).toEqual([])
      expect(
        again.mechanisms.filter(({ part }) => part !== null).every(({ state }) => state === 'in_force'),
      ).toBe(true)
      const undone = put.steps.map(({ undo }) => undo).reverse()
      expect(
        afterEffects(
          after,
          undone.flatMap((one) => one ?? []),
        ),
      ).toEqual(before)
      const removal = planControls(input(after, { kept, sets: [] }))
      expect(afterEffects(after, effectsOf(removal))).toEqual(before)
      const grown = planControls(input(after, { kept, sets: [setOf('a', 'versioned')] }))
      const less = afterEffects(after, effectsOf(grown))
      expect(less.securityHub?.policies.map(({ name }) => name)).toHaveLength(2)
      const undoing = grown.steps.map(({ undo }) => undo).reverse()
      const back = afterEffects(
        less,
        undoing.flatMap((one) => one ?? []),
      )
      expect(digestOf(back, put, hash)).toBe(digestOf(after, put, hash))
    }
  })

  it('finds what was changed, taken off and deleted by hand, and puts it right', () => {
    const put = planControls(input({ securityHub: hub() }))
    const kept = keptOf(put)
    const [policy] =
      afterEffects(smallWorld({ securityHub: hub() }), effectsOf(put)).securityHub?.policies ?? []
    if (policy === undefined) throw new Error('no policy')
    const look = (...policies: SeenSecurityHubPolicy[]) => {
      const plan = planControls(input({ securityHub: hub(...policies) }, { kept }))
      return [plan.drift.map(({ what }) => what), dosOf(plan)]
    }
    expect(look(policy)).toEqual([[], []])
    expect(look({ ...policy, enabledControls: ['S3.14'] })).toEqual([['changed'], ['put_securityhub_policy']])
    expect(look({ ...policy, targets: [] })).toEqual([['detached'], ['associate_securityhub_policy']])
    expect(look()).toEqual([['deleted'], ['put_securityhub_policy', 'associate_securityhub_policy']])
    const failed = { ...policy, targets: [{ id: PRODUCTION, status: 'FAILED' as const }] }
    expect(look(failed)).toEqual([[], ['associate_securityhub_policy']])
  })

  it('says when places below have policies of their own, and when the target ruled itself', () => {
    const below = foreign({ targets: [{ id: PRODUCTION, status: 'SUCCESS' }] })
    const root = planControls(input({ securityHub: hub(below) }, { target: 'r-test' }))
    expect(root.notes.some(({ en }) => en.includes('1 place(s) below'))).toBe(true)
    const alone = planControls(input({ securityHub: { ...hub(), selfManaged: [PRODUCTION] } }))
    expect(alone.notes.some(({ en }) => en.includes('rules its Security Hub itself'))).toBe(true)
  })

  it('shows how many policies are left', () => {
    const plan = planControls(input({ securityHub: hub(foreign()) }))
    expect(plan.quotas).toMatchObject([
      { what: 'security_hub_policies', used: 1, after: 2, limit: 20, left: 18 },
    ])
  })
})

describe('a preventive control of Control Tower in a plan', () => {
  const ARN = 'arn:aws:controlcatalog:::control/root'
  const tower = (enabled: NonNullable<ControlWorld['tower']>['enabled'] = []) => ({
    offered: { 'AWS-GR_RESTRICT_ROOT_USER': ARN },
    enabled,
  })
  const on = (parameters: Record<string, boolean>) => ({
    arn: 'arn:enabled/1',
    control: ARN,
    target: PRODUCTION,
    status: 'SUCCEEDED' as const,
    drift: 'IN_SYNC' as const,
    parameters,
  })
  const ask = (world: Partial<ControlWorld>, more: Parameters<typeof inputFor>[0] = {}) =>
    planControls(
      input(
        { landingZone: true, ...world },
        { library: real, sets: [setOf('a', { control: 'no-root-user', forms: ['preventive'] })], ...more },
      ),
    )

  it.each(Object.entries(preventive.controls))('says exactly what our %s says', (id, equal) => {
    const ours = real.find(({ record }) => record.id === id)?.documents[`${equal.form}.json`] as {
      Statement: { Condition: object }[]
    }
    expect(ours.Statement).toHaveLength(1)
    const { Sid: _sid, Condition, ...rest } = ours.Statement[0] as { Sid: string; Condition: object }
    const { Condition: theirs, ...others } =
      (guardrails.controls as Record<string, Record<string, unknown>>)[equal.alias] ?? {}
    expect(rest).toEqual(others)
    const flags = guardrails.flags[equal.alias as keyof typeof guardrails.flags]
    const added = Object.keys(equal.parameters).map((name) => flags[name as keyof typeof flags])
    expect(flat(Condition)).toEqual(flat(Object.assign({}, theirs, ...added)))
  })
  /** IAM takes a list of one for the value. */
  const flat = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_key, one) => (Array.isArray(one) && one.length === 1 ? one[0] : one)))

  it('goes on instead of a policy of ours, with a reason, and goes off after the policy that replaces it came', () => {
    const plan = ask({ tower: tower() })
    expect(effectsOf(plan)).toEqual([
      {
        do: 'enable_control',
        alias: 'AWS-GR_RESTRICT_ROOT_USER',
        control: ARN,
        target: PRODUCTION,
        parameters: { ExemptAssumeRoot: true },
      },
    ])
    expect(plan.preventive).toBe(true)
    expect(plan.policies).toEqual([])
    expect(plan.mechanisms).toMatchObject([{ type: 'preventive', part: 'tower', state: 'to_do' }])
    const there = { tower: tower([on({ ExemptAssumeRoot: true })]) }
    expect(ask(there).steps).toEqual([])
    const kept = keptOf(plan)
    expect(dosOf(ask(there, { kept, sets: [] }))).toEqual(['disable_control'])
    const elsewhere = { ...there, landingZone: false }
    expect(dosOf(ask(elsewhere, { kept }))).toEqual(['put_policy', 'attach_policy', 'disable_control'])
  })

  it('changes the parameters of one that somebody enabled without them, and would give them back', () => {
    const [step] = ask({ tower: tower([on({})]) }).steps
    expect(step?.effect).toMatchObject({ do: 'enable_control', parameters: { ExemptAssumeRoot: true } })
    expect(step?.undo).toMatchObject({ do: 'enable_control', parameters: {} })
  })

  it('is none of the root, and of an organisation without a landing zone: there our policy is', () => {
    expect(dosOf(ask({ tower: tower() }, { target: 'r-test' }))).toEqual(['put_policy', 'attach_policy'])
    expect(dosOf(ask({ tower: null, landingZone: false }))).toEqual(['put_policy', 'attach_policy'])
  })
})
