import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  choose,
  type Expectation,
  type FairClock,
  headsOf,
  isUrgent,
  newClock,
  tagsOf,
  type Waiting,
} from './fair.ts'

const expected: Expectation = { slotMs: 100, slotSdMs: 10, tailMs: 10, tailSdMs: 1 }

interface Arrival {
  readonly tenant: number
  readonly weight: number
  readonly urgent: boolean
}

/** The naive queue: a list, the pure policy, nothing else. */
function queue() {
  let clock: FairClock = newClock
  let seq = 0
  const finish = new Map<string, number>()
  const waiting: Waiting[] = []
  return {
    waiting,
    enqueue(arrival: Arrival): string {
      const tenantId = `t${arrival.tenant}`
      const { startTag, finishTag } = tagsOf(clock, finish.get(tenantId) ?? null, arrival.weight)
      finish.set(tenantId, finishTag)
      const id = `w${seq}`
      waiting.push({ id, tenantId, startTag, seq: seq++, deadlineMs: arrival.urgent ? 50 : null, expected })
      return id
    },
    grant(): { item: Waiting; reason: string } | null {
      const choice = choose(headsOf(waiting), clock, 0)
      if (choice === null) return null
      clock = choice.clock
      waiting.splice(waiting.indexOf(choice.item), 1)
      return choice
    },
  }
}

const arrival = fc.record({ tenant: fc.nat(4), weight: fc.constant(1), urgent: fc.boolean() })
/** A mixture of arrivals and grants. */
const history = fc.array(fc.oneof(arrival, fc.constant(null)), { maxLength: 120 })

describe('fair queueing', () => {
  it('work_conserving: gives a unit whenever somebody waits', () => {
    fc.assert(
      fc.property(history, (events) => {
        const q = queue()
        for (const event of events) {
          if (event !== null) q.enqueue(event)
          else {
            const some = q.waiting.length > 0
            expect(q.grant() !== null).toBe(some)
          }
        }
        const left = q.waiting.length
        for (let i = 0; i < left; i++) expect(q.grant()).not.toBeNull()
        expect(q.grant()).toBeNull()
      }),
    )
  })

  it('no_starvation: a tenant without waiting work is served after at most two units for each other tenant', () => {
    fc.assert(
      fc.property(history, fc.array(arrival, { maxLength: 60 }), (before, after) => {
        const q = queue()
        for (const event of before) event === null ? q.grant() : q.enqueue(event)
        const id = q.enqueue({ tenant: 99, weight: 1, urgent: false })
        let passed = 0
        for (;;) {
          const extra = after[passed]
          if (extra !== undefined) q.enqueue(extra)
          if (q.grant()?.item.id === id) break
          passed++
        }
        // Five other tenants with one item each before it, and an urgent one before each of these and of it.
        expect(passed).toBeLessThanOrEqual(2 * 5 + 1)
      }),
    )
  })

  it('a batch of 400 delays another tenant by one item', () => {
    const q = queue()
    for (let i = 0; i < 400; i++) q.enqueue({ tenant: 1, weight: 1, urgent: false })
    for (let i = 0; i < 57; i++) q.grant()
    const small = q.enqueue({ tenant: 2, weight: 1, urgent: false })
    const next = [q.grant()?.item.id, q.grant()?.item.id]
    expect(next).toContain(small)
  })

  it('weights_respected: while both wait, each gets its share within one item', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (a, b) => {
        const q = queue()
        for (let i = 0; i < 60; i++) {
          q.enqueue({ tenant: 1, weight: a, urgent: false })
          q.enqueue({ tenant: 2, weight: b, urgent: false })
        }
        const served = { t1: 0, t2: 0 }
        for (let i = 0; i < 60; i++) {
          served[q.grant()?.item.tenantId as 't1' | 't2']++
          expect(Math.abs(served.t1 / a - served.t2 / b)).toBeLessThanOrEqual(1 / a + 1 / b + 1e-9)
        }
      }),
    )
  })

  it('first_come_first_served inside a tenant without deadlines', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 60 }), (tenants) => {
        const q = queue()
        for (const tenant of tenants) q.enqueue({ tenant, weight: 1, urgent: false })
        const seen = new Map<string, number>()
        for (let next = q.grant(); next !== null; next = q.grant()) {
          expect(next.item.seq).toBeGreaterThan(seen.get(next.item.tenantId) ?? -1)
          seen.set(next.item.tenantId, next.item.seq)
        }
      }),
    )
  })

  it('deadlines_cannot_be_abused: urgent work never takes two units in a row from work whose turn it is', () => {
    fc.assert(
      fc.property(history, (events) => {
        const q = queue()
        let last = 'turn'
        for (const event of events) {
          if (event !== null) q.enqueue(event)
          else {
            const reason = q.grant()?.reason ?? 'turn'
            expect([last, reason]).not.toEqual(['deadline', 'deadline'])
            last = reason
          }
        }
      }),
    )
  })

  it('urgent work goes before its turn, and work is urgent when one repetition would no longer fit', () => {
    const q = queue()
    for (let i = 0; i < 5; i++) q.enqueue({ tenant: 1, weight: 1, urgent: false })
    const urgent = q.enqueue({ tenant: 1, weight: 1, urgent: true })
    expect(q.grant()).toMatchObject({ item: { id: urgent }, reason: 'deadline' })
    const item: Waiting = { id: 'a', tenantId: 't', startTag: 0, seq: 0, deadlineMs: 1000, expected }
    expect(isUrgent(item, 780)).toBe(false)
    expect(isUrgent(item, 781)).toBe(true)
    expect(isUrgent({ ...item, deadlineMs: null }, 0)).toBe(false)
  })

  it('deterministic: the same history gives the same order', () => {
    fc.assert(
      fc.property(history, (events) => {
        const play = () => {
          const q = queue()
          return events.map((event) => (event === null ? q.grant()?.item.id : q.enqueue(event)))
        }
        expect(play()).toEqual(play())
      }),
    )
  })
})
