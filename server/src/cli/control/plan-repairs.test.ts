import { describe, expect, it } from 'vitest'
import { digestOf } from '../../catalog/plan/digest.ts'
import { afterEffects, keptOf, PRODUCTION, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import type { ControlWorld, DocumentSight } from '../../domain/controls/world.ts'
import { dosOf, effectsOf, hash, library, planFor } from './testing.ts'

const responsive = (...ids: string[]) =>
  setOf('a', ...ids.map((control) => ({ control, forms: ['responsive' as const] })))
const IDS = library
  .filter(({ record }) => record.forms.responsive !== undefined)
  .map(({ record }) => record.id)
const sight = (more: Partial<DocumentSight> = {}): DocumentSight => ({
  documents: [],
  stackSets: { trusted: true, sets: [] },
  ...more,
})
const ask = (world: ControlWorld, more: Parameters<typeof planFor>[0] = {}) =>
  planFor({ world, sets: [responsive(...IDS)], ...more })

describe('SSM documents in a plan', () => {
  it('go into every account below the target by two stack sets, each within the size of a template, and stay', () => {
    const before = smallWorld({ documents: sight() })
    const plan = ask(before)
    expect(dosOf(plan)).toEqual(['put_repairs', 'deploy_repairs', 'put_repairs', 'deploy_repairs'])
    expect(plan.preventive).toBe(false)
    const documents = effectsOf(plan).flatMap((one) =>
      one.do === 'put_repairs'
        ? Object.values(
            JSON.parse(one.template).Resources as Record<string, { Type: string; Properties: Document }>,
          )
        : [],
    )
    expect(documents.map(({ Properties }) => Properties.Name).sort()).toEqual(
      IDS.map((id) => `Rankan-${id}-${PRODUCTION}`).sort(),
    )
    for (const { Type, Properties } of documents) {
      expect(Type).toBe('AWS::SSM::Document')
      // Without it a document with a name could not be changed.
      expect(Properties.UpdateMethod).toBe('NewVersion')
      expect(Properties.Name.length).toBeLessThanOrEqual(128)
      expect(Properties.Content.schemaVersion).toBe('0.3')
    }
    expect(plan.quotas.map(({ what, left }) => [what, left >= 0])).toEqual([
      ['template_bytes', true],
      ['template_bytes', true],
    ])
    const after = afterEffects(before, effectsOf(plan))
    const again = ask(after, { kept: keptOf(plan) })
    expect([again.steps, again.drift]).toEqual([[], []])
    expect(again.mechanisms.every(({ state }) => state === 'in_force')).toBe(true)
    const undone = plan.steps.flatMap(({ undo }) => undo ?? []).reverse()
    expect(afterEffects(after, undone)).toEqual(before)
    const removal = ask(after, { kept: keptOf(plan), sets: [] })
    expect(afterEffects(after, effectsOf(removal))).toEqual(before)
  })

  it('stay in their stack set when other controls come and go', () => {
    const setWith = (...ids: string[]) => {
      const plan = ask(smallWorld({ documents: sight() }), { sets: [responsive(...ids)] })
      return new Map(plan.carriers.flatMap(({ name, controls }) => controls.map((id) => [id, name] as const)))
    }
    const all = setWith(...IDS)
    for (const id of IDS) expect(setWith(id).get(id)).toBe(all.get(id))
  })

  it('that another hand changed, took off or deleted are found and put right', () => {
    const before = smallWorld({ documents: sight() })
    const plan = ask(before, { sets: [responsive('log-retention')] })
    const kept = keptOf(plan)
    const [set] = afterEffects(before, effectsOf(plan)).documents?.stackSets?.sets ?? []
    if (set === undefined) throw new Error('no stack set')
    const look = (...sets: (typeof set)[]) => {
      const world = smallWorld({ documents: sight({ stackSets: { trusted: true, sets } }) })
      const next = ask(world, { kept, sets: [responsive('log-retention')] })
      return [next.drift.map(({ what }) => what), dosOf(next)]
    }
    expect(look(set)).toEqual([[], []])
    const template = set.template.replace('PutRetentionPolicy', 'DeleteRetentionPolicy')
    expect(look({ ...set, template })).toEqual([['changed'], ['put_repairs']])
    expect(look({ ...set, targets: [] })).toEqual([['detached'], ['deploy_repairs']])
    expect(look()).toEqual([['deleted'], ['put_repairs', 'deploy_repairs']])
    const checked = { checkedAt: '2026-11-22T00:00:00.000Z', stacks: 9, drifted: 0, failed: 0 }
    expect(look({ ...set, drift: checked })).toEqual([[], []])
    // A plan cannot mend what stands in the accounts: the template is the same, so CloudFormation has to bring it again.
    expect(look({ ...set, drift: { ...checked, drifted: 2 } })).toEqual([['drifted'], []])
    expect(look({ ...set, drift: { ...checked, failed: 1 } })).toEqual([['drifted'], []])
  })

  it('go from the target alone when somebody brought their stack set to other targets too', () => {
    const before = smallWorld({ documents: sight() })
    const put = ask(before, { sets: [responsive('log-retention')] })
    const [set] = afterEffects(before, effectsOf(put)).documents?.stackSets?.sets ?? []
    if (set === undefined) throw new Error('no stack set')
    const removalFrom = (...targets: string[]) =>
      ask(smallWorld({ documents: sight({ stackSets: { trusted: true, sets: [{ ...set, targets }] } }) }), {
        kept: keptOf(put),
        sets: [],
      })
    expect(dosOf(removalFrom(PRODUCTION))).toEqual(['withdraw_repairs', 'delete_repairs'])
    const shared = removalFrom(PRODUCTION, 'ou-test-bbbbbbbb')
    expect(effectsOf(shared)).toMatchObject([{ do: 'withdraw_repairs', target: PRODUCTION }])
    expect(dosOf(removalFrom('ou-test-bbbbbbbb'))).toEqual([])
  })

  it('are shared where stack sets are not trusted, and come by stack sets when they are', () => {
    const sets = [responsive('log-retention')]
    const untrusted = smallWorld({ documents: sight({ stackSets: { trusted: false, sets: [] } }) })
    const shared = ask(untrusted, { sets })
    expect(dosOf(shared)).toEqual(['put_document'])
    expect(shared.notes.some(({ en }) => en.includes('1,000 accounts'))).toBe(true)
    const documents = effectsOf(shared).flatMap((one) =>
      one.do === 'put_document' ? [{ name: one.name, type: 'Automation', content: one.content }] : [],
    )
    const trusted = smallWorld({ documents: sight({ documents }) })
    const kept = keptOf(shared)
    expect(dosOf(ask(trusted, { sets, kept }))).toEqual(['put_repairs', 'deploy_repairs', 'delete_document'])
    // An apply of a plan from before trust was switched on is refused.
    expect(digestOf(trusted, shared, hash)).not.toBe(
      digestOf(
        smallWorld({ documents: sight({ documents, stackSets: { trusted: false, sets: [] } }) }),
        shared,
        hash,
      ),
    )
    const bySets = keptOf(ask(trusted, { sets }))
    const off = ask(untrusted, { sets, kept: bySets })
    expect([dosOf(off), off.carriers.length]).toEqual([[], 1])
    expect(off.notes.some(({ en }) => en.includes('came by stack sets'))).toBe(true)
  })
})

interface Document {
  readonly Name: string
  readonly UpdateMethod: string
  readonly Content: { readonly schemaVersion: string }
}
