import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { manualClock } from '../../kernel/clock.ts'
import type { ServiceDefinition, World } from './contract.ts'
import { openWorld, type Runtime } from './world.ts'

const toy: ServiceDefinition = {
  signingName: 'toy',
  model: 'none',
  iamPrefix: 'toy',
  operations: {},
  timers: {
    ring: (world, { key }: { key: string }) => {
      world.table<unknown>('rung').put(key, { at: world.now(), luck: world.random() })
      if (key === 'fails') throw new Error('this timer fails')
    },
  },
}

const start = new Date('2026-11-21T00:00:00Z')
const base = mkdtempSync(join(tmpdir(), 'rankan-world-'))
const newDir = () => mkdtempSync(join(base, 'run-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function open(
  dataDir: string | null,
  clock = manualClock(start),
  timeScale = 1,
  compactAboveBytes = 100,
): Runtime {
  return openWorld({
    dataDir,
    clock,
    seed: 42,
    timeScale,
    compactAboveBytes,
    services: new Map([['toy', toy]]),
    settings: { durations: new Map(), limits: new Map() },
  })
}

const dump = (runtime: Runtime) =>
  Object.fromEntries(
    [...runtime.tables()]
      .filter(([, rows]) => rows.size > 0)
      .map(([name, rows]) => [name, [...rows]])
      .sort(),
  )

type Step =
  | { readonly do: 'put' | 'delete' | 'ring'; readonly key: string }
  | { readonly do: 'throw'; readonly key: string }

const keys = fc.constantFrom('a', 'b', 'c', 'd')
const steps = fc.array(
  fc.record({
    do: fc.constantFrom('put' as const, 'delete' as const, 'ring' as const, 'throw' as const),
    key: keys,
  }),
  { minLength: 1, maxLength: 25 },
)

function apply(world: World, step: Step, i: number): void {
  const table = world.table<unknown>('things')
  if (step.do === 'delete') table.delete(step.key)
  else if (step.do === 'ring') world.later(1000 * (i % 3), 'toy', 'ring', { key: `${step.key}${i}` })
  else table.put(step.key, { i, id: world.id(6), before: table.size })
  if (step.do === 'throw') throw new Error('taken back')
}

function run(
  runtime: Runtime,
  list: readonly Step[],
  clock: { advance(ms: number): void },
  after: () => void,
): void {
  list.forEach((step, i) => {
    clock.advance(700)
    try {
      runtime.run((world) => apply(world, step, i))
    } catch {
      // the step said so
    }
    after()
  })
}

test('a replay of the journal is the state, whatever byte the process died at', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), fc.boolean(), async (list, cut, garbage) => {
      const dir = newDir()
      const clock = manualClock(start)
      const runtime = open(dir, clock)
      const states = [JSON.stringify(dump(runtime))]
      run(runtime, list, clock, () => states.push(JSON.stringify(dump(runtime))))
      const whole = JSON.stringify(dump(runtime))
      await runtime.close()
      const journal = join(dir, 'journal.log')
      const bytes = readFileSync(journal).length
      if (bytes === 0) return
      truncateSync(journal, cut % (bytes + 1))
      if (garbage) appendFileSync(journal, '\u0000torn')
      const again = openAt(dir, start)
      const found = JSON.stringify(dump(again))
      await again.close()
      if (cut % (bytes + 1) === bytes) expect(found).toBe(whole)
      // Timers make states between two steps; each prefix of commits must still be one that was reached.
      else expect(isPrefixState(found, states)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

// The clock stands at the first moment, so that nothing new fires while we look.
const openAt = (dir: string, at: Date) => open(dir, manualClock(at), 0)

/** A state between two steps is made of rows of the states around it: nothing half written, nothing invented. */
function isPrefixState(found: string, states: readonly string[]): boolean {
  if (states.includes(found)) return true
  const rows = (text: string) =>
    Object.entries(JSON.parse(text) as Record<string, unknown[]>).flatMap(([t, r]) =>
      r.map((row) => t + JSON.stringify(row)),
    )
  const all = new Set(states.flatMap(rows))
  return rows(found).every((row) => all.has(row))
}

test('a crash between snapshot and emptied journal applies nothing twice', async () => {
  const dir = newDir()
  const runtime = open(dir)
  runtime.run((world) => world.table('things').put('n', 1))
  runtime.run((world) => void world.table('things').delete('n'))
  await runtime.close()
  copyFileSync(join(dir, 'journal.log'), join(dir, 'old'))
  const next = open(dir)
  next.run((world) => world.table('things').put('n', 2))
  await next.close()
  await open(dir, undefined, 1, 0).close() // compacts: the snapshot now holds n = 2
  copyFileSync(join(dir, 'old'), join(dir, 'journal.log')) // as if the journal had not been emptied
  const last = open(dir)
  expect(last.world.table('things').get('n')).toBe(2)
  await last.close()
})

test('what a failing call did is taken back completely', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const clock = manualClock(start)
      const runtime = open(null, clock, 0)
      run(runtime, list, clock, () => {})
      runtime.settle()
      const before = JSON.stringify(dump(runtime))
      expect(() =>
        runtime.run((world) => {
          for (const [i, step] of list.entries()) if (step.do !== 'throw') apply(world, step, i)
          world.table('things').put('half', {})
          throw new Error('in the middle')
        }),
      ).toThrow('in the middle')
      expect(JSON.stringify(dump(runtime))).toBe(before)
    }),
    { numRuns: 100 },
  )
})

