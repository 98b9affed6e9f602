import type { AccountStatus } from '../../domain/accounts/status.ts'
import { basePath, isLocalGovernment } from '../../domain/placement/place.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import type { AccountRegister, RegisteredAccount } from '../../ports/accounts.ts'
import type { LifecycleEvent } from '../../ports/estate.ts'
import type { LifecycleStore } from '../../ports/lifecycle.ts'
import type { Order, OrderStore } from '../../ports/orders.ts'

/** Stores in memory for tests of the workflows. */
export interface FakeStores {
  readonly orders: OrderStore
  readonly register: AccountRegister
  readonly lifecycle: LifecycleStore
  readonly state: {
    readonly orders: Map<string, Order>
    readonly outcome: Map<string, string>
    readonly names: Map<string, string>
    readonly accounts: Map<string, RegisteredAccount>
    readonly facts: Map<string, Record<string, string>>
    readonly evidence: Map<string, unknown>
  }
}

export function fakeStores(
  orders: readonly Order[],
  events: readonly LifecycleEvent[],
  accounts: readonly RegisteredAccount[] = [],
): FakeStores {
  const state: FakeStores['state'] = {
    orders: new Map(orders.map((order) => [order.workId, order])),
    outcome: new Map(),
    names: new Map(),
    accounts: new Map(accounts.map((account) => [account.accountId, account])),
    facts: new Map(),
    evidence: new Map(),
  }
  return { state, orders: ordersOf(state), register: registerOf(state), lifecycle: lifecycleOf(events) }
}

type State = FakeStores['state']

function orderOf(state: State, workId: string): Order {
  const order = state.orders.get(workId)
  if (!order) throw notFound('order', workId)
  return order
}

function ordersOf(state: State): OrderStore {
  const attempts = new Map<string, number>()
  return {
    load: async (workId) => orderOf(state, workId),
    async reserveNames(workId) {
      const { account } = orderOf(state, workId)
      if (!account) throw invalid('names_missing', 'no names')
      for (const value of [account.name, account.email]) {
        const holder = state.names.get(value) ?? workId
        if (holder !== workId) throw invalid('names_taken', `\`${value}\` is taken by \`${holder}\`.`)
        state.names.set(value, workId)
      }
      return account
    },
    creationAttempt: async (workId) => attempts.get(workId) ?? 1,
    creationCleared: async (workId, attempt) => void attempts.set(workId, attempt + 1),
    over: async (workId) => ['done', 'abandoned'].includes(state.outcome.get(workId) ?? ''),
    async started(workId) {
      state.outcome.set(workId, 'running')
      return orderOf(state, workId)
    },
    async accountKnown(workId, account) {
      const order = orderOf(state, workId)
      state.accounts.set(account.accountId, {
        ...account,
        status: 'vending',
        awsState: 'ACTIVE',
        awsOrganizationId: order.awsOrganizationId,
        organisationId: order.organisationId,
        environment: order.environment,
        ouName: account.ouId,
        facts: {},
      })
    },
    note: async (workId, facts) => void state.facts.set(workId, { ...state.facts.get(workId), ...facts }),
    async finished(workId, facts = {}) {
      state.facts.set(workId, { ...state.facts.get(workId), ...facts })
      state.outcome.set(workId, 'done')
    },
    needsRepair: async (workId) => void state.outcome.set(workId, 'needs_repair'),
    abandoned: async (workId) => void state.outcome.set(workId, 'abandoned'),
  }
}

function registerOf(state: State): AccountRegister {
  const change = (accountId: string, over: Partial<RegisteredAccount>) => {
    const known = state.accounts.get(accountId)
    if (!known) throw notFound('account', accountId)
    state.accounts.set(accountId, { ...known, ...over })
  }
  const become = (status: AccountStatus) => async (_: string, accountId: string) =>
    change(accountId, { status })
  return {
    async account(accountId) {
      const known = state.accounts.get(accountId)
      if (!known) throw notFound('account', accountId)
      return known
    },
    async place(workId) {
      const order = orderOf(state, workId)
      return basePath(
        order.moveTo ?? order.environment ?? 'production',
        isLocalGovernment(order.organisationCode),
      )
    },
    suspended: become('suspended'),
    resumed: become('active'),
    moved: async (_, accountId, ou, environment) =>
      change(accountId, { ouId: ou.id, ouName: ou.name, environment }),
    contactsChanged: async () => {},
    ownersChanged: async () => {},
    closing: become('closing'),
    closingGivenUp: become('active'),
    async freeze(workId, _, evidence) {
      if (!state.evidence.has(workId)) state.evidence.set(workId, evidence)
      return 'hash'
    },
    closed: async (_, accountId, awsState) => change(accountId, { status: 'post_closure', awsState }),
  }
}

function lifecycleOf(events: readonly LifecycleEvent[]): LifecycleStore {
  return {
    keep: async () => {},
    latest: async (accountId, names) =>
      events.find((event) => event.accountId === accountId && names.includes(event.name)) ?? null,
  }
}
