import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RankanError } from '../kernel/errors.ts'
import { classify, retryAfter } from './backoff.ts'

const throttled = new RankanError('throttled', 'ThrottlingException', 'Rate exceeded')

describe('back-off', () => {
  it('grows to a minute, never less than half of it, scaled', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const full = Math.min(60_000, 1000 * 2 ** (attempt - 1))
          const delay = retryAfter(throttled, attempt, 0, 1, random)?.delayMs ?? 0
          expect(delay).toBeGreaterThanOrEqual(full / 2)
          expect(delay).toBeLessThanOrEqual(full)
          expect(retryAfter(throttled, attempt, 0, 10, random)?.delayMs).toBeCloseTo(delay / 10)
        },
      ),
    )
  })

  it('waits as long as AWS says', () => {
    const told = new RankanError('throttled', 'ThrottlingException', 'Rate exceeded', {
      retryAfterMs: 90_000,
    })
    expect(retryAfter(told, 1, 0, 1, 0.5)?.delayMs).toBe(90_000)
  })

  it('gives up after hours of AWS time, a conflict after half an hour, and never retries what a person must correct', () => {
    expect(retryAfter(throttled, 9, 6 * 3_600_000, 1, 0)).toBeNull()
    expect(retryAfter(new RankanError('conflict', 'busy', 'busy'), 10, 1_800_000, 1, 0)).toBeNull()
    for (const kind of ['invalid', 'not_found', 'denied', 'bug'] as const)
      expect(retryAfter(new RankanError(kind, 'x', 'x'), 1, 0, 1, 0)).toBeNull()
  })

  it('a conflict is looked at again, however slow the machine and however fast AWS’s time', () => {
    const made = new RankanError('conflict', 'ConflictException', 'already exists')
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (attempt, elapsedMs, timeScale) => {
          expect(retryAfter(made, attempt, elapsedMs, timeScale, 0.5)).not.toBeNull()
          expect(retryAfter(made, 10 + attempt, 1_800_000 + elapsedMs, timeScale, 0.5)).toBeNull()
        },
      ),
    )
  })

  it('leaves a database two real minutes to come back, however fast AWS’s time runs', () => {
    const away = new RankanError('unavailable', 'ECONNREFUSED', 'away')
    expect(retryAfter(away, 5, 100_000, 100_000, 0)).not.toBeNull()
    expect(retryAfter(away, 5, 120_000, 100_000, 0)).toBeNull()
  })
})

describe('classification', () => {
  it.each(['57P01', '08006', '40001', '40P01', '53300', '53100', '53200', 'ECONNREFUSED', 'ECONNRESET'])(
    '%s passes',
    (code) => {
      expect(classify(Object.assign(new Error('x'), { code })).kind).toBe('unavailable')
    },
  )
  it('a lost connection without a code passes', () => {
    expect(classify(new Error('Connection terminated unexpectedly')).kind).toBe('unavailable')
  })
  it('anything else is our bug, and our own errors stay what they are', () => {
    expect(classify(new TypeError('x is not a function')).kind).toBe('bug')
    expect(classify(Object.assign(new Error('duplicate key'), { code: '23505' })).kind).toBe('bug')
    expect(classify(throttled)).toBe(throttled)
    expect(classify('text').message).toBe('text')
  })
})
