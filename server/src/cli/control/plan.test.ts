import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyOf } from '../../catalog/cases.ts'
import { chosenForms } from '../../catalog/plan/choose.ts'
import { digestOf } from '../../catalog/plan/digest.ts'
import { wantedPolicies } from '../../catalog/plan/documents.ts'
import { planControls } from '../../catalog/plan/plan.ts'
import { afterEffects, keptOf, PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import { isFileForm } from '../../catalog/record.ts'
import type { ControlWorld } from '../../domain/controls/world.ts'
import { RankanError } from '../../kernel/errors.ts'
import { refusalOf } from '../../kernel/testing.ts'
import { evaluateFast } from '../../policy/compile/evaluate.ts'
import { ORGANIZATION_KINDS, type OrganizationKind } from '../../policy/guardrails.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { allowAll, NOTHING, request } from '../../policy/testing/arbitraries.ts'
import { effectsOf, hash, inputFor, library } from './testing.ts'

const withForm = (kind: string) =>
  library
    .filter(({ record }) => (record.forms.preventive ?? []).some((one) => one.kind === kind))
    .map(({ record }) => record.id)
const SCPS = withForm('scp')
/** A packing of all controls takes a tenth of a second: few runs, of some of them. */
const RUNS = { numRuns: 8 }
const PATIENCE_MS = 120_000

const input = (more: Parameters<typeof inputFor>[0] = {}) =>
  inputFor({ sets: [setOf('a', 'no-iam-users', 'no-root-user')], ...more })
const inSlots = (perTarget: number, maxCharacters = 10_240): readonly OrganizationKind[] =>
  ORGANIZATION_KINDS.map((one) => (one.kind === 'scp' ? { ...one, perTarget, maxCharacters } : one))

describe('the packer of controls', () => {
  const limits = ORGANIZATION_KINDS.find(({ kind }) => kind === 'scp')
  if (limits === undefined) throw new Error('no limits')
  const formsOf = (ids: readonly string[]) => {
    const sets =
      ids.length === 0
        ? []
        : [setOf('a', ...ids.map((control) => ({ control, forms: ['preventive' as const] })))]
    return chosenForms(sets, library, {}).filter(({ form }) => form.kind === 'scp')
  }
  const parsed = (document: string, name: string): Policy => {
    const { policy, problems } = parsePolicy(document, 'scp', { name })
    if (policy === null) throw new Error(JSON.stringify(problems))
    return policy
  }
  const verdict = (policies: readonly Policy[], one: Parameters<typeof evaluateFast>[0]) =>
    evaluateFast(one, {
      ...NOTHING,
      identity: [allowAll('identity')],
      scps: [{ target: 'level', policies: [allowAll('scp'), ...policies] }],
    }).verdict
  const alone = (ids: readonly string[]) =>
    formsOf(ids).map(({ control, form, values }) =>
      parsed(JSON.stringify(isFileForm(form) ? policyOf(control, form, values) : null), control.record.id),
    )

  it(
    'packed_decides_like_unpacked',
    () => {
      fc.assert(
        fc.property(
          fc.subarray(SCPS, { minLength: 1, maxLength: 8 }),
          fc.array(request, { minLength: 5, maxLength: 10 }),
          (ids, requests) => {
            const packed = wantedPolicies(formsOf(ids), limits, hash).policies.map((one) =>
              parsed(one.document, one.name),
            )
            const before = alone(ids)
            const cases = library
              .filter(({ record }) => ids.includes(record.id))
              .flatMap((control) => formsOf([control.record.id]).length)
            expect(cases.length).toBe(ids.length)
            for (const one of requests) expect(verdict(packed, one)).toBe(verdict(before, one))
          },
        ),
        RUNS,
      )
    },
    PATIENCE_MS,
  )

  it(
    'same_text_in_any_order, and every statement is accounted for',
    () => {
      fc.assert(
        fc.property(fc.shuffledSubarray(SCPS, { minLength: 1, maxLength: 8 }), (ids) => {
          const one = wantedPolicies(formsOf(ids), limits, hash)
          const reversed = [...formsOf(ids)].reverse()
          expect(wantedPolicies(reversed, limits, hash)).toEqual(one)
          const told = [
            ...one.policies.flatMap(({ statements }) => statements.flatMap(({ sources }) => sources)),
            ...one.dropped.map(({ source }) => source),
          ].map(({ control, index }) => `${control} ${index}`)
          const all = alone(ids).flatMap(({ name, statements }) =>
            statements.map(({ index }) => `${name} ${index}`),
          )
          expect([...new Set(told)].sort()).toEqual(all.sort())
        }),
        RUNS,
      )
    },
    PATIENCE_MS,
  )

  it(
    'never_more_policies_than_first_fit_of_whole_controls',
    () => {
      fc.assert(
        fc.property(
          fc.subarray(SCPS, { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 2_500, max: 6_000 }),
          (ids, maxCharacters) => {
            const frame = '{"Version":"2012-10-17","Statement":[]}'.length - 1
            const sizes = formsOf(ids).map(({ control, form, values }) =>
              isFileForm(form) ? JSON.stringify(policyOf(control, form, values)).length - frame : 0,
            )
            fc.pre(sizes.every((size) => size <= maxCharacters - frame))
            const bins: number[] = []
            for (const size of sizes) {
              const at = bins.findIndex((used) => used + size <= maxCharacters - frame)
              if (at < 0) bins.push(size)
              else bins[at] = (bins[at] ?? 0) + size
            }
            const packed = wantedPolicies(formsOf(ids), { ...limits, maxCharacters }, hash).policies
            expect(packed.length).toBeLessThanOrEqual(bins.length)
          },
        ),
        RUNS,
      )
    },
    PATIENCE_MS,
  )
})

describe('a plan', () => {
  it('is the same for the same input, says everything in both languages, and is done once it was done', () => {
    const plan = planControls(input())
    expect(planControls(input())).toEqual(plan)
    expect(effectsOf(plan).map((one) => one.do)).toEqual(['put_policy', 'attach_policy'])
    expect(plan.preventive).toBe(true)
    expect(plan.steps.every(({ words }) => words.ja !== '' && words.en !== '')).toBe(true)
    expect(plan.quotas.find(({ what }) => what === 'policies_per_target')).toMatchObject({
      used: 1,
      after: 2,
      left: 8,
    })
    const world = afterEffects(smallWorld(), effectsOf(plan))
    const again = planControls(input({ world, kept: keptOf(plan) }))
    expect(again.steps).toEqual([])
    expect(again.drift).toEqual([])
    expect(
      again.mechanisms.filter(({ type }) => type === 'preventive').every(({ state }) => state === 'in_force'),
    ).toBe(true)
  })

  it(
    'from any set to any other ends with what is wanted, and undoing it ends where it began',
    () => {
      const sets = fc
        .subarray(SCPS, { maxLength: 8 })
        .map((ids) => (ids.length === 0 ? [] : [setOf('a', ...ids)]))
      fc.assert(
        fc.property(sets, sets, fc.integer({ min: 4, max: 10 }), (before, after, perTarget) => {
          const limits = inSlots(perTarget, 4_096)
          const there = (world: ControlWorld, wanted: typeof before) => {
            const plan = planControls(input({ world, sets: wanted, limits }))
            return { plan, world: afterEffects(world, effectsOf(plan), perTarget) }
          }
          let first: ReturnType<typeof there>
          try {
            first = there(smallWorld(), before)
            there(smallWorld(), after)
          } catch (error) {
            fc.pre(!(error instanceof RankanError && error.code === 'does_not_fit'))
            throw error
          }
          const second = there(first.world, after)
          expect(planControls(input({ world: second.world, sets: after, limits })).steps).toEqual([])
          const undo = [...second.plan.steps].reverse().flatMap(({ undo }) => undo ?? [])
          const back = afterEffects(second.world, undo, perTarget)
          expect(namesAt(back)).toEqual(namesAt(first.world))
        }),
        RUNS,
      )
    },
    PATIENCE_MS,
  )
  const namesAt = ({ policies }: ControlWorld) =>
    policies.policies.map(({ name, document, targets }) => `${name} ${document} ${targets.join()}`).sort()

  it('refuses what does not fit, and names the controls and their sizes', () => {
    const error = refusalOf(() =>
      planControls(input({ sets: [setOf('a', ...SCPS)], limits: inSlots(2, 2_000) })),
    )
    expect(error.code).toBe('does_not_fit')
    expect(error.issues.length).toBeGreaterThan(0)
    expect(error.issues.every(({ message }) => /`[a-z0-9-]+` brings \d+ characters/.test(message))).toBe(true)
  })

  it('never touches what is not ours', () => {
    const stranger = {
      id: 'p-stranger1',
      kind: 'scp' as const,
      name: 'rankan-suspended',
      description: '',
      awsManaged: false,
      document: '{}',
      targets: [PRODUCTION],
    }
    const world = smallWorld()
    const policies = { ...world.policies, policies: [...world.policies.policies, stranger] }
    const plan = planControls(input({ world: { ...world, policies }, sets: [] }))
    expect(plan.steps).toEqual([])
  })

  it('puts the id of this organisation where a set gives none', () => {
    const plan = planControls(input({ sets: [setOf('a', 'data-perimeter-identity')] }))
    expect(plan.policies.map(({ document }) => document.includes('o-test123456'))).toEqual([true])
  })

  it('refuses one control with two values on one target', () => {
    const sets = [
      setOf('a', 'allowed-regions'),
      setOf('b', { control: 'allowed-regions', values: { allowedRegions: ['ap-northeast-1'] } }),
    ]
    expect(refusalOf(() => planControls(input({ sets }))).issues[0]).toMatchObject({ code: 'other_values' })
  })

  it('finds what was changed, detached, deleted or put elsewhere by hand, and plans to put it right', () => {
    const plan = planControls(input())
    const kept = keptOf(plan)
    const world = afterEffects(smallWorld(), effectsOf(plan))
    const [name = ''] = plan.policies.map((one) => one.name)
    const target = PRODUCTION
    const spoiled: readonly (readonly [string, ControlWorld])[] = [
      [
        'changed',
        afterEffects(world, [{ do: 'put_policy', kind: 'scp', name, description: '', content: '{}' }]),
      ],
      ['detached', afterEffects(world, [{ do: 'detach_policy', kind: 'scp', name, target }])],
      [
        'deleted',
        afterEffects(world, [
          { do: 'detach_policy', kind: 'scp', name, target },
          { do: 'delete_policy', kind: 'scp', name },
        ]),
      ],
    ]
    const digest = digestOf(world, plan, hash)
    for (const [what, now] of spoiled) {
      const repair = planControls(input({ world: now, kept }))
      expect(repair.drift.map((one) => one.what)).toEqual([what])
      expect(planControls(input({ world: afterEffects(now, effectsOf(repair)), kept })).drift).toEqual([])
      expect(digestOf(now, plan, hash)).not.toBe(digest)
    }
    const elsewhere = afterEffects(world, [
      { do: 'attach_policy', kind: 'scp', name, target: 'ou-test-bbbbbbbb' },
    ])
    expect(
      planControls(input({ world: elsewhere, kept, target: 'ou-test-bbbbbbbb', sets: [] })).drift,
    ).toMatchObject([{ what: 'attached', target: 'ou-test-bbbbbbbb' }])
  })

  it('does not see a new account elsewhere as another world', () => {
    const plan = planControls(input())
    const world = smallWorld()
    const account = {
      id: '444444444444',
      kind: 'account' as const,
      name: 'new',
      parentId: 'ou-test-bbbbbbbb',
    }
    expect(digestOf({ ...world, places: [...world.places, account] }, plan, hash)).toBe(
      digestOf(world, plan, hash),
    )
  })
})
