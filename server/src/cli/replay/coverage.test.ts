import { expect, it } from 'vitest'
import { coverageLines } from './coverage.ts'

it('coverage_is_reported: shares of calls, and what is missing most', () => {
  const lines = coverageLines({
    events: 1_100,
    skipped: { service_event: 100, unmapped: 1 },
    calls: 1_000,
    mapped: 999,
    withResource: 710,
    unmapped: [{ event: 'odd.amazonaws.com Do', count: 1 }],
    withoutResource: [{ action: 'kms:Decrypt', count: 289 }],
  })
  expect(lines[0]).toBe('99.9 % of 1000 calls mapped to an action, 71.0 % to a resource (1100 events)')
  expect(lines).toContain('  odd.amazonaws.com Do: 1')
  expect(lines).toContain('  kms:Decrypt: 289')
  expect(lines.join()).toContain('service_event: 100')
  expect(lines.join()).not.toContain('unmapped: 1 events')
})

it('says nothing in shares of an empty trail', () => {
  const none = {
    events: 0,
    skipped: {},
    calls: 0,
    mapped: 0,
    withResource: 0,
    unmapped: [],
    withoutResource: [],
  }
  expect(coverageLines(none)).toHaveLength(2)
  expect(coverageLines(none)[0]).toContain('— of 0 calls')
})
