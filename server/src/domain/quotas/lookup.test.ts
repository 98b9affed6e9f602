import { describe, expect, it } from 'vitest'
import { limitOn, NO_CIRCUMSTANCES, publishedLimit, QUOTAS, type QuotaFact, windowDaysOf } from './lookup.ts'

const fact = (limit: number, effectiveFrom: string): QuotaFact => ({
  quota: 'q',
  scope: 'aws_organization',
  limit,
  effectiveFrom,
  source: 's',
  asOf: '2026-01-01',
  adjustable: true,
  verified: true,
})
const facts = [fact(10, '2026-05-15'), fact(5, '2020-01-01')]

describe('dated quotas', () => {
  it('apply from their day on', () => {
    expect(limitOn('q', 'aws_1', '2026-05-14', NO_CIRCUMSTANCES, facts)).toBe(5)
    expect(limitOn('q', 'aws_1', '2026-05-15', NO_CIRCUMSTANCES, facts)).toBe(10)
    expect(limitOn('q', 'aws_1', '2019-12-31', NO_CIRCUMSTANCES, facts)).toBeNull()
    expect(limitOn('other', 'aws_1', '2026-05-15', NO_CIRCUMSTANCES, facts)).toBeNull()
  })

  it('give way to what was granted to one AWS organisation, from its day on', () => {
    const granted = { awsOrganizationId: 'aws_1', quota: 'q', limit: 7, effectiveFrom: '2026-06-01' }
    const reset = { ...granted, limit: null, effectiveFrom: '2026-07-01' }
    const known = { ...NO_CIRCUMSTANCES, overrides: [reset, granted] }
    expect(limitOn('q', 'aws_1', '2026-05-31', known, facts)).toBe(10)
    expect(limitOn('q', 'aws_1', '2026-06-01', known, facts)).toBe(7)
    expect(limitOn('q', 'aws_2', '2026-06-01', known, facts)).toBe(10)
    expect(limitOn('q', 'aws_1', '2026-07-01', known, facts)).toBe(10)
  })

  it('that AWS computes follow the member accounts, between their floor and their ceiling', () => {
    const closures = { limit: 250, shareOfMembers: { percent: 20, atMost: 1000 } }
    const cases = [
      [null, 250],
      [0, 250],
      [1250, 250],
      [1254, 250],
      [1255, 251],
      [4999, 999],
      [5000, 1000],
      [50_000, 1000],
    ] as const
    for (const [members, limit] of cases) expect(publishedLimit(closures, members)).toBe(limit)
    const memberAccounts = new Map([['aws_1', 3000]])
    const on = (aws: string, day: string) =>
      limitOn('account_closures_30_days', aws, day, { overrides: [], memberAccounts })
    expect([on('aws_1', '2026-11-21'), on('aws_2', '2026-11-21')]).toEqual([600, 250])
    // The older rule: 10 %, between 10 and 200.
    expect([on('aws_1', '2025-06-01'), on('aws_2', '2025-06-01')]).toEqual([200, 10])
  })

  it('all carry a source and a positive limit, and every adjustable one of AWS says so', () => {
    for (const quota of QUOTAS) {
      expect(quota.source.length).toBeGreaterThan(10)
      expect(quota.limit).toBeGreaterThan(0)
    }
    expect(limitOn('account_operations', 'aws_1', '2026-11-21', NO_CIRCUMSTANCES)).toBe(5)
    expect(windowDaysOf('account_closures_30_days')).toBe(30)
    expect(windowDaysOf('account_operations')).toBeNull()
  })
})
