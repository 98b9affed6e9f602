import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../kernel/json.ts'
import type { SupportPort } from '../ports/estate.ts'
import type { Order } from '../ports/orders.ts'
import { bindWorkflows } from './registry.ts'
import { counted } from './testing/count.ts'
import { fakeEstate } from './testing/estate.ts'
import { orderFor } from './testing/orders.ts'
import { Crash, journal, replayContext } from './testing/replay.ts'
import { fakeStores } from './testing/stores.ts'
import { TIMINGS } from './timings.ts'

/**
 * The quick half of crash-everywhere, in one process: every workflow, dying before and after each of its effects,
 * reaches what it reaches undisturbed. `server/test/crash` does it with killed processes.
 */
const vended = orderFor()
const on = (kind: Order['kind'], over: Partial<Order> = {}) =>
  orderFor({ kind, workId: `app_2.${kind}`, account: null, environment: null, reason: 'because', ...over })

const CASES: readonly Order[] = [
  vended,
  on('change_contacts', { contacts: [] }),
  on('change_owner', { admins: [] }),
  on('move', { moveTo: 'staging' }),
  on('suspend'),
  on('resume'),
  on('close'),
]

async function world(order: Order) {
  const estate = fakeEstate()
  const stores = fakeStores([vended, order], estate.state.events)
  const plain = { ...stores, estate: () => estate, timings: TIMINGS }
  let tested = order
  if (order.kind !== 'vend') {
    await workflow(plain, vended)(replayContext(vended.workId, journal()), vended.workId)
    const accountId = [...estate.state.accounts.keys()][0] ?? ''
    tested = { ...order, accountId }
    stores.state.orders.set(order.workId, tested)
  }
  return { estate, stores, order: tested }
}

const workflow = (deps: Parameters<typeof bindWorkflows>[0], order: Order) => {
  const found = bindWorkflows(deps).find((one) => one.kind === order.kind)
  if (!found) throw new Error(order.kind)
  return found.do
}

type FakeEstate = ReturnType<typeof fakeEstate>

/** Runs to the end, dying once at effect `dieAt` (two moments for each effect). Returns what is there at the end. */
async function run(
  kind: Order,
  dieAt: number | null,
  support: (estate: FakeEstate) => SupportPort = (estate) => estate.support,
) {
  const { estate: made, stores, order } = await world(kind)
  const estate = { ...made, support: support(made) }
  const seen: string[] = []
  let died = false
  const probe = async (effect: string, moment: 'before' | 'after') => {
    if (seen.push(`${moment} ${effect}`) - 1 === dieAt && !died) {
      died = true
      throw new Crash()
    }
  }
  const deps = {
    orders: counted(stores.orders, 'orders', probe),
    register: counted(stores.register, 'register', probe),
    lifecycle: counted(stores.lifecycle, 'lifecycle', probe),
    estate: () => counted(estate, 'estate', probe),
    timings: TIMINGS,
  }
  const log = journal()
  const attempt = () => workflow(deps, order)(replayContext(order.workId, log), order.workId)
  await attempt().catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error
    return attempt()
  })
  return { seen, died, end: dump([estate.state, stores.state]) }
}

const plain = (value: unknown): unknown => {
  if (value instanceof Map) return [...value.entries()].map(plain)
  if (value instanceof Set) return [...value].map(plain)
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'looks' ? 0 : plain(v)]))
  return value
}
const dump = (value: unknown) => canonicalJson(plain(value))

describe('crash everywhere, in one process', () => {
  it.each(CASES.map((order) => [order.kind, order] as const))(
    '%s',
    async (_, order) => {
      const clean = await run(order, null)
      expect(clean.seen.length).toBeGreaterThan(6)
      for (let at = 0; at < clean.seen.length; at++) {
        const crashed = await run(order, at)
        expect(crashed.died).toBe(true)
        expect(crashed.end, `died ${clean.seen[at]}`).toBe(clean.end)
      }
    },
    120_000,
  )

  it('notices an effect that is not idempotent', async () => {
    const everyCallOpensACase = (estate: FakeEstate) => ({
      requestEnterprise: async (accountId: string, reference: string) => {
        estate.state.cases.set(`${reference}.${estate.state.cases.size}`, accountId)
        return { caseId: 'case' }
      },
      caseStatus: async () => 'open' as const,
    })
    const clean = await run(vended, null, everyCallOpensACase)
    const at = clean.seen.indexOf('after estate.support.requestEnterprise')
    expect((await run(vended, at, everyCallOpensACase)).end).not.toBe(clean.end)
  })
})
