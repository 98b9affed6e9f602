import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/domain/people/roles.ts'
import { systemActor } from '../../src/domain/people/roles.ts'
import { bug } from '../../src/kernel/errors.ts'
import type { Order } from '../../src/ports/orders.ts'
import { applicationOrders } from '../../src/storage/applications/order-store.ts'
import { sweepStore } from '../../src/storage/estate/drift.ts'
import { listDrift } from '../../src/storage/estate/drift-list.ts'
import { lifecycleStore } from '../../src/storage/estate/lifecycle.ts'
import {
  type AccountCursor,
  countAccounts,
  findAccount,
  listAccounts,
} from '../../src/storage/estate/list.ts'
import { composeOrderStore } from '../../src/storage/estate/order-store.ts'
import { accountRegister } from '../../src/storage/estate/register.ts'
import { read } from '../../src/storage/transact.ts'
import { bindWorkflows } from '../../src/workflows/registry.ts'
import { sweep } from '../../src/workflows/sweep.ts'
import { fakeEstate } from '../../src/workflows/testing/estate.ts'
import { orderFor } from '../../src/workflows/testing/orders.ts'
import { journal, replayContext } from '../../src/workflows/testing/replay.ts'
import { TIMINGS } from '../../src/workflows/timings.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect, seedOrder } from './seed.ts'

const CENTRE: Actor = {
  kind: 'person',
  id: 'per_c',
  name: 'Centre',
  role: 'central_operator',
  organisationIds: [],
}
const tenant = (id: string): Actor => ({
  kind: 'person',
  id: 'per_t',
  name: 'Tenant',
  role: 'organisation_owner',
  organisationIds: [id],
})

