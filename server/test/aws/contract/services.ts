import { expect } from 'vitest'
import type { AlternateContact, LifecycleEvent } from '../../../src/ports/estate.ts'
import { type ContractCase, type ContractWorld, newOrder, vend } from './world.ts'

const contact = (type: AlternateContact['type'], name: string): AlternateContact => ({
  type,
  name,
  title: 'Security desk',
  email: 'security@city.example.jp',
  phone: '+81-3-0000-0000',
})

export const serviceCases: readonly ContractCase[] = [
  {
    name: 'contacts: what was put is read back, of a member and of the management account',
    async run(world) {
      const { contacts, organization } = world.estate
      const { managementAccountId } = await organization.describe()
      for (const accountId of [await vend(world, newOrder(world, 'contact')), managementAccountId]) {
        await contacts.put(accountId, contact('SECURITY', 'First desk'))
        await contacts.put(accountId, contact('SECURITY', 'Second desk'))
        await contacts.put(accountId, contact('BILLING', 'Payments'))
        const read = await contacts.read(accountId)
        expect(read).toContainEqual(contact('SECURITY', 'Second desk'))
        expect(read).toContainEqual(contact('BILLING', 'Payments'))
        expect(read).toHaveLength(2)
      }
    },
  },
  {
    name: 'contacts: an account is renamed',
    async run(world) {
      const accountId = await vend(world, newOrder(world, 'rename'))
      await world.estate.contacts.rename(accountId, 'renamed by contract')
      await world.estate.contacts.rename(accountId, 'renamed by contract')
      expect((await world.estate.organization.account(accountId))?.name).toBe('renamed by contract')
    },
  },
  {
    name: 'support: the same request opens one case',
    async run({ estate: { support } }) {
      const first = await support.requestEnterprise('123456789012', `app-${process.pid}`)
      expect(await support.requestEnterprise('123456789012', `app-${process.pid}`)).toEqual(first)
      const other = await support.requestEnterprise('123456789012', `app-${process.pid}-b`)
      expect(other.caseId).not.toBe(first.caseId)
    },
  },
  {
    name: 'support: a new case is open, and an unknown one is not found',
    async run({ estate: { support } }) {
      const first = await support.requestEnterprise('123456789012', `status-${process.pid}`)
      expect(await support.caseStatus(first.caseId)).toBe('open')
      await expect(support.caseStatus('case-000000000000-muen-2026-absent')).rejects.toMatchObject({
        kind: 'not_found',
      })
    },
  },
  {
    name: 'budgets: made once and removed once',
    async run({ estate: { budgets } }) {
      const budget = {
        name: `rankan-${process.pid}`,
        accountId: '123456789012',
        monthlyLimitUsd: '250.0',
        notify: ['owner@city.example.jp'],
      }
      await budgets.ensure(budget)
      await budgets.remove(budget.name)
      await budgets.remove(budget.name)
    },
  },
  {
    name: 'budgets: another limit and other contacts replace the old ones',
    async run({ estate: { budgets }, calls }) {
      const budget = {
        name: `rankan-changed-${process.pid}`,
        accountId: '123456789012',
        monthlyLimitUsd: '250.0',
        notify: ['owner@city.example.jp'],
      }
      const changed = { ...budget, monthlyLimitUsd: '300.0', notify: ['next@city.example.jp'] }
      await budgets.ensure(budget)
      await budgets.ensure(changed)
      const before = calls.length
      await budgets.ensure(changed)
      const writes = calls.slice(before).map((c) => c.command)
      expect(writes.filter((c) => /^(Update|Delete)|CreateNotification/.test(c))).toEqual([])
      await budgets.remove(budget.name)
    },
  },
  {
    name: 'events: a refused event comes again, a taken one does not',
    async run(world) {
      await world.estate.events.ensureDelivery()
      await world.estate.events.ensureDelivery()
      const accountId = await world.provoke()
      const seen: LifecycleEvent[] = []
      await receiveUntil(world, (event) => {
        if (event.accountId === accountId) seen.push(event)
        return seen.length > 0
      })
      expect(seen[0]).toMatchObject({ accountId })
      expect(seen[0]?.eventId).not.toBe('')
    },
  },
  {
    name: 'quotas: one that AWS does not know is null',
    async run({ estate: { quotas } }) {
      expect(await quotas.applied('organizations', 'L-00000000')).toBeNull()
    },
  },
]

/** The first event is refused once, so it must come again (its visibility ends) before it counts. */
async function receiveUntil(world: ContractWorld, enough: (event: LifecycleEvent) => boolean): Promise<void> {
  const stop = new AbortController()
  const refused = new Set<string>()
  const ticking = setInterval(() => void world.tick(), 50)
  const take = async (event: LifecycleEvent) => {
    if (!refused.has(event.eventId)) {
      refused.add(event.eventId)
      throw new Error('not now')
    }
    if (enough(event)) stop.abort()
  }
  await world.estate.events.receive(take, stop.signal)
  clearInterval(ticking)
}