test('a table behaves as a Map does, inside and after a transaction', () => {
  const ops = fc.array(fc.tuple(fc.constantFrom('put', 'delete'), keys, fc.nat(9)), { maxLength: 30 })
  fc.assert(
    fc.property(fc.array(ops, { maxLength: 5 }), (transactions) => {
      const runtime = open(null)
      const model = new Map<string, number>()
      const seen = () => [...runtime.world.table<number>('t').entries()].sort()
      for (const list of transactions) {
        runtime.run((world) => {
          const table = world.table<number>('t')
          for (const [op, key, value] of list) {
            if (op === 'put') table.put(key, value)
            else expect(table.delete(key)).toBe(model.has(key))
            if (op === 'put') model.set(key, value)
            else model.delete(key)
            expect(table.get(key)).toBe(model.get(key))
            expect(table.size).toBe(model.size)
          }
          expect(seen()).toEqual([...model].sort())
        })
        expect(seen()).toEqual([...model].sort())
      }
    }),
  )
})

test('the same seed and the same calls give the same estate', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const once = () => {
        const clock = manualClock(start)
        const runtime = open(null, clock)
        run(runtime, list, clock, () => {})
        runtime.advance(10_000)
        return JSON.stringify(dump(runtime))
      }
      expect(once()).toBe(once())
    }),
    { numRuns: 50 },
  )
})

test('timers run in the order of their time, at their time, also after a restart', async () => {
  const dir = newDir()
  const clock = manualClock(start)
  const runtime = open(dir, clock, 60)
  runtime.run((world) => {
    world.later(120_000, 'toy', 'ring', { key: 'second' })
    world.later(60_000, 'toy', 'ring', { key: 'first' })
    world.cancel(world.later(1, 'toy', 'ring', { key: 'cancelled' }))
  })
  await runtime.close()
  clock.advance(500)
  const again = open(dir, clock, 60)
  clock.advance(3_000)
  again.settle()
  const rung = [...again.world.table<{ at: number }>('rung').entries()]
  expect(rung.map(([key]) => key)).toEqual(['first', 'second'])
  expect(rung.map(([, { at }]) => at)).toEqual([start.getTime() + 60_000, start.getTime() + 120_000])
  await again.close()
})

test('a timer that fails is taken back, kept for people and does not stop the others', () => {
  const runtime = open(null)
  runtime.run((world) => {
    world.later(10, 'toy', 'ring', { key: 'fails' })
    world.later(20, 'toy', 'ring', { key: 'works' })
  })
  runtime.advance(100)
  expect([...runtime.world.table('rung').entries()].map(([k]) => k)).toEqual(['works'])
  expect(runtime.world.table('core.failures').size).toBe(1)
  expect([...runtime.pendingTimers()]).toHaveLength(0)
})

test('time never runs backwards, at any scale', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5000), fc.constantFrom(0, 0.5, 1, 60, 3600))), (moves) => {
      const clock = manualClock(start)
      const runtime = open(null, clock)
      let last = runtime.time().virtual
      for (const [ms, scale] of moves) {
        clock.advance(ms)
        runtime.setScale(scale)
        const now = runtime.run((world) => world.now())
        expect(now).toBeGreaterThanOrEqual(last)
        last = now
      }
    }),
  )
})

test('a stored value cannot be changed behind the journal', () => {
  const runtime = open(null)
  runtime.run((world) => world.table('t').put('k', { list: [1] }))
  const held = runtime.world.table<{ list: number[] }>('t').get('k')
  expect(() => held?.list.push(2)).toThrow(TypeError)
})
