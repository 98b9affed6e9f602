import { expect, it } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { pauses } from './pauses.ts'

const LONG_MS = 3_600_000

it('ends a pause when it rings, and the next one when it rang in between', async () => {
  const one = pauses(systemClock, new AbortController().signal)
  const first = one.pause(LONG_MS)
  one.ring()
  await first
  one.ring()
  one.ring()
  await one.pause(LONG_MS)
  const third = one.pause(LONG_MS)
  const open = await Promise.race([third.then(() => 'over'), systemClock.sleep(20).then(() => 'open')])
  expect(open).toBe('open')
  one.ring()
  await third
})

it('ends with its time, and at once when all stops', async () => {
  const stop = new AbortController()
  const one = pauses(systemClock, stop.signal)
  await one.pause(1)
  const long = one.pause(LONG_MS)
  stop.abort()
  await long
  await one.pause(LONG_MS)
  expect(stop.signal.aborted).toBe(true)
})
