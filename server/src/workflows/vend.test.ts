import { describe, expect, it } from 'vitest'
import type { Order } from '../ports/orders.ts'
import { bindWorkflows } from './registry.ts'
import { type FakeEstateOptions, fakeEstate } from './testing/estate.ts'
import { orderFor } from './testing/orders.ts'
import { journal, NeedsRepair, replayContext, rewind } from './testing/replay.ts'
import { fakeStores } from './testing/stores.ts'
import { TIMINGS } from './timings.ts'

function setUp(options: FakeEstateOptions = {}, order: Order = orderFor()) {
  const estate = fakeEstate(options)
  const stores = fakeStores([order], estate.state.events)
  const workflows = bindWorkflows({ ...stores, estate: () => estate, timings: TIMINGS })
  const log = journal()
  const run = async (mode: 'do' | 'giveUp' = 'do', on = log) => {
    const workflow = workflows.find((one) => one.kind === stores.state.orders.get(order.workId)?.kind)
    await workflow?.[mode](replayContext(order.workId, on), order.workId)
  }
  const failed = async () => {
    const error = await run().then(
      () => null,
      (e: unknown) => e,
    )
    if (!(error instanceof NeedsRepair)) throw new Error(`expected a failed step, got ${String(error)}`)
    return error
  }
  return { estate, stores, order, log, run, failed }
}

