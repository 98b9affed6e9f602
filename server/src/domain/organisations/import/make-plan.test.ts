import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withCheckDigit } from '../codes.ts'
import { OFFICIAL_CHANGES } from '../data/official-changes.ts'
import type { OrganisationKind } from '../kinds.ts'
import { type OrganisationFacts, openVersion, type Timeline, versionOn } from '../timeline.ts'
import { planWrites } from './apply.ts'
import { describeItem } from './describe.ts'
import { makePlan } from './make-plan.ts'
import { type Decisions, type ImportPlan, isEmpty, type RegisterSnapshot } from './plan.ts'
import { builtInProfile } from './profile.ts'
import type { ListRow } from './rows.ts'

const KINDS: Readonly<Record<string, OrganisationKind>> = { 市: 'city', 町: 'town', 村: 'village' }
const row = (code: string, nameJa: string, predecessors: readonly string[] = []): ListRow => ({
  line: 2,
  facts: {
    code,
    kind: KINDS[nameJa.at(-1) ?? ''] ?? 'city',
    nameJa,
    nameEn: null,
    kana: null,
    parentCode: '180009',
  },
  predecessors,
})

/** A register in memory: the naive one, applied with the same pure functions. */
class Register {
  timelines = new Map<string, Timeline>()
  successors = new Map<string, string>()
  private next = 0

  snapshot(day: string): RegisterSnapshot {
    const current = [...this.timelines].flatMap(([id, timeline]) => {
      const version = versionOn(timeline, day)
      return version === null ? [] : [{ id, facts: version.facts }]
    })
    const byId = new Map(current.map((o) => [o.id, o]))
    const former = [...this.timelines].flatMap(([id, timeline]) =>
      timeline
        .filter((v) => v.to !== null && v.to <= day)
        .map((v) => {
          const now = byId.get(this.successors.get(id) ?? id)
          return {
            code: v.facts.code,
            nameJa: v.facts.nameJa,
            now: now === undefined ? null : { id: now.id, code: now.facts.code, nameJa: now.facts.nameJa },
          }
        }),
    )
    return { current, former, later: [] }
  }

  plan(rows: readonly ListRow[], asOf: string, decisions: Decisions = {}): ImportPlan {
    const profile = builtInProfile('localgovjp')
    if (profile === null) throw new Error('no profile')
    const plan = makePlan({
      asOf,
      profile,
      rows,
      register: this.snapshot(asOf),
      official: OFFICIAL_CHANGES.changes,
      decisions,
    })
    if (!plan.ok) throw new Error(plan.error[0]?.message)
    return plan.value
  }

  apply(plan: ImportPlan): void {
    const idOfCode = new Map([...this.timelines].map(([id, t]) => [t.at(-1)?.facts.code ?? '', id]))
    const writes = planWrites(plan, this.timelines, idOfCode, () => `org_${this.next++}`)
    for (const [id, timeline] of writes.timelines) this.timelines.set(id, timeline)
    for (const s of writes.successions) this.successors.set(s.predecessorId, s.successorId)
  }
}

const filled = (...rows: readonly ListRow[]): Register => {
  const register = new Register()
  register.apply(register.plan(rows, '2020-04-01'))
  return register
}
const [A, B, C, D] = ['18201', '18202', '18301', '18302'].map(withCheckDigit) as [
  string,
  string,
  string,
  string,
]
const changesOf = (plan: ImportPlan) => plan.items.map((i) => [i.change, i.state, i.basis])

