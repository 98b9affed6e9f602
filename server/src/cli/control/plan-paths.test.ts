import { describe, expect, it } from 'vitest'
import { planControls } from '../../catalog/plan/plan.ts'
import { keptOf, PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import type { Control, DetectiveForm, ResponsiveForm } from '../../catalog/record.ts'
import type { ControlWorld, SeenControl, TowerSight } from '../../domain/controls/world.ts'
import { dosOf, inputFor, library as real } from './testing.ts'

const [sample] = real
if (sample === undefined) throw new Error('no controls')

interface Forms {
  readonly detective?: DetectiveForm[]
  readonly responsive?: ResponsiveForm[]
}
const control = (id: string, forms: Forms): Control => ({
  record: { ...sample.record, id, resourceTypes: ['AWS::S3::Bucket'], parameters: {}, forms },
  documents: {
    'config.guard': 'rule a when resourceType == "AWS::S3::Bucket" { configuration exists }',
    'automation.json': { schemaVersion: '0.3', mainSteps: [] },
  },
  cases: [],
})
const repair: ResponsiveForm = {
  kind: 'ssm-automation',
  file: 'automation.json',
  automatic: true,
  resource: 'Bucket',
  permissions: ['s3:PutBucketVersioning'],
}
const library = [
  control('hub', { detective: [{ kind: 'security-hub', control: 'S3.8' }] }),
  control('managed', {
    detective: [{ kind: 'config-managed-rule', identifier: 'S3_BUCKET_VERSIONING_ENABLED' }],
    responsive: [repair],
  }),
  control('guard', { detective: [{ kind: 'config-guard-rule', file: 'config.guard' }] }),
]
const ARN = {
  hub: 'arn:aws:controlcatalog:::control/hub',
  managed: 'arn:aws:controlcatalog:::control/managed',
}
const tower = (enabled: readonly SeenControl[] = []): TowerSight => ({
  offered: { 'SH.S3.8': ARN.hub, 'AWS-GR_S3_VERSIONING_ENABLED': ARN.managed },
  enabled,
})
const enabled = (name: string, more: Partial<SeenControl> = {}): SeenControl => ({
  arn: `arn:enabled/${name}`,
  control: name,
  target: PRODUCTION,
  status: 'SUCCEEDED',
  drift: 'IN_SYNC',
  parameters: {},
  ...more,
})
const input = (world: Partial<ControlWorld>, more: Parameters<typeof inputFor>[0] = {}) =>
  inputFor({ world: smallWorld(world), sets: [setOf('a', 'hub', 'managed', 'guard')], library, ...more })
const doneBy = (plan: ReturnType<typeof planControls>) =>
  Object.fromEntries(plan.mechanisms.map((one) => [`${one.control} ${one.type}`, one.part]))

describe('the path of a detective or responsive form', () => {
  it('is Control Tower where a landing zone offers the check, a conformance pack for the rest; no reason is needed', () => {
    const plan = planControls(
      input({
        landingZone: true,
        tower: tower(),
        packs: { packs: [] },
        documents: { documents: [], stackSets: null },
      }),
    )
    expect(doneBy(plan)).toEqual({
      'hub detective': 'tower',
      'managed detective': 'tower',
      'guard detective': 'packs',
      'managed responsive': 'documents',
    })
    expect(dosOf(plan)).toEqual(['enable_control', 'enable_control', 'put_conformance_pack', 'put_document'])
    expect(plan.preventive).toBe(false)
  })

  it('needs no landing zone: packs carry every rule, and what has no path says so', () => {
    const plan = planControls(input({ packs: { packs: [] } }))
    expect(doneBy(plan)).toMatchObject({
      'hub detective': null,
      'managed detective': 'packs',
      'guard detective': 'packs',
    })
    const [pack] = plan.steps.map(({ effect }) => effect)
    if (pack?.do !== 'put_conformance_pack') throw new Error('no pack')
    const rules = Object.values(
      JSON.parse(pack.template).Resources as Record<string, { Properties: { Source: { Owner: string } } }>,
    )
    expect(rules.map(({ Properties }) => Properties.Source.Owner)).toEqual(['CUSTOM_POLICY', 'AWS'])
    // An organisation pack goes everywhere: accounts that are not below the target are left out.
    expect(pack.excludedAccounts).toEqual(['111111111111', '333333333333'])
    expect(plan.mechanisms.find(({ control }) => control === 'hub')?.why).not.toBeNull()
  })

  it('enables again what failed or drifted, leaves alone what others enabled, and takes off what it enabled itself', () => {
    const on = (one: SeenControl) => ({ landingZone: true, tower: tower([enabled(ARN.hub), one]) })
    expect(dosOf(planControls(input(on(enabled(ARN.managed)))))).toEqual([])
    for (const spoiled of [{ status: 'FAILED' as const }, { drift: 'DRIFTED' as const }])
      expect(dosOf(planControls(input(on(enabled(ARN.managed, spoiled)))))).toEqual(['enable_control'])
    const kept = keptOf(planControls(input({ landingZone: true, tower: tower([enabled(ARN.hub)]) })))
    const removal = planControls(input(on(enabled(ARN.managed)), { kept, sets: [] }))
    expect(removal.steps.map(({ effect }) => effect)).toMatchObject([
      { do: 'disable_control', control: ARN.managed },
    ])
    const drift = planControls(input({ landingZone: true, tower: tower() }, { kept })).drift
    expect(drift.map(({ what, name }) => [what, name])).toEqual([
      ['disabled', 'AWS-GR_S3_VERSIONING_ENABLED'],
    ])
  })

  it('changes a pack when accounts came, and lets a document stay as long as any target wants it', () => {
    const world = { packs: { packs: [] }, documents: { documents: [], stackSets: null } }
    const plan = planControls(input(world))
    const kept = keptOf(plan)
    const [put] = plan.steps.map(({ effect }) => effect)
    if (put?.do !== 'put_conformance_pack') throw new Error('no pack')
    const seen = { name: put.name, arn: '', status: 'CREATE_SUCCESSFUL', parameters: {}, updatedAt: null }
    const documents = plan.steps.flatMap(({ effect }) =>
      effect.do === 'put_document'
        ? [{ name: effect.name, type: 'Automation', content: effect.content }]
        : [],
    )
    const there = (excludedAccounts: readonly string[]) => ({
      packs: { packs: [{ ...seen, excludedAccounts }] },
      documents: { documents, stackSets: null },
    })
    expect(dosOf(planControls(input(there(put.excludedAccounts), { kept })))).toEqual([])
    expect(dosOf(planControls(input(there(['111111111111']), { kept })))).toEqual(['put_conformance_pack'])
    const elsewhere = kept.carriers.map((one) => ({ ...one, target: 'ou-test-bbbbbbbb' }))
    const off = (carriers: typeof kept.carriers) =>
      dosOf(planControls(input(there(put.excludedAccounts), { sets: [], kept: { policies: [], carriers } })))
    expect(off(kept.carriers)).toEqual(['delete_conformance_pack', 'delete_document'])
    expect(off([...kept.carriers, ...elsewhere])).toEqual(['delete_conformance_pack'])
  })

  it('finds a pack that another hand changed after the apply, by its time, and puts it there again', () => {
    const applied = planControls(input({ packs: { packs: [] } }))
    const [put] = applied.steps.map(({ effect }) => effect)
    if (put?.do !== 'put_conformance_pack') throw new Error('no pack')
    const { name, excludedAccounts } = put
    const [ours, theirs] = ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z']
    const ask = (updatedAt: string | null, ref: string | null, excluded = excludedAccounts) => {
      const carriers = keptOf(applied).carriers.map((one) => ({ ...one, ref }))
      const seen = { name, arn: '', status: 'UPDATE_SUCCESSFUL', parameters: {}, updatedAt }
      const packs = [{ ...seen, excludedAccounts: excluded }]
      return planControls(input({ packs: { packs } }, { kept: { policies: [], carriers } }))
    }
    const quiet = ask(ours, ours)
    expect([quiet.drift, dosOf(quiet)]).toEqual([[], []])
    // The next plan knows the time, too.
    expect(quiet.carriers.map(({ ref }) => ref)).toEqual([ours])
    const changed = ask(theirs, ours)
    expect(changed.drift).toMatchObject([{ part: 'packs', what: 'changed', name }])
    expect(changed.drift[0]?.words.en).toContain(theirs)
    expect(dosOf(changed)).toEqual(['put_conformance_pack'])
    // What another hand wrote cannot be read, and so not be put back.
    expect(changed.steps.map(({ undo }) => undo)).toEqual([null])
    expect(ask(ours, ours, ['111111111111']).steps.map(({ undo }) => undo?.do)).toEqual([
      'put_conformance_pack',
    ])
    // Applied before times were kept: nothing can be said, and it is put there again to be sure.
    const old = ask(theirs, null)
    expect([old.drift, dosOf(old)]).toEqual([[], ['put_conformance_pack']])
  })

  it('finds parameters of a control of Control Tower that another hand changed', () => {
    const alias = 'AWS-GR_RESTRICT_ROOT_USER'
    const kept = { part: 'tower' as const, name: alias, ref: ARN.hub, controls: ['hub'], target: PRODUCTION }
    const drift = (parameters: SeenControl['parameters']) =>
      planControls(
        input(
          { landingZone: true, tower: tower([enabled(ARN.hub, { parameters })]) },
          { sets: [], kept: { policies: [], carriers: [kept] } },
        ),
      ).drift.map(({ what }) => what)
    expect(drift({ ExemptAssumeRoot: true })).toEqual([])
    expect(drift({ ExemptAssumeRoot: false })).toEqual(['changed'])
  })

  it('finds a document that was changed by hand, whatever its white space, and puts it right', () => {
    const applied = planControls(input({ documents: { documents: [], stackSets: null } }))
    const kept = keptOf(applied)
    const [document] = applied.steps.flatMap(({ effect }) => (effect.do === 'put_document' ? [effect] : []))
    if (document === undefined) throw new Error('no document')
    const { name, content } = document
    const planWith = (seen: string | null, carriers = kept.carriers) =>
      planControls(
        input(
          {
            documents: {
              documents: seen === null ? [] : [{ name, type: 'Automation', content: seen }],
              stackSets: null,
            },
          },
          { kept: { policies: [], carriers } },
        ),
      )
    const drift = (...asked: Parameters<typeof planWith>) =>
      planWith(...asked).drift.map((one) => [one.what, one.name])
    const edited = content.replace('"0.3"', '"0.3","description":"mine"')
    expect(edited).not.toBe(content)
    expect(drift(content)).toEqual([])
    expect(drift(JSON.stringify(JSON.parse(content), null, 2))).toEqual([])
    for (const other of [edited, 'schemaVersion: "0.3"', ''])
      expect(drift(other)).toEqual([['changed', name]])
    expect(drift(null)).toEqual([['deleted', name]])
    expect(dosOf(planWith(edited))).toEqual(['put_document'])
    // One document serves all targets: a later apply on another one is no change by hand.
    const later = planWith(edited).carriers.map((one) => ({ ...one, target: 'ou-test-bbbbbbbb' }))
    const older = kept.carriers.map((one) => ({ ...one, ref: 'of-older-text' }))
    expect(drift(content, [...older, ...later])).toEqual([])
    expect(
      drift(
        edited,
        kept.carriers.map((one) => ({ ...one, ref: null })),
      ),
    ).toEqual([])
  })
})
