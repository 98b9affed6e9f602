import { conflict, invalid } from '../../kernel/errors.ts'
import type {
  AlternateContact,
  CreationEngine,
  Estate,
  EstateAccount,
  EstateOu,
  LifecycleEvent,
  OperationView,
} from '../../ports/estate.ts'

/** A naive estate in memory for tests of the workflows: what they must reach is easy to read off `state`. */
export interface FakeState {
  readonly accounts: Map<string, EstateAccount & { parentId: string }>
  readonly ous: Map<string, EstateOu>
  readonly products: Map<
    string,
    { token: string; accountId: string | null; failed: Failure | null; looks: number }
  >
  readonly contacts: Map<string, Map<string, AlternateContact>>
  readonly groups: Map<string, { name: string; members: Set<string> }>
  readonly users: Map<string, string>
  readonly assignments: Set<string>
  readonly budgets: Map<string, string>
  readonly cases: Map<string, string>
  readonly tags: Map<string, Readonly<Record<string, string>>>
  readonly policies: Map<string, string>
  readonly attached: Set<string>
  readonly events: LifecycleEvent[]
}

type Failure = Extract<OperationView, { state: 'failed' }>

export interface FakeEstateOptions {
  readonly engine?: CreationEngine
  readonly ous?: readonly string[]
  /** Failures of the next account operations, in order; null: that one goes well. */
  readonly outcomes?: (Omit<Failure, 'state'> | null)[]
  readonly dropEvents?: boolean
}

const ROOT = 'r-root'

export function fakeEstate(options: FakeEstateOptions = {}): Estate & { readonly state: FakeState } {
  const state: FakeState = {
    accounts: new Map(),
    ous: new Map((options.ous ?? ['Production', 'Staging']).map((name) => [name, ouOf(name)])),
    products: new Map(),
    contacts: new Map(),
    groups: new Map(),
    users: new Map(),
    assignments: new Set(),
    budgets: new Map(),
    cases: new Map(),
    tags: new Map(),
    policies: new Map(),
    attached: new Set(),
    events: [],
  }
  return {
    id: 'aws_1',
    state,
    creation: creationOf(state, options),
    organization: organizationOf(state, options),
    identity: identityOf(state),
    contacts: contactsOf(state),
    support: {
      requestEnterprise: async (accountId, reference) => {
        const caseId = state.cases.get(reference) ?? `case-${accountId}`
        state.cases.set(reference, caseId)
        return { caseId }
      },
      caseStatus: async () => 'open',
    },
    budgets: {
      ensure: async (budget) => void state.budgets.set(budget.name, budget.monthlyLimitUsd),
      remove: async (name) => void state.budgets.delete(name),
    },
    events: {
      ensureDelivery: async () => {},
      receive: async (take) => {
        for (const event of state.events) await take(event)
      },
    },
    quotas: { applied: async () => null },
  }
}

const ouOf = (name: string, parentId = ROOT): EstateOu => ({ id: `ou-${name}`, name, parentId })

function creationOf(state: FakeState, options: FakeEstateOptions): Estate['creation'] {
  const outcomes = [...(options.outcomes ?? [])]
  const engine = options.engine ?? 'account_factory'
  return {
    engine,
    async begin(order) {
      const known = state.products.get(order.name)
      if (known?.token === order.token)
        return { kind: 'service_catalog_record', recordId: order.name, provisionedProductId: order.name }
      if (known) throw invalid('product_exists', `A stack named ${order.name} already exists`)
      const failed = outcomes.shift() ?? null
      const accountId = failed && !failed.accountId ? null : String(100_000_000_000 + state.accounts.size)
      if (accountId) {
        const parentId = engine === 'account_factory' ? order.ou.id : ROOT
        state.accounts.set(accountId, {
          accountId,
          name: order.name,
          email: order.email,
          state: 'ACTIVE',
          joinedAt: '2026-11-21T00:00:00Z',
          joinedMethod: 'CREATED',
          parentId,
        })
        if (!options.dropEvents) state.events.push(created(accountId, order.ou.id))
      }
      const failure = failed && { state: 'failed' as const, ...failed }
      state.products.set(order.name, { token: order.token, accountId, failed: failure, looks: 0 })
      return { kind: 'service_catalog_record', recordId: order.name, provisionedProductId: order.name }
    },
    async look(handle) {
      if (handle.kind === 'enrolment') return { state: 'succeeded', accountId: handle.accountId }
      if (handle.kind === 'done') return { state: 'succeeded', accountId: handle.accountId }
      if (handle.kind === 'create_account') throw invalid('unused', 'This estate has no such handle.')
      const product = state.products.get(handle.recordId)
      if (!product) throw invalid('no_product', handle.recordId)
      product.looks++
      if (product.looks < 2) return { state: 'running' }
      return product.failed ?? { state: 'succeeded', accountId: product.accountId ?? '' }
    },
    async clear(order) {
      if (state.products.get(order.name)?.failed) state.products.delete(order.name)
    },
    async release(accountId) {
      for (const [name, product] of state.products)
        if (product.accountId === accountId) state.products.delete(name)
      const account = state.accounts.get(accountId)
      if (account) state.accounts.set(accountId, { ...account, parentId: ROOT })
      return { kind: 'done', accountId }
    },
    async readmit(accountId, { token, name, ou }) {
      const account = state.accounts.get(accountId)
      if (!account) throw conflict('account_missing', accountId)
      if (![...state.products.values()].some((product) => product.accountId === accountId))
        state.products.set(name, { token, accountId, failed: null, looks: 0 })
      state.accounts.set(accountId, { ...account, parentId: ou.id })
      return { kind: 'enrolment', accountId, ouId: ou.id }
    },
  }
}

