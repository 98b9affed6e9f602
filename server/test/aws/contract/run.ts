import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlCases } from './controls.ts'
import { creationCases } from './creation.ts'
import { identityCases } from './identity.ts'
import { organizationCases } from './organization.ts'
import { serviceCases } from './services.ts'
import type { ContractCase, ContractWorld } from './world.ts'

/** A case that a target cannot pass, with the reason: the target lacks it, never we. */
export interface Gap {
  readonly case: string
  readonly reason: string
}

export const ALL_CASES: readonly ContractCase[] = [
  ...organizationCases,
  ...creationCases,
  ...identityCases,
  ...serviceCases,
  ...controlCases,
]

/**
 * Runs the contract of `Estate` on one target. A gap is run too and must fail: once the target can do it, the gap must
 * go from the list, so that the list never excuses what works.
 */
export function estateContract(
  target: string,
  gaps: readonly Gap[],
  make: () => Promise<ContractWorld>,
  /** Collects the IAM actions that were used. */
  seen: Set<string> = new Set(),
): void {
  describe(`contract of Estate on ${target}`, () => {
    let world: ContractWorld
    beforeAll(async () => {
      world = await make()
    })
    afterAll(async () => {
      for (const call of world?.calls ?? []) seen.add(call.iamAction)
      await world?.stop()
    })
    for (const one of ALL_CASES) {
      const gap = gaps.find((g) => g.case === one.name)
      if (gap === undefined) it(one.name, () => one.run(world))
      else
        it(`GAP of ${target}: ${one.name} — ${gap.reason}`, async () => {
          await expect(one.run(world)).rejects.toThrow()
        })
    }
    it('knows every case that it calls a gap', () => {
      const names = ALL_CASES.map((c) => c.name)
      expect(gaps.filter((g) => !names.includes(g.case))).toEqual([])
    })
  })
}
