import { describe, expect, it } from 'vitest'
import { limitOn, QUOTAS, type QuotaFact, windowDaysOf } from './lookup.ts'

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
    expect(limitOn('q', 'aws_1', '2026-05-14', [], facts)).toBe(5)
    expect(limitOn('q', 'aws_1', '2026-05-15', [], facts)).toBe(10)
    expect(limitOn('q', 'aws_1', '2019-12-31', [], facts)).toBeNull()
    expect(limitOn('other', 'aws_1', '2026-05-15', [], facts)).toBeNull()
  })

  it('give way to what was granted to one AWS organisation, from its day on', () => {
    const overrides = [{ awsOrganizationId: 'aws_1', quota: 'q', limit: 7, effectiveFrom: '2026-06-01' }]
    expect(limitOn('q', 'aws_1', '2026-05-31', overrides, facts)).toBe(10)
    expect(limitOn('q', 'aws_1', '2026-06-01', overrides, facts)).toBe(7)
    expect(limitOn('q', 'aws_2', '2026-06-01', overrides, facts)).toBe(10)
  })

  it('all carry a source and a positive limit, and every adjustable one of AWS says so', () => {
    for (const quota of QUOTAS) {
      expect(quota.source.length).toBeGreaterThan(10)
      expect(quota.limit).toBeGreaterThan(0)
    }
    expect(limitOn('account_operations', 'aws_1', '2026-11-21', [])).toBe(5)
    expect(windowDaysOf('account_closures_30_days')).toBe(30)
    expect(windowDaysOf('account_operations')).toBeNull()
  })
})