describe('vend', () => {
  it.each(['account_factory', 'auto_enrolment'] as const)(
    'makes a usable account with %s',
    async (engine) => {
      const { estate, stores, order, log, run } = setUp({ engine })
      await run()
      const [account] = estate.state.accounts.values()
      expect(account).toMatchObject({ name: order.account?.name, parentId: 'ou-Production', state: 'ACTIVE' })
      const id = account?.accountId ?? ''
      expect([...(estate.state.contacts.get(id)?.keys() ?? [])]).toEqual([
        'SECURITY',
        'OPERATIONS',
        'BILLING',
      ])
      expect([...estate.state.assignments].sort()).toEqual([
        `Admin:g-131016-juki-prd-01-admin@${id}`,
        `NonAdmin:g-131016-juki-prd-01-nonadmin@${id}`,
      ])
      expect([...(estate.state.groups.get('g-131016-juki-prd-01-admin')?.members ?? [])]).toEqual([
        'u-owner',
        'u-admin',
      ])
      expect(estate.state.budgets.get(`rankan-${id}`)).toBe('1000')
      expect(estate.state.tags.get(id)?.['rankan:organisation']).toBe('131016')
      expect(stores.state.outcome.get(order.workId)).toBe('done')
      expect(stores.state.facts.get(order.workId)).toMatchObject({
        confirmed_by: 'event',
        'support.case': `case-${id}`,
      })
      expect(log.most.get('account_operations@aws_1')).toBe(1)
    },
  )

  it('makes and registers an OU that is not there', async () => {
    const { estate, run } = setUp({ ous: [] })
    await run()
    expect([...estate.state.ous.keys()]).toEqual(['Production'])
    expect([...estate.state.accounts.values()][0]?.parentId).toBe('ou-Production')
  })

  it('confirms by looking when the event was dropped, and says so', async () => {
    const { stores, order, run } = setUp({ dropEvents: true })
    await run()
    expect(stores.state.facts.get(order.workId)?.confirmed_by).toBe('look')
  })

  it('sends an order again that may be sent again', async () => {
    const outage = { code: 'INTERNAL_FAILURE', message: 'try later', remedy: 'retry' as const }
    const { estate, stores, order, run } = setUp({ outcomes: [outage, null] })
    await run()
    expect(stores.state.outcome.get(order.workId)).toBe('done')
    expect(estate.state.accounts.size).toBe(1)
  })

  it('asks a person after three failed attempts', async () => {
    const outage = { code: 'INTERNAL_FAILURE', message: 'try later', remedy: 'retry' as const }
    const { estate, failed } = setUp({ outcomes: [outage, outage, outage] })
    expect((await failed()).failure).toMatchObject({ code: 'INTERNAL_FAILURE', correctable: [] })
    expect(estate.state.products.size).toBe(0)
  })

  it('clears a tainted product and begins again', async () => {
    const tainted = { code: 'TAINTED', message: 'stack failed', remedy: 'repair' as const }
    const { estate, stores, order, run } = setUp({ outcomes: [tainted, null] })
    await run()
    expect(stores.state.outcome.get(order.workId)).toBe('done')
    expect(estate.state.products.size).toBe(1)
  })

  it('goes on after a person corrected an e-mail that is in use', async () => {
    const taken = { code: 'EMAIL_ALREADY_EXISTS', message: 'in use', remedy: 'correct' as const }
    const { estate, stores, order, log, run, failed } = setUp({ outcomes: [taken, null] })
    const { step, failure } = await failed()
    expect(failure.correctable).toContain('account.email')
    stores.state.orders.set(order.workId, {
      ...order,
      account: { name: order.account?.name ?? '', email: 'aws+new@aws.example.jp' },
    })
    rewind(log, step)
    await run()
    expect([...estate.state.accounts.values()].map((one) => one.email)).toEqual(['aws+new@aws.example.jp'])
    expect(stores.state.outcome.get(order.workId)).toBe('done')
  })

  it('refuses names that another order holds, and says which field to change', async () => {
    const { stores, order, failed } = setUp()
    stores.state.names.set(order.account?.email ?? '', 'app_0.production')
    expect(await failed()).toMatchObject({ step: 'reserve-names', failure: { code: 'names_taken' } })
  })

  it('leaves a clean estate when it is given up half-way', async () => {
    const { estate, stores, order, run } = setUp()
    await run()
    const id = [...estate.state.accounts.keys()][0] ?? ''
    await run('giveUp', journal())
    expect(estate.state.accounts.get(id)?.state).toBe('SUSPENDED')
    expect(
      [estate.state.products, estate.state.groups, estate.state.assignments, estate.state.budgets].map(
        (m) => m.size,
      ),
    ).toEqual([0, 0, 0, 0])
    expect(stores.state.outcome.get(order.workId)).toBe('abandoned')
  })

  it.each([
    ['before AWS released the account', { release: true }],
    ['after AWS released the account', { release: false }],
  ])('undoes a closing that is given up %s', async (_, away) => {
    const { estate, stores, run } = setUp()
    await run()
    const accountId = [...estate.state.accounts.keys()][0] ?? ''
    const home = estate.state.accounts.get(accountId)?.parentId
    const closing = orderFor({ kind: 'close', workId: 'app_2.close', account: null, accountId })
    stores.state.orders.set(closing.workId, closing)
    const before = [...estate.state.assignments].sort()
    const budgets = [...estate.state.budgets]
    const deps = { ...stores, estate: () => estate, timings: TIMINGS }
    const refuse = () => Promise.reject(new Error('AWS is away'))
    const close = bindWorkflows({
      ...deps,
      estate: () => ({
        ...estate,
        creation: away.release ? { ...estate.creation, release: refuse } : estate.creation,
        organization: { ...estate.organization, close: refuse },
      }),
    }).find((one) => one.kind === 'close')
    await expect(close?.do(replayContext(closing.workId, journal()), closing.workId)).rejects.toThrow('away')
    expect(estate.state.assignments.size).toBe(0)
    expect(estate.state.products.size).toBe(away.release ? 1 : 0)
    const undo = bindWorkflows(deps).find((one) => one.kind === 'close')
    await undo?.giveUp(replayContext(closing.workId, journal()), closing.workId)
    expect([...estate.state.assignments].sort()).toEqual(before)
    expect([...estate.state.budgets]).toEqual(budgets)
    expect(estate.state.products.size).toBe(1)
    expect(estate.state.accounts.get(accountId)).toMatchObject({ parentId: home, state: 'ACTIVE' })
    expect(stores.state.accounts.get(accountId)?.status).toBe('active')
    expect(stores.state.outcome.get(closing.workId)).toBe('abandoned')
  })

  it('gives up what never became an account without closing anything', async () => {
    const broken = { code: 'FAILED', message: 'no', remedy: 'correct' as const }
    const { estate, stores, order, run, failed } = setUp({ outcomes: [broken] })
    await failed()
    await run('giveUp', journal())
    expect(estate.state.accounts.size).toBe(0)
    expect(stores.state.outcome.get(order.workId)).toBe('abandoned')
  })
})