const created = (accountId: string, ouId: string): LifecycleEvent => ({
  eventId: `event-${accountId}`,
  name: 'CreateManagedAccount',
  accountId,
  accountName: null,
  requestId: null,
  ouId,
  state: 'SUCCEEDED',
  message: null,
  time: '2026-11-21T00:30:00Z',
})

function organizationOf(state: FakeState, _options: FakeEstateOptions): Estate['organization'] {
  const view = (accountId: string): EstateAccount | null => {
    const found = state.accounts.get(accountId)
    if (!found) return null
    const { parentId: _, ...account } = found
    return account
  }
  return {
    describe: async () => ({ organizationId: 'o-1', managementAccountId: '999999999999', rootId: ROOT }),
    account: async (accountId) => view(accountId),
    async *accounts() {
      for (const id of state.accounts.keys()) {
        const account = view(id)
        if (account) yield account
      }
    },
    async *accountsOf(parentId) {
      for (const found of state.accounts.values()) {
        const account = found.parentId === parentId ? view(found.accountId) : null
        if (account) yield account
      }
    },
    async *ous() {
      yield* state.ous.values()
    },
    async *childOus(parentId) {
      for (const ou of state.ous.values()) if (ou.parentId === parentId) yield ou
    },
    async childOu(parentId, name) {
      const ou = [...state.ous.values()].find((one) => one.parentId === parentId && one.name === name)
      return ou === undefined ? null : { id: ou.id, name }
    },
    parentOf: async (accountId) => state.accounts.get(accountId)?.parentId ?? ROOT,
    async move(accountId, destinationOuId) {
      const account = state.accounts.get(accountId)
      if (!account) throw conflict('account_missing', accountId)
      state.accounts.set(accountId, { ...account, parentId: destinationOuId })
    },
    async ensureOu(parentId, name) {
      const ou = state.ous.get(name) ?? ouOf(name, parentId)
      state.ous.set(name, ou)
      return { id: ou.id, name }
    },
    ouState: async () => 'ready',
    tag: async (accountId, tags) => void state.tags.set(accountId, tags),
    attachPolicy: async (policyId, targetId) => void state.attached.add(`${policyId}→${targetId}`),
    detachPolicy: async (policyId, targetId) => void state.attached.delete(`${policyId}→${targetId}`),
    policyKinds: async () => ['scp'],
    async *policies() {
      for (const [name, document] of state.policies)
        yield { id: `p-${name}`, kind: 'scp', name, description: '', awsManaged: false, document }
    },
    async *policyTargets(policyId) {
      for (const id of [...state.attached].flatMap((one) => one.split(`${policyId}→`)[1] ?? []))
        yield { id, kind: id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account' }
    },
    async ensurePolicy(policy) {
      state.policies.set(policy.name, policy.content)
      return `p-${policy.name}`
    },
    async close(accountId) {
      const account = state.accounts.get(accountId)
      if (account) state.accounts.set(accountId, { ...account, state: 'SUSPENDED' })
    },
  }
}

function contactsOf(state: FakeState): Estate['contacts'] {
  const of = (accountId: string) => {
    const known = state.contacts.get(accountId) ?? new Map<string, AlternateContact>()
    state.contacts.set(accountId, known)
    return known
  }
  return {
    put: async (accountId, contact) => void of(accountId).set(contact.type, contact),
    read: async (accountId) => [...of(accountId).values()],
    async rename(accountId, name) {
      const account = state.accounts.get(accountId)
      if (account) state.accounts.set(accountId, { ...account, name })
    },
  }
}

function identityOf(state: FakeState): Estate['identity'] {
  const key = (r: { accountId: string; permissionSet: string; groupId: string }) =>
    `${r.permissionSet}:${r.groupId}@${r.accountId}`
  const members = (groupId: string) => state.groups.get(groupId)?.members ?? new Set<string>()
  return {
    ensurePermissionSets: async () => ({ Admin: 'ps-admin', NonAdmin: 'ps-nonadmin' }),
    async ensureGroup(name) {
      const groupId = `g-${name}`
      if (!state.groups.has(groupId)) state.groups.set(groupId, { name, members: new Set() })
      return groupId
    },
    async ensureUser(user) {
      state.users.set(user.userName, user.email)
      return `u-${user.userName}`
    },
    ensureMember: async (groupId, userId) => void members(groupId).add(userId),
    removeMember: async (groupId, userId) => void members(groupId).delete(userId),
    members: async (groupId) => [...members(groupId)],
    findGroup: async (name) => (state.groups.has(`g-${name}`) ? `g-${name}` : null),
    removeGroup: async (groupId) => void state.groups.delete(groupId),
    async beginAssignment(request) {
      if (state.assignments.has(key(request))) return { done: true }
      state.assignments.add(key(request))
      return { done: false, requestId: key(request) }
    },
    lookAssignment: async () => ({ state: 'succeeded' }),
    async beginUnassignment(request) {
      if (!state.assignments.delete(key(request))) return { done: true }
      return { done: false, requestId: key(request) }
    },
    lookUnassignment: async () => ({ state: 'succeeded' }),
  }
}
