import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deadContact } from '../organisations/attention/dead-contact.ts'
import { ownerlessAccount } from '../organisations/attention/ownerless-account.ts'
import type { AttentionItem } from '../organisations/view.ts'
import { decideEscalations, type Escalation, type Step } from './decide.ts'
import { ESCALATION_TIMES as TIMES } from './times.ts'

const organisation = { id: 'org_1', code: '131016', name: { ja: '千代田区', en: 'Chiyoda' } }
const dead = (email: string): AttentionItem =>
  deadContact({ organisation, purpose: 'security', email, since: null })
const start = new Date('2026-11-01T00:00:00Z')
const after = (days: number) => new Date(start.getTime() + days * 86_400_000)
const DAYS = TIMES.centreAfterDays.dead_contact ?? 0

/** Keeps the state as the database does. */
function replay(state: Map<string, Escalation>, steps: readonly Step[], now: Date): void {
  for (const step of steps) {
    if (step.do === 'resolve') {
      state.delete(step.key)
      continue
    }
    const before = state.get(step.item.key)
    const { key } = step.item
    if (step.do === 'open') state.set(key, { key, ownerToldAt: null, centreToldAt: null })
    else if (before !== undefined)
      state.set(key, {
        ...before,
        ...(step.do === 'tell_owner' ? { ownerToldAt: now } : { centreToldAt: now }),
      })
  }
}

const kinds = (steps: readonly Step[]) => steps.map((step) => step.do)

describe('what needs attention', () => {
  test('is told to the owner at once, to the centre after the time, and is over when it is put right', () => {
    const state = new Map<string, Escalation>()
    const sweep = (days: number, items: readonly AttentionItem[]) => {
      const steps = decideEscalations(items, [...state.values()], new Set(['org_1']), after(days), TIMES)
      replay(state, steps, after(days))
      return kinds(steps)
    }
    const items = [dead('a@example.jp')]
    expect(sweep(0, items)).toEqual(['open', 'tell_owner'])
    expect(sweep(DAYS - 0.01, items)).toEqual([])
    expect(sweep(DAYS, items)).toEqual(['tell_centre'])
    expect(sweep(DAYS + 100, items)).toEqual([])
    expect(sweep(DAYS + 101, [])).toEqual(['resolve'])
    expect(sweep(DAYS + 102, items)).toEqual(['open', 'tell_owner'])
  })

  test('goes to the centre at once where no owner could act', () => {
    const steps = (items: readonly AttentionItem[], owned: readonly string[]) =>
      kinds(decideEscalations(items, [], new Set(owned), start, TIMES))
    expect(steps([dead('a@example.jp')], [])).toEqual(['open', 'tell_centre'])
    expect(steps([ownerlessAccount({ organisation, accountId: '111111111111' })], ['org_1'])).toEqual([
      'open',
      'tell_centre',
    ])
  })

  test('an owner who comes later is told, though the centre knows already', () => {
    const item = dead('a@example.jp')
    const open = [{ key: item.key, ownerToldAt: null, centreToldAt: start }]
    expect(kinds(decideEscalations([item], open, new Set(['org_1']), after(1), TIMES))).toEqual([
      'tell_owner',
    ])
  })

  test('is never told twice to anybody, whatever comes and goes and whenever one looks', () => {
    const round = fc.record({
      emails: fc.uniqueArray(fc.constantFrom('a@x.jp', 'b@x.jp', 'c@x.jp')),
      hours: fc.integer({ min: 0, max: 400 }),
      owned: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(round, { maxLength: 20 }), (rounds) => {
        const state = new Map<string, Escalation>()
        const told = new Map<string, number>()
        let days = 0
        for (const { emails, hours, owned } of rounds) {
          days += hours / 24
          const items = emails.map(dead)
          const steps = decideEscalations(
            items,
            [...state.values()],
            new Set(owned ? ['org_1'] : []),
            after(days),
            TIMES,
          )
          replay(state, steps, after(days))
          expect([...state.keys()].sort()).toEqual(items.map((item) => item.key).sort())
          for (const step of steps) {
            if (step.do === 'resolve')
              for (const who of ['tell_owner', 'tell_centre']) told.delete(`${who} ${step.key}`)
            else if (step.do !== 'open') {
              const line = `${step.do} ${step.item.key}`
              expect(told.get(line)).toBeUndefined()
              told.set(line, days)
            }
          }
          const again = decideEscalations(
            items,
            [...state.values()],
            new Set(owned ? ['org_1'] : []),
            after(days),
            TIMES,
          )
          expect(again).toEqual([])
        }
      }),
    )
  })
})