describe('a plan', () => {
  it('makes new organisations, and the prefecture that they need', () => {
    const plan = new Register().plan([row(A, '甲市')], '2020-04-01')
    expect(plan.items.map((i) => i.after?.nameJa)).toEqual(['福井県', '甲市'])
  })

  it('a new name is a change from the day of the list', () => {
    const register = filled(row(A, '甲市'))
    const plan = register.plan([row(A, '新甲市')], '2021-04-01')
    expect(changesOf(plan)).toEqual([['renamed', 'included', 'file']])
    register.apply(plan)
    expect(register.snapshot('2021-03-31').current.map((o) => o.facts.nameJa)).toContain('甲市')
    expect(register.snapshot('2021-04-01').current.map((o) => o.facts.nameJa)).toContain('新甲市')
  })

  it('another glyph or width is only a correction', () => {
    const register = filled(row(C, '七ケ町'))
    const plan = register.plan([row(C, '七ヶ町')], '2021-04-01')
    expect(changesOf(plan)).toEqual([['respelled', 'included', 'file']])
    register.apply(plan)
    expect(register.snapshot('2020-04-01').current.map((o) => o.facts.nameJa)).toContain('七ヶ町')
  })

  it('a town that became a city by its likeness waits for a person', () => {
    const register = filled(row(A, '甲市'), row(C, '乙町'))
    const rows = [row(A, '甲市'), row(B, '乙市')]
    const plan = register.plan(rows, '2021-04-01')
    expect(changesOf(plan)).toEqual([['kind_changed', 'needs_confirmation', 'likeness']])
    expect(() => register.apply(plan)).toThrow(/wait for a decision/)
    register.apply(
      register.plan(rows, '2021-04-01', { [`row:${B}`]: { verdict: 'accept', effective: '2020-10-01' } }),
    )
    const city = register.snapshot('2020-10-01').current.find((o) => o.facts.nameJa === '乙市')
    const town = register.snapshot('2020-09-30').current.find((o) => o.facts.nameJa === '乙町')
    expect(city?.id).toBe(town?.id)
    expect(city?.facts.code).toBe(B)
  })

  it('two towns of one name are too much likeness', () => {
    const register = filled(row(A, '甲市'), row(C, '乙町'), row(D, '乙村'))
    const plan = register.plan([row(A, '甲市'), row(B, '乙市')], '2021-04-01')
    expect(changesOf(plan)).toEqual([
      ['new', 'included', 'file'],
      ['gone', 'needs_confirmation', 'file'],
      ['gone', 'needs_confirmation', 'file'],
    ])
  })

  it('predecessors of a row are merged into it; the one of its own name goes on', () => {
    const register = filled(row(C, '乙町'), row(D, '丙村'))
    const rows = [row(B, '乙市', [C, D])]
    const plan = register.plan(rows, '2021-04-01')
    expect(plan.items.map((i) => [i.change, i.before?.nameJa, i.successorCode])).toEqual([
      ['kind_changed', '乙町', null],
      ['merged_into', '丙村', B],
    ])
    register.apply(plan)
    expect([...register.successors.values()]).toHaveLength(1)
    expect(isEmpty(register.plan(rows, '2021-04-01'))).toBe(true)
  })

  it('a person names the successor of what is gone', () => {
    const register = filled(row(A, '甲市'), row(C, '丙町'))
    const decisions = { [`end:${C}`]: { successorCode: A } }
    const plan = register.plan([row(A, '甲市')], '2021-04-01', decisions)
    expect(changesOf(plan)).toEqual([['merged_into', 'included', 'person']])
    register.apply(plan)
    expect(register.snapshot('2021-04-01').current.map((o) => o.facts.nameJa)).not.toContain('丙町')
  })

  it('a successor that is nowhere is refused', () => {
    const register = filled(row(A, '甲市'), row(C, '丙町'))
    const plan = register.plan([row(A, '甲市')], '2021-04-01', { [`end:${C}`]: { successorCode: B } })
    expect(() => register.apply(plan)).toThrow(/successor/)
  })

  it('a skipped item is not applied', () => {
    const register = filled(row(A, '甲市'), row(C, '丙町'))
    register.apply(register.plan([row(A, '甲市')], '2021-04-01', { [`end:${C}`]: { verdict: 'skip' } }))
    expect(register.snapshot('2021-04-01').current.map((o) => o.facts.nameJa)).toContain('丙町')
  })

  it('every item has words in both languages', () => {
    const register = filled(row(A, '甲市'), row(C, '乙町'), row(D, '丙村'))
    for (const item of register.plan([row(A, '新市'), row(B, '乙市')], '2021-04-01').items)
      for (const language of ['ja', 'en'] as const) {
        const words = describeItem(item, language)
        expect(words).not.toMatch(/undefined|null|\?/)
        expect(words.length).toBeGreaterThan(8)
      }
  })
})

/** Any list of some of twenty municipalities with any of three names each. */
const anyList = fc
  .uniqueArray(
    fc.record({ code: fc.integer({ min: 18_201, max: 18_220 }), name: fc.constantFrom('東', '西', '南') }),
    {
      selector: (r) => r.code,
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((rows) => rows.map(({ code, name }) => row(withCheckDigit(String(code)), `${name}${code}市`)))

const acceptAll = (plan: ImportPlan): Decisions =>
  Object.fromEntries(plan.items.map((item) => [item.key, { verdict: 'accept' as const }]))

describe('any lists in order', () => {
  it('after_applying_a_list_the_register_is_that_list_and_the_same_list_changes_nothing', () => {
    fc.assert(
      fc.property(fc.array(anyList, { minLength: 1, maxLength: 5 }), (lists) => {
        const register = new Register()
        lists.forEach((list, i) => {
          const day = `202${i}-04-01`
          register.apply(register.plan(list, day, acceptAll(register.plan(list, day))))
          const names = (facts: readonly OrganisationFacts[]) =>
            facts.map((f) => `${f.code} ${f.nameJa}`).sort()
          const now = register.snapshot(day).current.map((o) => o.facts)
          expect(names(now.filter((f) => f.kind !== 'prefecture'))).toEqual(names(list.map((r) => r.facts)))
          expect(isEmpty(register.plan(list, day))).toBe(true)
        })
        // The past is as it was told at the time.
        lists.forEach((list, i) => {
          const then = register.snapshot(`202${i}-04-01`).current.filter((o) => o.facts.kind !== 'prefecture')
          expect(then.map((o) => o.facts.nameJa).sort()).toEqual(list.map((r) => r.facts.nameJa).sort())
        })
        for (const timeline of register.timelines.values())
          expect(timeline.filter((v) => v.to === null).length).toBe(openVersion(timeline) === null ? 0 : 1)
      }),
      { numRuns: 60 },
    )
  })
})
