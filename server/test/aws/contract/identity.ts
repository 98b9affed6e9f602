import { expect } from 'vitest'
import { type ContractCase, type ContractWorld, newOrder, patiently, until, vend } from './world.ts'

const name = (label: string) => `rankan-${label}-${process.pid}`
const person = (label: string) => ({
  userName: `${name(label)}@example.jp`,
  email: `${name(label)}@example.jp`,
  firstName: 'Taro',
  lastName: 'Suzuki',
})

export const identityCases: readonly ContractCase[] = [
  {
    name: 'identity: the two permission sets are made once',
    async run(world) {
      const sets = await patiently(world, () => world.estate.identity.ensurePermissionSets())
      expect(sets.Admin).toMatch(/^arn:aws:sso:::.+\/ps-/)
      expect(sets.NonAdmin).not.toBe(sets.Admin)
      expect(await world.estate.identity.ensurePermissionSets()).toEqual(sets)
    },
  },
  {
    name: 'identity: a group is found by name, and goes for good',
    async run({ estate: { identity } }) {
      expect(await identity.findGroup(name('absent'))).toBeNull()
      const group = await identity.ensureGroup(name('group'), 'Contract')
      expect(await identity.ensureGroup(name('group'), 'Contract')).toBe(group)
      expect(await identity.findGroup(name('group'))).toBe(group)
      await identity.removeGroup(group)
      await identity.removeGroup(group)
      expect(await identity.findGroup(name('group'))).toBeNull()
    },
  },
  {
    name: 'identity: a person is made once',
    async run({ estate: { identity } }) {
      const user = await identity.ensureUser(person('once'))
      expect(await identity.ensureUser(person('once'))).toBe(user)
    },
  },
  {
    name: 'identity: a group has a member once, and loses it once',
    async run({ estate: { identity } }) {
      const group = await identity.ensureGroup(name('members'), 'Contract')
      const user = await identity.ensureUser(person('user'))
      expect(await identity.ensureUser(person('user'))).toBe(user)
      await identity.ensureMember(group, user)
      await identity.ensureMember(group, user)
      expect(await identity.members(group)).toEqual([user])
      await identity.removeMember(group, user)
      await identity.removeMember(group, user)
      expect(await identity.members(group)).toEqual([])
    },
  },
  {
    name: 'identity: an assignment is made, seen, and taken away again',
    async run(world) {
      const { identity } = world.estate
      const accountId = await vend(world, newOrder(world, 'assign'))
      const groupId = await identity.ensureGroup(name('assign'), 'Contract')
      const request = { accountId, permissionSet: 'NonAdmin', groupId } as const
      await finish(world, () => identity.beginAssignment(request), identity.lookAssignment)
      expect(await identity.beginAssignment(request)).toEqual({ done: true })
      await finish(world, () => identity.beginUnassignment(request), identity.lookUnassignment)
      expect(await identity.beginUnassignment(request)).toEqual({ done: true })
    },
  },
]

type Begun = { done: true } | { done: false; requestId: string }
type View = { state: 'running' | 'succeeded' } | { state: 'failed'; message: string }

async function finish(
  world: ContractWorld,
  begin: () => Promise<Begun>,
  look: (requestId: string) => Promise<View>,
): Promise<void> {
  const begun = await patiently(world, begin)
  expect(begun.done).toBe(false)
  if (begun.done) return
  const end = await until(world, async () => {
    const view = await look(begun.requestId)
    return view.state === 'running' ? null : view
  })
  expect(end).toEqual({ state: 'succeeded' })
}
