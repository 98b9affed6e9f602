import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountDetail, AccountPage } from '../../src/domain/accounts/view.ts'
import type { ApplicationTimeline, QueueView } from '../../src/domain/accounts/work-view.ts'
import type { DriftPage, DriftRow } from '../../src/domain/drift/view.ts'
import type { Actor } from '../../src/domain/people/roles.ts'
import { estateActRoutes } from '../../src/http/estate/act.ts'
import { estateReadRoutes } from '../../src/http/estate/read.ts'
import { bug } from '../../src/kernel/errors.ts'
import type { LifecycleEvent } from '../../src/ports/estate.ts'
import { applicationOrders } from '../../src/storage/applications/order-store.ts'
import { lifecycleStore } from '../../src/storage/estate/lifecycle.ts'
import { composeOrderStore } from '../../src/storage/estate/order-store.ts'
import { accountRegister } from '../../src/storage/estate/register.ts'
import { timelineObserver } from '../../src/storage/estate/timeline.ts'
import { queueStatus } from '../../src/storage/queue/status.ts'
import { queueContext } from '../../src/storage/queue/store.ts'
import { bindWorkflows } from '../../src/workflows/registry.ts'
import { fakeEstate } from '../../src/workflows/testing/estate.ts'
import { orderFor } from '../../src/workflows/testing/orders.ts'
import { journal, replayContext } from '../../src/workflows/testing/replay.ts'
import { TIMINGS } from '../../src/workflows/timings.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect, seedOrder } from './seed.ts'

const closingEvent = (accountId: string): LifecycleEvent => ({
  eventId: accountId,
  name: 'CloseAccount',
  accountId,
  accountName: null,
  requestId: null,
  ouId: null,
  state: null,
  message: null,
  time: '',
})

const person = (id: string, role: Actor['role'], organisationIds: string[] = []): Actor => ({
  kind: 'person',
  id,
  name: id,
  role,
  organisationIds,
})
const OPERATOR = person('per_op', 'central_operator')
const AUDITOR = person('per_au', 'central_auditor')
const OWNER = person('per_own', 'organisation_owner', ['org_1'])
const STRANGER = person('per_str', 'organisation_owner', ['org_2'])

