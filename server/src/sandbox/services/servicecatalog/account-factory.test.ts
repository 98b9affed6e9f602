import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AwsError, type Fault } from '../../core/contract.ts'
import { accountOperationsOf } from '../controltower/accounts.ts'
import { enabledOn } from '../controltower/state.ts'
import { accounts, ous } from '../organizations/state.ts'
import { MINUTE, testEstate } from '../shared/test-estate.ts'
import { jobsOf } from './jobs.ts'
import { productsOf, provisionedOf, recordsOf } from './state.ts'

const estate = (seed: number) => testEstate(seed, 'servicecatalog')
type Estate = ReturnType<typeof estate>

const ouCalled = ({ world, organization }: Estate, name: string) =>
  [...ous(world).values()].find((ou) => ou.name === name && ou.organizationId === organization.organizationId)
    ?.id ?? ''

function provision(e: Estate, n: number, email = n): void {
  const [product] = [...productsOf(e.world).values()]
  const parameters = {
    AccountEmail: `tenant${email}@example.jp`,
    AccountName: `tenant ${n}`,
    ManagedOrganizationalUnit: `Production (${ouCalled(e, 'Production')})`,
    SSOUserEmail: 'owner@example.jp',
    SSOUserFirstName: 'A',
    SSOUserLastName: 'B',
  }
  e.ask('ProvisionProduct', {
    ProductId: product?.id,
    ProvisioningArtifactId: product?.artifacts[0]?.id,
    ProvisionedProductName: `tenant-${n}`,
    ProvisionToken: `token-${n}`,
    ProvisioningParameters: Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })),
  })
}

type Step =
  | { readonly kind: 'provision'; readonly n: number; readonly email: number }
  | { readonly kind: 'terminate'; readonly n: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'fault'; readonly fault: Fault }

const index = fc.nat(9)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(index, fc.option(index, { freq: 1 }))
      .map(([n, other]) => ({ kind: 'provision' as const, n, email: other === null ? n : other })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('terminate' as const), n: index }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.oneof(fc.nat(2), fc.nat(40)) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>(
        { do: 'taint', message: 'half made' },
        { do: 'fail', code: 'InternalFailure', message: 'no' },
        { do: 'stick' },
        { do: 'delay', ms: 30 * MINUTE },
      ),
    }),
  },
)

function take(e: Estate, s: Step) {
  if (s.kind === 'wait') return e.runtime.advance(s.minutes * MINUTE)
  if (s.kind === 'fault') {
    const rule = {
      id: 'f',
      at: 'outcome',
      service: 'servicecatalog',
      operation: '*',
      subject: null,
      probability: 1,
      times: 1,
      fault: s.fault,
      struck: 0,
    }
    return void e.runtime.run((world) => world.table('core.faults').put('f', rule))
  }
  try {
    if (s.kind === 'provision') provision(e, s.n, s.email)
    else
      e.ask('TerminateProvisionedProduct', {
        ProvisionedProductName: `tenant-${s.n}`,
        TerminateToken: e.world.id(20),
      })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
  }
}

describe('Account Factory under any orders and faults', () => {
  test('never_more_than_five_account_operations, all_records_end, available_means_governed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { minLength: 20, maxLength: 40 }), (seed, steps) => {
        const e = estate(seed)
        for (const s of steps) {
          take(e, s)
          expect(accountOperationsOf(e.world).size).toBeLessThanOrEqual(5)
        }
        e.runtime.advance(4 * 1440 * MINUTE)
        expect(e.failures).toEqual([])
        expect([accountOperationsOf(e.world).size, jobsOf(e.world).size]).toEqual([0, 0])
        for (const { status } of recordsOf(e.world).values())
          expect(['SUCCEEDED', 'FAILED']).toContain(status)
        for (const product of provisionedOf(e.world).values()) {
          expect(product.status).not.toBe('UNDER_CHANGE')
          if (product.status !== 'AVAILABLE') continue
          const account = accounts(e.world).get(product.managedAccountId ?? '')
          expect(account?.parentId).toBe(ouCalled(e, 'Production'))
          expect(enabledOn(e.world, account?.id ?? '')?.status).toBe('SUCCEEDED')
        }
        const governed = [...provisionedOf(e.world).values()].flatMap((p) => p.managedAccountId ?? [])
        expect(new Set(governed).size).toBe(governed.length)
      }),
      { numRuns: 40 },
    )
  })

  test('the same seed and the same orders give the same estate', () => {
    const run = () => {
      const e = estate(7)
      for (let n = 0; n < 4; n++) provision(e, n)
      e.runtime.advance(120 * MINUTE)
      return [...provisionedOf(e.world).values()]
    }
    expect(run().map((p) => p.status)).toEqual(Array(4).fill('AVAILABLE'))
    expect(run()).toEqual(run())
  })
})
