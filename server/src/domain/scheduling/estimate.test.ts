import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectations } from './durations.ts'
import { estimate, type QueueSnapshot } from './estimate.ts'
import { choose, type Expectation, headsOf, newClock, type Waiting } from './fair.ts'

const expected: Expectation = { slotMs: 1000, slotSdMs: 100, tailMs: 50, tailSdMs: 5 }
const item = (n: number, startTag = n, deadlineMs: number | null = null, slotMs = 1000): Waiting => ({
  id: `w${n}`,
  tenantId: `t${n % 3}`,
  startTag,
  seq: n,
  deadlineMs,
  expected: { ...expected, slotMs },
})
const snapshot = (waiting: readonly Waiting[], over: Partial<QueueSnapshot> = {}): QueueSnapshot => ({
  nowMs: 0,
  limit: 5,
  clock: newClock,
  inService: [],
  waiting,
  ...over,
})

describe('estimates', () => {
  it('fill the units in the order of the policy', () => {
    const result = estimate(snapshot(Array.from({ length: 12 }, (_, i) => item(i))))
    expect(result.get('w4')).toMatchObject({ startMs: 0, doneMs: 1050 })
    expect(result.get('w5')).toMatchObject({ startMs: 1000, doneMs: 2050 })
    expect(result.get('w11')).toMatchObject({ startMs: 2000, doneMs: 3050 })
    expect(result.get('w11')?.p90Ms).toBeGreaterThan(result.get('w11')?.doneMs ?? 0)
  })

  it('count what is in service, and what takes longer than expected as a little longer still', () => {
    const inService = [
      { id: 'a', sinceMs: -400, expected },
      { id: 'b', sinceMs: -5000, expected },
    ]
    const result = estimate(snapshot([item(0), item(1)], { limit: 2, inService }))
    expect(result.get('b')?.doneMs).toBe(150)
    expect(result.get('a')?.doneMs).toBe(650)
    expect(result.get('w0')?.startMs).toBe(100)
    expect(result.get('w1')?.startMs).toBe(600)
  })

  it('do not fill units beyond a limit that was lowered', () => {
    const inService = ['a', 'b', 'c'].map((id) => ({ id, sinceMs: 0, expected }))
    const result = estimate(snapshot([item(0), item(1)], { limit: 1, inService }))
    expect(result.get('w0')?.startMs).toBe(1000)
    expect(result.get('w1')?.startMs).toBe(2000)
  })

  it('equal what a naive run of the policy does', () => {
    const waiting = fc.array(
      fc.record({
        tag: fc.nat(20),
        deadline: fc.option(fc.nat(9000)),
        slot: fc.integer({ min: 100, max: 3000 }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1, max: 7 }), (rows, limit) => {
        const items = rows.map((row, n) => item(n, row.tag, row.deadline, row.slot))
        const fast = estimate(snapshot(items, { limit }))
        for (const [id, startMs] of naive(items, limit)) expect(fast.get(id)?.startMs).toBe(startMs)
        expect(fast.size).toBe(items.length)
      }),
    )
  })
})

function naive(items: readonly Waiting[], limit: number): ReadonlyMap<string, number> {
  const left = [...items]
  const free = Array.from({ length: limit }, () => 0)
  const starts = new Map<string, number>()
  let clock = newClock
  while (left.length > 0) {
    const at = Math.min(...free)
    const choice = choose(headsOf(left), clock, at)
    if (choice === null) throw new Error('nothing chosen')
    clock = choice.clock
    left.splice(left.indexOf(choice.item), 1)
    starts.set(choice.item.id, at)
    free[free.indexOf(at)] = at + choice.item.expected.slotMs
  }
  return starts
}

describe('expectations', () => {
  const priors = [
    { kind: 'vend', slotMs: 1800, tailMs: 300, source: 's', asOf: '2026-01-01' },
    { kind: '*', slotMs: 60, tailMs: 1, source: 's', asOf: '2026-01-01' },
  ]
  const seen = (n: number, slotMs: number) =>
    Array.from({ length: n }, () => ({ kind: 'vend', slotMs, tailMs: 100 }))

  it('begin with the prior, in real time under the scale', () => {
    expect(expectations(priors, [], 10)('vend')).toMatchObject({ slotMs: 180, tailMs: 30 })
    expect(expectations(priors, [], 1)('suspend')).toMatchObject({ slotMs: 60 })
  })

  it('move to what was observed and end there', () => {
    const few = expectations(priors, seen(3, 900), 1)('vend').slotMs
    expect(few).toBe(1350)
    expect(expectations(priors, seen(50, 900), 1)('vend')).toMatchObject({ slotMs: 900, tailMs: 100 })
  })
})
