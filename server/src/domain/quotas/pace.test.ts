import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Batch, nextCall, type Pace, paceOf } from './pace.ts'

const pace = (perSecond: number, scale: number): Pace => {
  const found = paceOf(perSecond, scale)
  if (found === null) throw new Error('out of reach')
  return found
}

/** Workers that reserve, pause and call as they like, against the one schedule of all. Returns when calls were made. */
function simulate(p: Pace, visits: readonly { worker: number; afterMs: number; calls: number }[]): number[] {
  const batches = new Map<number, Batch>()
  const made: number[] = []
  let [now, next] = [0, 0]
  for (const { worker, afterMs, calls } of visits) {
    now += afterMs
    for (let i = 0; i < calls; i++) {
      let call = nextCall(batches.get(worker) ?? { pace: p, firstMs: 0, count: 0 }, now)
      if (call === null) {
        const firstMs = Math.max(next, now)
        next = firstMs + p.most * p.everyMs
        call = nextCall({ pace: p, firstMs, count: p.most }, now)
      }
      if (call === null) throw new Error('a fresh batch has no call')
      batches.set(worker, call.rest)
      made.push(call.atMs)
    }
  }
  return made.sort((a, b) => a - b)
}

const visits = fc.array(
  fc.record({ worker: fc.nat(4), afterMs: fc.nat(600), calls: fc.integer({ min: 1, max: 6 }) }),
  { minLength: 1, maxLength: 60 },
)

describe('the pace of calls that many workers share', () => {
  it('never lets a second see more calls than the ceiling', () => {
    fc.assert(
      fc.property(visits, fc.integer({ min: 1, max: 60 }), fc.constantFrom(1, 2, 5), (rows, limit, scale) => {
        const made = simulate(pace(limit, scale), rows)
        for (const [i, at] of made.entries()) {
          const within = made.slice(i).filter((other) => other < at + 1000 / scale - 1e-6).length
          expect(within).toBeLessThanOrEqual(limit)
        }
      }),
    )
  })

  it('at any speed of time fits into a bucket of one second of calls', () => {
    fc.assert(
      fc.property(
        visits,
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 1, max: 33 }),
        (rows, limit, scale) => {
          let [tokens, last] = [limit, 0]
          for (const at of simulate(pace(limit, scale), rows)) {
            tokens = Math.min(limit, tokens + ((at - last) / 1000) * limit * scale) - 1
            last = at
            expect(tokens).toBeGreaterThanOrEqual(-1e-6)
          }
        },
      ),
    )
  })

  it('lets a worker that was idle make several calls at once, and uses 60 % of 20 a second in the long run', () => {
    const p = pace(20, 1)
    expect(p.most).toBe(5)
    const made = simulate(p, [{ worker: 0, afterMs: 0, calls: 125 }])
    expect(made.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(made.at(-1)).toBeCloseTo((120 / 12) * 1000, 6)
  })

  it('is not needed where nobody could call so fast', () => {
    expect(paceOf(20, 100)).toBeNull()
    expect(paceOf(20, 60)).not.toBeNull()
  })
})
