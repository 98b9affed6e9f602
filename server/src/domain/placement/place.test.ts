import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENVIRONMENTS } from '../applications/kinds.ts'
import { basePath, chooseShard, isLocalGovernment, shardName } from './place.ts'

describe('placement', () => {
  it('has exactly one path for every environment and kind of body', () => {
    for (const environment of ENVIRONMENTS)
      for (const local of [true, false]) expect(basePath(environment, local).length).toBeGreaterThan(0)
  })

  it('uses the Operation OU for local governments only', () => {
    expect(basePath('operation', isLocalGovernment('131016'))).toEqual(['Operation'])
    expect(basePath('operation', isLocalGovernment('MIC'))).not.toContain('Operation')
  })

  it('never_fills_an_ou_beyond_the_split_and_leaves_no_gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 300 }), (splitAt, accounts) => {
        fc.pre(accounts < splitAt * 99)
        const taken = new Map<string, number>()
        for (let i = 0; i < accounts; i++) {
          const name = chooseShard('Production', taken, splitAt)
          taken.set(name, (taken.get(name) ?? 0) + 1)
        }
        const used = Math.ceil(accounts / splitAt)
        expect([...taken.keys()]).toEqual(
          Array.from({ length: used }, (_, i) => shardName('Production', i + 1)),
        )
        expect(Math.max(0, ...taken.values())).toBeLessThanOrEqual(splitAt)
      }),
    )
  })

  it('refills an OU from which accounts left', () => {
    const taken = new Map([
      ['Production', 949],
      ['Production-02', 10],
    ])
    expect(chooseShard('Production', taken, 950)).toBe('Production')
  })
})
