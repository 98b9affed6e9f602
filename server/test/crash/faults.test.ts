import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import type { Actor } from '../../src/domain/people/roles.ts'
import type { FaultRequest } from '../../src/sandbox/control/api.ts'
import { estateOf } from '../../src/sandbox/control/estate.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { correctOrder } from '../../src/storage/applications/order-store.ts'
import { central } from './end-state.ts'
import { type Lane, openLane, seedHost } from './lane.ts'

const TIME_SCALE = 2000
const OPERATOR: Actor = {
  kind: 'person',
  id: 'per_op',
  name: 'Operator',
  role: 'central_operator',
  organisationIds: [],
}

/** What AWS does wrong, and what people do about it: the real engine and workers, the sandbox with faults. */
describe('vending when AWS fails', () => {
  let sandbox: Sandbox
  let lane: Lane
  beforeAll(async () => {
    sandbox = await startSandbox({
      dataDir: null,
      allowedActions: DECLARED_ACTIONS,
      estate: 'empty',
      timeScale: TIME_SCALE,
    })
    seedHost(sandbox)
    lane = await openLane(sandbox, TIME_SCALE, { CRASH_LOOKS: '5' })
  })
  afterAll(async () => {
    await lane.stop()
    await sandbox.stop()
  })

  const fault = async (body: FaultRequest) => {
    const reply = await fetch(`${sandbox.url}/_sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect(reply.status).toBe(200)
  }
  const clearFaults = () => fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  const tenants = (organizationId: string, tag: string) =>
    estateOf(sandbox.runtime, organizationId).accounts.filter((one) => one.name === `131016-${tag}-prd-01`)
  const register = async (workId: string) =>
    central(lane.on, async (trx) => {
      const result = await sql<{ status: string; facts: Record<string, string> }>`
        select status, facts from account where work_id = ${workId}`.execute(trx)
      return result.rows
    })

  it('clears a tainted product and makes the account with the next attempt', async () => {
    await fault({
      at: 'outcome',
      service: 'servicecatalog',
      operation: 'ProvisionProduct',
      times: 1,
      fault: { do: 'taint', message: 'AWSControlTowerExecution role cannot be assumed' },
    })
    const { state, organizationId, order } = await lane.vend('t001', 'account_factory')
    expect(state).toBe('done')
    expect(tenants(organizationId, 't001')).toMatchObject([{ state: 'ACTIVE', ou: '/Production' }])
    expect(await register(order.workId)).toMatchObject([{ status: 'active' }])
  })

  it('goes on through throttling', async () => {
    await fault({ at: 'call', probability: 0.3, fault: { do: 'throttle' } })
    const { state, organizationId } = await lane.vend('t002', 'account_factory')
    await clearFaults()
    expect(state).toBe('done')
    expect(tenants(organizationId, 't002')).toHaveLength(1)
  })

  it('confirms by looking when the event is dropped', async () => {
    await fault({ at: 'event', operation: '*', fault: { do: 'drop' } })
    const { state, order } = await lane.vend('t003', 'account_factory')
    await clearFaults()
    expect(state).toBe('done')
    expect((await register(order.workId))[0]?.facts.confirmed_by).toBe('look')
  })

  it('waits for another e-mail when AWS knows the first one, and goes on with the corrected one', async () => {
    const account = { name: '131016-t004-prd-01', email: 'management@host.example.jp' }
    const { state, failure, order, organizationId } = await lane.vend('t004', 'account_factory', { account })
    expect(state).toBe('needs_repair')
    expect(failure?.correctable).toContain('account.email')
    await correctOrder(
      lane.on,
      OPERATOR,
      order.workId,
      'account.email',
      'aws+t004b@t004.example.jp',
      'in use',
    )
    await lane.control.retry(order.workId)
    expect(await lane.outcome(order.workId)).toMatchObject({ state: 'done' })
    expect(tenants(organizationId, 't004')).toMatchObject([
      { email: 'aws+t004b@t004.example.jp', state: 'ACTIVE' },
    ])
  })

  it('leaves a clean estate when a person gives up', async () => {
    await fault({
      at: 'call',
      service: 'budgets',
      operation: 'CreateBudget',
      fault: { do: 'fail', code: 'AccessDeniedException', message: 'no' },
    })
    const { state, order, organizationId } = await lane.vend('t005', 'account_factory')
    await clearFaults()
    expect(state).toBe('needs_repair')
    await lane.control.abandon(order.workId, 'not needed any more')
    expect(await lane.outcome(order.workId)).toMatchObject({ state: 'abandoned' })
    const { accounts, tables } = estateOf(sandbox.runtime, organizationId)
    const left = accounts.find((one) => one.name === '131016-t005-prd-01')
    expect(left?.state).toMatch(/PENDING_CLOSURE|SUSPENDED/)
    expect(JSON.stringify(tables)).not.toContain('131016-t005-prd-01-admin')
    expect(await register(order.workId)).toMatchObject([{ status: 'post_closure' }])
  })
})
