import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AwsError } from '../../core/contract.ts'
import { accounts, ous } from '../organizations/state.ts'
import { MINUTE, testEstate } from '../shared/test-estate.ts'
import { accountOperationsOf } from './accounts.ts'
import { baselinesOf, childrenOf, enabledOn, registeredOu, zonesOf } from './state.ts'

type Estate = ReturnType<typeof testEstate>

/** The landing zone enrols by itself, and eight accounts stand in the root. */
function withAccounts(seed: number): { e: Estate; ids: string[]; places: string[] } {
  const e = testEstate(seed, 'organizations')
  const { managementAccountId, organizationId, rootId } = e.organization
  const zone = zonesOf(e.world).get(managementAccountId)
  if (!zone) throw new Error('there is no landing zone')
  e.runtime.run((world) =>
    zonesOf(world).put(managementAccountId, { ...zone, remediationTypes: ['INHERITANCE_DRIFT'] }),
  )
  for (let n = 0; n < 8; n++) {
    e.ask('CreateAccount', { AccountName: `tenant ${n}`, Email: `tenant${n}@example.jp` })
    e.runtime.advance(10 * MINUTE)
  }
  const ids = [...accounts(e.world).values()].filter((a) => a.name.startsWith('tenant')).map((a) => a.id)
  const own = [...ous(e.world).values()].filter(
    (ou) => ou.organizationId === organizationId && ou.name !== 'Security',
  )
  return { e, ids, places: [rootId, ...own.map((ou) => ou.id)] }
}

function move({ e, ids, places }: ReturnType<typeof withAccounts>, account: number, place: number): void {
  const AccountId = ids[account] ?? ''
  try {
    e.ask('MoveAccount', {
      AccountId,
      SourceParentId: accounts(e.world).get(AccountId)?.parentId,
      DestinationParentId: places[place],
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
  }
}

const step = fc.record({
  account: fc.nat(7),
  place: fc.nat(5),
  wait: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(30)),
})

test('one_enrolment_for_each_OU, never_more_than_five, every_account_ends_where_it_is_governed', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { minLength: 15, maxLength: 40 }), (seed, steps) => {
      const estate = withAccounts(seed)
      const { e, ids } = estate
      for (const s of steps) {
        move(estate, s.account, s.place)
        const running = [...accountOperationsOf(e.world).values()].filter((o) => o.state === 'running')
        expect(running.length).toBeLessThanOrEqual(5)
        e.runtime.advance(s.wait * MINUTE)
      }
      e.runtime.advance(24 * 60 * MINUTE)
      expect([e.failures, accountOperationsOf(e.world).size]).toEqual([[], 0])
      for (const id of ids) {
        const parent = registeredOu(e.world, accounts(e.world).get(id)?.parentId ?? '')
        expect(enabledOn(e.world, id)?.parentArn).toBe(parent?.arn)
        if (parent) expect(enabledOn(e.world, id)?.status).toBe('SUCCEEDED')
      }
      for (const { arn } of baselinesOf(e.world).values())
        expect(childrenOf(e.world, arn)).toBe(
          [...baselinesOf(e.world).values()].filter((b) => b.parentArn === arn).length,
        )
    }),
    { numRuns: 30 },
  )
})
