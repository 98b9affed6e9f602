import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkShares, equalShares, WHOLE_BP } from './shares.ts'

describe('shares of a system in shared use', () => {
  it('equal_shares_are_the_whole_and_differ_by_at_most_one_basis_point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2000 }), (n) => {
        const shares = equalShares(Array.from({ length: n }, (_, i) => `org_${i}`))
        const points = shares.map((s) => s.basisPoints)
        expect(points.reduce((a, b) => a + b, 0)).toBe(WHOLE_BP)
        expect(Math.max(...points) - Math.min(...points)).toBeLessThanOrEqual(1)
        expect(checkShares(shares)).toEqual([])
      }),
    )
  })

  it('anything_but_the_whole_is_refused', () => {
    const points = fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(points, (list) => {
        const issues = checkShares(
          list.map((basisPoints, i) => ({ organisationId: `org_${i}`, basisPoints })),
        )
        const isWhole = list.reduce((a, b) => a + b, 0) === WHOLE_BP
        expect(issues.some((issue) => issue.code === 'shares_not_whole')).toBe(!isWhole)
      }),
    )
  })

  it('names a tenant that is there twice', () => {
    const twice = [5000, 5000].map((basisPoints) => ({ organisationId: 'org_a', basisPoints }))
    expect(checkShares(twice).map((i) => i.code)).toEqual(['tenant_twice'])
  })
})
