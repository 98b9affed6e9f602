import { expect, test } from 'vitest'
import { afterFailure, MAIL_POLICY } from './policy.ts'

const now = new Date('2026-11-22T00:00:00Z')

test('each try waits longer than the one before, up to a bound, and the last one is the end', () => {
  let before = 0
  for (let attempt = 1; attempt < MAIL_POLICY.attempts; attempt++) {
    const after = afterFailure(attempt, now, MAIL_POLICY)
    if (after.state === 'dead') throw new Error(`dead after ${attempt}`)
    const delay = after.nextAt.getTime() - now.getTime()
    expect(delay).toBeGreaterThanOrEqual(before)
    expect(delay).toBeLessThanOrEqual(MAIL_POLICY.maxDelayMs)
    before = delay
  }
  expect(afterFailure(MAIL_POLICY.attempts, now, MAIL_POLICY)).toEqual({ state: 'dead' })
})