describe('the API of accounts, queue and drift', () => {
  let on: TestDatabase
  let http: TestApp
  const estate = fakeEstate()
  const asked: string[] = []
  const order = orderFor()
  let accountId = ''

  beforeAll(async () => {
    on = await testDatabase()
    const context = queueContext({ db: on.db, timeScale: 1 })
    const routes = [
      ...estateReadRoutes,
      ...estateActRoutes({
        engine: {
          retry: async (workId, how) => void asked.push(`retry ${workId} ${how?.fromStep ?? ''}`),
          abandon: async (workId) => void asked.push(`abandon ${workId}`),
        },
        queueStatus: () => queueStatus(context),
        estate: () => estate,
      }),
    ]
    http = testApp(on, routes, [OPERATOR, AUDITOR, OWNER, STRANGER])
    await connect(on, awsOrganization())
    await seedOrder(on, order)
    const orders = composeOrderStore(on, applicationOrders(on))
    const workflow = bindWorkflows({
      orders,
      register: accountRegister(on),
      lifecycle: lifecycleStore(on),
      estate: () => estate,
      timings: TIMINGS,
    }).find((one) => one.kind === 'vend')
    await workflow?.do(replayContext(order.workId, journal()), order.workId)
    accountId = [...estate.state.accounts.keys()][0] ?? ''
  })
  afterAll(() => on.drop())

  const get = async <T>(actor: Actor, path: string, status = 200): Promise<T> => {
    const answer = await http.call(actor, 'GET', path)
    expect(answer, path).toMatchObject({ status })
    return answer.body as T
  }

  it('lists, finds and exports accounts, each tenant its own', async () => {
    const page = await get<AccountPage>(
      OPERATOR,
      `/api/accounts?text=${encodeURIComponent('千代田')}&status=active`,
    )
    expect(page).toMatchObject({
      total: 1,
      nextCursor: null,
      items: [{ accountId, environment: 'production' }],
    })
    expect((await get<AccountPage>(OWNER, '/api/accounts')).total).toBe(1)
    expect((await get<AccountPage>(STRANGER, '/api/accounts')).total).toBe(0)
    await get(STRANGER, `/api/accounts/${accountId}`, 404)
    const detail = await get<AccountDetail>(OWNER, `/api/accounts/${accountId}`)
    expect(detail.contacts.map((one) => one.type)).toEqual(['SECURITY', 'OPERATIONS', 'BILLING'])
    const csv = await get<string>(OPERATOR, '/api/accounts/export')
    expect(csv.split('\r\n')).toHaveLength(3)
    expect(csv).toContain(`${accountId},131016-juki-prd-01,`)
  })

  it('refuses a filter and a cursor that it does not know', async () => {
    await get(OPERATOR, '/api/accounts?status=open', 422)
    await get(OPERATOR, '/api/accounts?cursor=abc', 422)
  })

  it('shows the queue with slots, to the centre only', async () => {
    await seedOrder(
      on,
      orderFor({
        workId: 'app_q.production',
        applicationId: 'app_q',
        account: { name: 'q', email: 'q@x.jp' },
      }),
    )
    const queue = await get<QueueView>(AUDITOR, '/api/queue')
    expect(queue.organizations[0]?.counts).toMatchObject({ queued: 1, doneToday: 1 })
    expect(queue.organizations[0]?.quotas).toContainEqual(
      expect.objectContaining({ quota: 'account_operations', limit: 5, waiting: expect.any(Number) }),
    )
    expect(queue.items.map((item) => item.workId)).toEqual(['app_q.production'])
    await get(OWNER, '/api/queue', 403)
  })

  it('shows each step of an application with attempts and errors', async () => {
    const observer = timelineObserver(on)
    const when = new Date().toISOString()
    const first = { step: 'create-account', attempt: 1, at: when }
    const error = { code: 'Throttling', message: 'slow down' }
    await observer.tell('app_q.production', [
      { ...first, type: 'started' },
      { ...first, type: 'failed', error, retryInMs: 10 },
    ])
    await observer.tell('app_q.production', [
      { ...first, attempt: 2, type: 'started' },
      { ...first, attempt: 2, type: 'succeeded', replayed: false },
      { step: 'contact:SECURITY', attempt: 1, at: when, type: 'started' },
    ])
    // Told again after a crash: nothing changes.
    await observer.tell('app_q.production', [{ ...first, attempt: 0, type: 'succeeded', replayed: true }])
    const timeline = await get<ApplicationTimeline>(OWNER, '/api/applications/app_q/timeline')
    expect(timeline.works[0]?.steps).toMatchObject([
      { step: 'create-account', state: 'done', attempts: 2, error: { code: 'Throttling' } },
      { step: 'contact:SECURITY', state: 'running', title: { en: 'Set the alternate contact (SECURITY)' } },
    ])
    await get(STRANGER, '/api/applications/app_q/timeline', 404)
  })

  it('repairs only what needs repair, and only for the operator', async () => {
    const path = '/api/works/app_q.production/repair'
    expect(await http.call(OPERATOR, 'POST', path, { action: 'retry' })).toMatchObject({ status: 409 })
    const orders = applicationOrders(on)
    await orders.started('app_q.production')
    await orders.needsRepair('app_q.production', {
      step: 'create-account',
      code: 'EMAIL_ALREADY_EXISTS',
      message: 'in use',
      correctable: ['account.email'],
    })
    expect(await http.call(AUDITOR, 'POST', path, { action: 'retry' })).toMatchObject({ status: 403 })
    const correction = { action: 'correct', field: 'account.email', value: 'aws+new@x.jp', reason: 'typo' }
    expect(await http.call(OPERATOR, 'POST', path, correction)).toMatchObject({
      status: 202,
      body: { accountEmail: 'aws+new@x.jp' },
    })
    const wrong = { action: 'correct', field: 'contacts', value: [], reason: 'no' }
    expect(await http.call(OPERATOR, 'POST', path, wrong)).toMatchObject({ status: 422 })
    expect(
      await http.call(OPERATOR, 'POST', path, { action: 'give_up', reason: 'not needed' }),
    ).toMatchObject({ status: 202 })
    expect(asked).toEqual(['retry app_q.production ', 'abandon app_q.production'])
  })

  it('finds drift by a sweep and puts it right as a person decides', async () => {
    await estate.organization.move(accountId, 'ou-Staging')
    const made = estate.state.accounts.get(accountId)
    if (!made) throw bug('no account')
    const foreign = '200000000001'
    estate.state.accounts.set(foreign, {
      ...made,
      accountId: foreign,
      name: 'by-hand',
      email: 'hand@x.jp',
      parentId: 'ou-Production',
    })
    expect(await http.call(OPERATOR, 'POST', '/api/aws-organizations/aws_1/sweep')).toMatchObject({
      status: 200,
      body: { complete: true, opened: 2 },
    })
    const { items } = await get<DriftPage>(AUDITOR, '/api/drift?state=open')
    const of = (kind: DriftRow['kind']) => items.find((row) => row.kind === kind)?.id ?? ''
    const apply = (id: string, body: object, actor = OPERATOR) =>
      http.call(actor, 'POST', `/api/drift/${id}/apply`, body)
    expect(await apply(of('moved'), { action: 'adopt', reason: 'x' })).toMatchObject({ status: 422 })
    expect(await apply(of('moved'), { action: 'move_back', reason: 'x' }, AUDITOR)).toMatchObject({
      status: 403,
    })
    expect(await apply(of('moved'), { action: 'move_back', reason: 'by mistake' })).toMatchObject({
      status: 200,
      body: { state: 'resolved', resolution: 'move_back', resolvedBy: 'per_op' },
    })
    expect(estate.state.accounts.get(accountId)?.parentId).toBe('ou-Production')
    expect(
      await apply(of('unknown_account'), { action: 'adopt', reason: 'ours', environment: 'development' }),
    ).toMatchObject({ status: 200 })
    expect(await get<AccountDetail>(OPERATOR, `/api/accounts/${foreign}`)).toMatchObject({
      origin: 'adopted',
      organisationId: null,
    })
    expect(await apply(of('moved'), { action: 'record', reason: 'again' })).toMatchObject({ status: 409 })
    expect((await http.call(OPERATOR, 'POST', '/api/aws-organizations/aws_1/sweep')).body).toMatchObject({
      opened: 0,
      vanished: 0,
    })
  })

  it('gives an account that was closed by hand its 90 days, and takes them away when it is reopened', async () => {
    const made = estate.state.accounts.get(accountId)
    if (!made) throw bug('no account')
    const byHand = (id: string, state: 'SUSPENDED' | 'ACTIVE') =>
      estate.state.accounts.set(id, { ...made, accountId: id, name: id, email: `${id}@x.jp`, state })
    const told = (id: string, time: string, fields: Partial<LifecycleEvent> = {}) =>
      lifecycleStore(on).keep('aws_1', { ...closingEvent(id), eventId: `${id} ${time}`, time, ...fields }, [])
    const decide = async (id: string, action: 'adopt' | 'record') => {
      await http.call(OPERATOR, 'POST', '/api/aws-organizations/aws_1/sweep')
      const { items } = await get<DriftPage>(OPERATOR, `/api/drift?state=open&accountId=${id}`)
      const [drift, ...others] = items
      if (!drift) throw bug(`no drift of ${id}`)
      expect(others).toEqual([])
      const body = { action, reason: 'as AWS shows it' }
      expect(await http.call(OPERATOR, 'POST', `/api/drift/${drift.id}/apply`, body)).toMatchObject({
        status: 200,
      })
      return { drift, account: await get<AccountDetail>(OPERATOR, `/api/accounts/${id}`) }
    }
    const [withEvent, without, again] = ['200000000011', '200000000012', '200000000013'] as const
    for (const id of [withEvent, without]) byHand(id, 'SUSPENDED')
    await told(withEvent, '2026-03-01T00:00:00Z')
    await told(withEvent, '2026-03-02T00:00:00Z', { name: 'CloseAccountResult', state: 'FAILED' })
    expect((await decide(withEvent, 'adopt')).account).toMatchObject({
      status: 'post_closure',
      closedAt: '2026-03-01T00:00:00.000Z',
      closure: {
        requestedAt: '2026-03-01T00:00:00.000Z',
        windowEndsAt: '2026-05-30T00:00:00.000Z',
        evidenceHash: '',
        knownBy: 'aws_event',
      },
    })
    const found = await decide(without, 'adopt')
    expect(found.account.closure).toMatchObject({ requestedAt: found.drift.foundAt, knownBy: 'sweep' })

    byHand(again, 'ACTIVE')
    expect((await decide(again, 'adopt')).account).toMatchObject({ status: 'active', closure: null })
    await told(again, '2026-03-01T00:00:00Z')
    byHand(again, 'SUSPENDED')
    expect((await decide(again, 'record')).account.closure).toMatchObject({ knownBy: 'aws_event' })
    byHand(again, 'ACTIVE')
    expect((await decide(again, 'record')).account).toMatchObject({
      status: 'active',
      closure: null,
      closedAt: null,
    })
    // The event of the first closing says nothing of the second.
    byHand(again, 'SUSPENDED')
    expect((await decide(again, 'record')).account.closure).toMatchObject({ knownBy: 'sweep' })
  })

  it('opens a drift again when AWS does not let it be put right', async () => {
    const account = estate.state.accounts.get(accountId)
    if (!account) throw bug('no account')
    estate.state.accounts.set(accountId, { ...account, name: 'renamed-by-hand' })
    await http.call(OPERATOR, 'POST', '/api/aws-organizations/aws_1/sweep')
    estate.state.accounts.set(accountId, { ...account, name: 'renamed-by-hand', state: 'SUSPENDED' })
    const { items } = await get<DriftPage>(OPERATOR, '/api/drift?state=open&kind=renamed')
    const id = items[0]?.id ?? ''
    expect(
      await http.call(OPERATOR, 'POST', `/api/drift/${id}/apply`, { action: 'rename_back', reason: 'no' }),
    ).toMatchObject({ status: 409 })
    expect(await get<DriftRow>(OPERATOR, `/api/drift/${id}`)).toMatchObject({ state: 'open' })
  })
})