describe('the register on PostgreSQL', () => {
  let on: TestDatabase
  const estate = fakeEstate()
  const deps = () => {
    const orders = composeOrderStore(on, applicationOrders(on))
    return {
      orders,
      register: accountRegister(on),
      lifecycle: lifecycleStore(on),
      estate: () => estate,
      timings: TIMINGS,
    }
  }
  const run = async (order: Order, mode: 'do' | 'giveUp' = 'do') => {
    await seedOrder(on, order)
    const workflow = bindWorkflows(deps()).find((one) => one.kind === order.kind)
    if (!workflow) throw bug(order.kind)
    await workflow[mode](replayContext(order.workId, journal()), order.workId)
  }
  const ledgerSize = async () =>
    Number(
      (
        await read(on, systemActor('test'), (tx) =>
          tx.sql
            .selectFrom('ledger_entry')
            .select(({ fn }) => fn.countAll().as('n'))
            .executeTakeFirstOrThrow(),
        )
      ).n,
    )
  const account = (id: string, actor = CENTRE) => read(on, actor, (tx) => findAccount(tx, id))
  let accountId = ''

  beforeAll(async () => {
    on = await testDatabase()
    await connect(on, awsOrganization())
  })
  afterAll(() => on.drop())

  it('takes a vended account from its first step to usable', async () => {
    const order = orderFor()
    await run(order)
    accountId = [...estate.state.accounts.keys()][0] ?? ''
    expect(await account(accountId)).toMatchObject({
      status: 'active',
      ouName: 'Production',
      organisationCode: '131016',
      facts: { confirmed_by: 'look', budget: `rankan-${accountId}` },
      works: [{ workId: order.workId, state: 'done' }],
    })
    const application = await on.db.transaction().execute(async (trx) => {
      await trx
        .selectNoFrom((eb) =>
          eb.fn('set_config', [eb.val('rankan.scope'), eb.val('all'), eb.val(true)]).as('x'),
        )
        .execute()
      return trx
        .selectFrom('application')
        .select('state')
        .where('id', '=', order.applicationId)
        .executeTakeFirstOrThrow()
    })
    expect(application.state).toBe('ready')
  })

  it('writes nothing when a step runs a second time', async () => {
    const { orders, register } = deps()
    const { workId, account: names } = orderFor()
    const before = await ledgerSize()
    await orders.accountKnown(workId, {
      accountId,
      ...(names ?? { name: '', email: '' }),
      ouId: 'ou-Production',
    })
    await orders.note(workId, { confirmed_by: 'look' })
    await orders.started(workId)
    await orders.finished(workId)
    await register.place(workId)
    expect(await ledgerSize()).toBe(before)
  })

  it('hides an account from every organisation but its own', async () => {
    expect((await account(accountId, tenant('org_1'))).accountId).toBe(accountId)
    await expect(account(accountId, tenant('org_2'))).rejects.toMatchObject({ kind: 'not_found' })
    expect((await read(on, tenant('org_2'), (tx) => listAccounts(tx, {}, null, 10))).items).toEqual([])
  })

  it('suspends, resumes and moves, and keeps the reasons', async () => {
    const change = (kind: Order['kind'], n: number, over: Partial<Order> = {}) =>
      run(
        orderFor({
          kind,
          workId: `app_c${n}.${kind}`,
          applicationId: `app_c${n}`,
          account: null,
          accountId,
          environment: null,
          ...over,
        }),
      )
    await change('suspend', 1, { reason: 'under investigation' })
    expect(await account(accountId)).toMatchObject({
      status: 'suspended',
      suspension: { reason: 'under investigation' },
    })
    expect(estate.state.attached.size).toBe(1)
    await change('resume', 2, { reason: 'cleared' })
    expect(await account(accountId)).toMatchObject({ status: 'active', suspension: null })
    expect(estate.state.attached.size).toBe(0)
    await change('move', 3, { moveTo: 'staging' })
    expect(await account(accountId)).toMatchObject({ ouName: 'Staging', environment: 'staging' })
  })

  it('shows what was done by hand as drift, once, and lets it vanish', async () => {
    await estate.organization.move(accountId, 'ou-Production')
    const foreign = '200000000001'
    const made = estate.state.accounts.get(accountId)
    if (!made) throw bug('no account')
    estate.state.accounts.set(foreign, {
      ...made,
      accountId: foreign,
      name: 'by-hand',
      email: 'x@example.jp',
    })
    const store = sweepStore(on)
    expect(await sweep(store, estate)).toMatchObject({ complete: true, opened: 2, vanished: 0 })
    expect(await sweep(store, estate)).toMatchObject({ opened: 0, vanished: 0 })
    const { items } = await read(on, CENTRE, (tx) => listDrift(tx, { limit: 10 }, null))
    expect(items.map((row) => row.kind).sort()).toEqual(['moved', 'unknown_account'])
    await estate.organization.move(accountId, 'ou-Staging')
    estate.state.accounts.delete(foreign)
    expect(await sweep(store, estate)).toMatchObject({ opened: 0, vanished: 2 })
  })

  it('calls nothing absent when AWS cannot be listed to the end', async () => {
    const broken = {
      ...estate,
      organization: {
        ...estate.organization,
        async *accountsOf(parentId: string) {
          if (parentId === 'ou-Staging') throw bug('throttled to death')
          yield* estate.organization.accountsOf(parentId)
        },
      },
    }
    expect(await sweep(sweepStore(on), broken)).toMatchObject({ complete: false, opened: 0 })
  })

  it('closes with its evidence frozen, and follows AWS to the end of the 90 days', async () => {
    await run(
      orderFor({
        kind: 'close',
        workId: 'app_9.close',
        applicationId: 'app_9',
        account: null,
        accountId,
        reason: 'end of system',
      }),
    )
    const closed = await account(accountId)
    expect(closed).toMatchObject({ status: 'post_closure', awsState: 'SUSPENDED' })
    expect(closed.closure?.evidenceHash).toMatch(/^[0-9a-f]{64}$/)
    estate.state.accounts.delete(accountId)
    expect(await sweep(sweepStore(on), estate)).toMatchObject({ opened: 0 })
    expect(await account(accountId)).toMatchObject({ status: 'closed', awsState: 'CLOSED' })
  })

  it('gives an order one place and keeps to it, though orders are placed side by side', async () => {
    const orders = Array.from({ length: 8 }, (_, i) =>
      orderFor({
        workId: `app_p${i}.production`,
        applicationId: `app_p${i}`,
        account: { name: `p-${i}`, email: `p-${i}@example.jp` },
      }),
    )
    for (const order of orders) await seedOrder(on, order)
    const { register } = deps()
    const paths = await Promise.all(orders.map((order) => register.place(order.workId)))
    expect(new Set(paths.map(String))).toEqual(new Set(['Production']))
    expect(await register.place(orders[0]?.workId ?? '')).toEqual(paths[0])
  })

  it('reserves no place for an order that was given up', async () => {
    const reserved = async (workId: string) =>
      (
        await read(on, systemActor('test'), (tx) =>
          tx.sql
            .selectFrom('work_estate')
            .select('place_settled')
            .where('work_id', '=', workId)
            .executeTakeFirstOrThrow(),
        )
      ).place_settled === false
    const workId = 'app_p0.production'
    expect(await reserved(workId)).toBe(true)
    await deps().orders.abandoned(workId)
    expect(await reserved(workId)).toBe(false)
    const before = await ledgerSize()
    await deps().orders.abandoned(workId)
    expect(await ledgerSize()).toBe(before)
  })

  it('pages through any number of accounts without a gap or a repeat', async () => {
    await on.db.transaction().execute(async (trx) => {
      await trx
        .selectNoFrom((eb) =>
          eb.fn('set_config', [eb.val('rankan.scope'), eb.val('all'), eb.val(true)]).as('x'),
        )
        .execute()
      const rows = Array.from({ length: 4000 }, (_, i) => ({
        id: `acc_b${i}`,
        account_id: String(300_000_000_000 + i),
        name: `bulk-${i % 500}`,
        email: `b${i}@example.jp`,
        status: 'active' as const,
        aws_state: 'ACTIVE' as const,
        environment: 'production' as const,
        organisation_id: 'org_3',
        organisation_code: '011002',
        organisation_name_ja: '札幌市',
        organisation_name_en: 'Sapporo',
        system_code: 'tax',
        system_name_ja: '税',
        system_name_en: 'Tax',
        aws_organization_id: 'aws_1',
        ou_id: 'ou-Production',
        ou_name: 'Production',
        origin: 'vended' as const,
        work_id: null,
        suspension: null,
        closure: null,
        created_at: new Date(),
        ready_at: null,
        closed_at: null,
      }))
      for (let i = 0; i < rows.length; i += 1000)
        await trx
          .insertInto('account')
          .values(rows.slice(i, i + 1000))
          .execute()
      await trx
        .insertInto('ledger_entry')
        .values({
          at: new Date(),
          kind: 'test.bulk',
          organisation_id: null,
          subject: 'bulk',
          actor_id: 't',
          actor_role: 'system',
          body: '{}',
          leaf_hash: new Uint8Array(32),
          leaf_index: null,
        })
        .execute()
    })
    const seen: string[] = []
    const filter = { text: '札幌', organisationId: 'org_3' }
    let next: AccountCursor | null = null
    do {
      const after: AccountCursor | null = next
      const page: Awaited<ReturnType<typeof listAccounts>> = await read(on, CENTRE, (tx) =>
        listAccounts(tx, filter, after, 700),
      )
      seen.push(...page.items.map((row) => row.accountId))
      next = page.next
    } while (next)
    expect(seen.length).toBe(4000)
    expect(new Set(seen).size).toBe(4000)
    await read(on, CENTRE, (tx) =>
      listAccounts(tx, { text: '札幌' }, { name: 'bulk-250', accountId: '0' }, 100),
    )
    expect(await read(on, CENTRE, (tx) => countAccounts(tx, filter))).toBe(4000)
  })

  it('begins the next OU of the series before the first one is full', async () => {
    const order = orderFor({
      workId: 'app_next.production',
      applicationId: 'app_next',
      account: { name: 'next', email: 'next@example.jp' },
    })
    await seedOrder(on, order)
    expect(await deps().register.place(order.workId)).toEqual(['Production-02'])
  })
})
