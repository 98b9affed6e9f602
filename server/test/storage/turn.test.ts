import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { inTurn, TURN } from '../../src/main/in-turn.ts'
import { turnOf } from '../../src/storage/turn.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

let on: TestDatabase
beforeAll(async () => {
  on = await testDatabase()
})
afterAll(() => on.drop())

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

it('gives the turn to one of many that ask at once, and keeps it theirs', async () => {
  const turns = Array.from({ length: 8 }, (_, i) => turnOf(on, 'many', `worker-${i}`, 60_000))
  const first = await Promise.all(turns.map((turn) => turn.take()))
  expect(first.filter(Boolean)).toHaveLength(1)
  expect(await Promise.all(turns.map((turn) => turn.take()))).toEqual(first)
})

it('replaces a holder that died when its lease is over, and not before', async () => {
  const dead = turnOf(on, 'dead', 'a', 400)
  const next = turnOf(on, 'dead', 'b', 60_000)
  expect(await dead.take()).toBe(true)
  expect(await next.take()).toBe(false)
  await systemClock.sleep(450)
  expect(await next.take()).toBe(true)
  // It was only paused: it sees that the turn is gone, and takes nothing away from the other.
  expect(await dead.take()).toBe(false)
  await dead.giveBack()
  expect(await dead.take()).toBe(false)
})

it('lets the next one work as soon as one stops', async () => {
  const [a, b] = [new AbortController(), new AbortController()]
  const seen: string[] = []
  const work = (name: string) => async (signal: AbortSignal) => {
    seen.push(name)
    await untilAborted(signal)
  }
  const first = inTurn(turnOf(on, 'stop', 'a', 60_000), systemClock, a.signal, work('a'))
  while (seen.length === 0) await systemClock.sleep(5)
  await inTurn(turnOf(on, 'stop', 'b', 60_000), systemClock, b.signal, work('b'))
  expect(seen).toEqual(['a'])
  a.abort()
  await first
  const second = inTurn(turnOf(on, 'stop', 'b', 60_000), systemClock, b.signal, work('b'))
  while (seen.length === 1) await systemClock.sleep(5)
  b.abort()
  await second
  expect(seen).toEqual(['a', 'b'])
})

it('ends the work of a process that was paused and lost its turn', async () => {
  const stop = new AbortController()
  const paused = inTurn(turnOf(on, 'lost', 'a', 200), systemClock, stop.signal, untilAborted)
  await systemClock.sleep(500)
  expect(await turnOf(on, 'lost', 'b', 60_000).take()).toBe(true)
  const begun = Date.now()
  await paused
  expect(Date.now() - begun).toBeLessThan(TURN.askMs + 5_000)
  expect(stop.signal.aborted).toBe(false)
}, 20_000)
