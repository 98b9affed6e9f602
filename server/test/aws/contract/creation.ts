import { expect } from 'vitest'
import { type ContractCase, collect, ended, newOrder, patiently, settled, vend } from './world.ts'

export const creationCases: readonly ContractCase[] = [
  {
    name: 'creation: one order, begun as often as one likes, is one account',
    async run(world) {
      const { creation, organization } = world.estate
      const order = newOrder(world, 'once')
      const begun = await Promise.all([1, 2].map(() => patiently(world, () => creation.begin(order))))
      begun.push(await patiently(world, () => creation.begin(order)))
      const ids = new Set<string>()
      for (const handle of begun) ids.add(await settled(world, handle))
      ids.add(await settled(world, await patiently(world, () => creation.begin(order))))
      expect(ids.size).toBe(1)
      const all = await collect(organization.accounts())
      expect(all.filter((a) => a.email === order.email || a.name === order.name)).toHaveLength(1)
    },
  },
  {
    name: 'creation: the account has the name and e-mail of the order and stands in its OU',
    async run(world) {
      const order = newOrder(world, 'placed')
      const accountId = await vend(world, order)
      const account = await world.estate.organization.account(accountId)
      expect(account).toMatchObject({ name: order.name, email: order.email, state: 'ACTIVE' })
      expect(await world.estate.organization.parentOf(accountId)).toBe(order.ou.id)
    },
  },
  {
    name: "creation: a stranger's e-mail asks for a correction and makes no account",
    async run(world) {
      const { creation, organization } = world.estate
      const taken = newOrder(world, 'taken')
      await vend(world, taken)
      const before = (await collect(organization.accounts())).length
      const order = { ...newOrder(world, 'other'), email: taken.email }
      const view = await ended(world, await patiently(world, () => creation.begin(order)))
      expect(view).toMatchObject({ state: 'failed', code: 'EMAIL_ALREADY_EXISTS', remedy: 'correct' })
      await patiently(world, () => creation.clear(order))
      expect(await collect(organization.accounts())).toHaveLength(before)
    },
  },
  {
    name: 'creation: clearing an order that never began, or that succeeded, changes nothing',
    async run(world) {
      const order = newOrder(world, 'clear')
      await world.estate.creation.clear(order)
      const accountId = await vend(world, order)
      await world.estate.creation.clear(order)
      expect(await world.estate.organization.parentOf(accountId)).toBe(order.ou.id)
    },
  },
  {
    name: 'creation: a released account can be released again',
    async run(world) {
      const { creation } = world.estate
      const accountId = await vend(world, newOrder(world, 'release'))
      const first = await patiently(world, () => creation.release(accountId))
      expect(await settled(world, first)).toBe(accountId)
      const again = await patiently(world, () => creation.release(accountId))
      expect(await settled(world, again)).toBe(accountId)
    },
  },
  {
    name: 'creation: a released account comes back into its OU, as often as one asks, and can be released again',
    async run(world) {
      const { creation, organization } = world.estate
      const order = newOrder(world, 'return')
      const accountId = await vend(world, order)
      await settled(world, await patiently(world, () => creation.release(accountId)))
      const back = { ...order, token: `${order.token}-back` }
      for (let n = 0; n < 2; n++) {
        const handle = await patiently(world, () => creation.readmit(accountId, back))
        expect(await settled(world, handle)).toBe(accountId)
        expect(await organization.parentOf(accountId)).toBe(order.ou.id)
      }
      const all = await collect(organization.accounts())
      expect(all.filter((a) => a.email === order.email)).toHaveLength(1)
      const again = await patiently(world, () => creation.release(accountId))
      expect(await settled(world, again)).toBe(accountId)
    },
  },
  {
    name: 'creation: an account that was not released stays as it is when it is asked back',
    async run(world) {
      const { creation, organization } = world.estate
      const order = newOrder(world, 'stay')
      const accountId = await vend(world, order)
      const handle = await patiently(world, () => creation.readmit(accountId, order))
      expect(await settled(world, handle)).toBe(accountId)
      expect(await organization.parentOf(accountId)).toBe(order.ou.id)
    },
  },
]
