import { describe, expect, it } from 'vitest'
import { quotaChangeIssues } from './change.ts'
import { factOn } from './lookup.ts'

const TODAY = '2026-11-22'

const codes = (quota: string, limit: number | null, effectiveFrom = TODAY, members: number | null = null) => {
  const fact = factOn(quota, TODAY)
  if (fact === null) throw new Error(quota)
  return quotaChangeIssues(fact, { limit, effectiveFrom }, TODAY, members).map(
    (issue) => `${issue.path} ${issue.code}`,
  )
}

describe('a value for one AWS organisation', () => {
  it.each([
    ['account_operations', 10, []],
    ['account_operations', 1, []],
    ['account_operations', null, []],
    ['account_operations', 11, ['limit limit_above_maximum']],
    ['account_operations', 0, ['limit limit_too_low']],
    ['identity_center_calls_per_second', 5, []],
    ['identity_center_calls_per_second', 21, ['limit limit_not_adjustable']],
    ['account_closures_30_days', 250, []],
    ['account_closures_30_days', 251, ['limit limit_not_adjustable']],
    ['work_in_flight', 5000, []],
  ] as const)('%s = %s: %j', (quota, limit, issues) => {
    expect(codes(quota, limit)).toEqual(issues)
  })

  it('follows the size of the organisation where AWS does', () => {
    expect(codes('account_closures_30_days', 600, TODAY, 3000)).toEqual([])
    expect(codes('account_closures_30_days', 601, TODAY, 3000)).toEqual(['limit limit_not_adjustable'])
  })

  it('holds from today or a later day on, never for the past', () => {
    expect(codes('account_operations', 7, '2026-11-21')).toEqual(['effectiveFrom day_is_past'])
    expect(codes('account_operations', 7, '2027-04-01')).toEqual([])
  })
})
