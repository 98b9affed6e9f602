import { expect } from 'vitest'
import { type ContractCase, collect, newOrder, patiently, until, vend } from './world.ts'

const DENY_ALL = (sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: sid, Effect: 'Deny', Action: '*', Resource: '*' }],
  })

export const organizationCases: readonly ContractCase[] = [
  {
    name: 'organization: describes itself with ids of AWS',
    async run({ estate, rootId }) {
      const own = await estate.organization.describe()
      expect(own.organizationId).toMatch(/^o-[a-z0-9]{10,32}$/)
      expect(own.managementAccountId).toMatch(/^\d{12}$/)
      expect(own.rootId).toBe(rootId)
    },
  },
  {
    name: 'organization: an account that does not exist is null, not an error',
    async run({ estate }) {
      expect(await estate.organization.account('999999999999')).toBeNull()
    },
  },
  {
    name: 'organization: the list has every account once, and describing one says the same',
    async run({ estate }) {
      const all = await collect(estate.organization.accounts())
      expect(new Set(all.map((a) => a.accountId)).size).toBe(all.length)
      const { managementAccountId } = await estate.organization.describe()
      const listed = all.find((a) => a.accountId === managementAccountId)
      expect(listed).toEqual(await estate.organization.account(managementAccountId))
      expect(listed).toMatchObject({ state: 'ACTIVE' })
    },
  },
  {
    name: 'organization: an OU is made once and found in the tree after its parent',
    async run(world) {
      const { organization } = world.estate
      const name = `Contract ${process.pid}`
      const first = await patiently(world, () => organization.ensureOu(world.ou.id, name))
      const again = await patiently(world, () => organization.ensureOu(world.ou.id, name))
      expect(again).toEqual(first)
      const tree = await collect(organization.ous())
      const ids = tree.map((o) => o.id)
      expect(ids.filter((id) => id === first.id)).toHaveLength(1)
      expect(ids.indexOf(world.ou.id)).toBeLessThan(ids.indexOf(first.id))
      expect(tree.find((o) => o.id === first.id)?.parentId).toBe(world.ou.id)
      const children = await collect(organization.childOus(world.ou.id))
      expect(children).toEqual(tree.filter((o) => o.parentId === world.ou.id))
      const ready = await until(world, async () => {
        const state = await organization.ouState(first.id)
        return state === 'working' ? null : state
      })
      expect(ready).toBe('ready')
    },
  },
  {
    name: 'organization: a move is done once and again without harm',
    async run(world) {
      const { organization } = world.estate
      const accountId = await vend(world, newOrder(world, 'move'))
      expect(await organization.parentOf(accountId)).toBe(world.ou.id)
      await patiently(world, () => organization.move(accountId, world.ou.id))
      const inOu = await collect(organization.accountsOf(world.ou.id))
      expect(inOu.filter((a) => a.accountId === accountId)).toHaveLength(1)
    },
  },
  {
    name: 'organization: an account moves to another OU and is enrolled there',
    async run(world) {
      const { organization, creation } = world.estate
      const accountId = await vend(world, newOrder(world, 'elsewhere'))
      const ou = await patiently(world, () => organization.ensureOu(world.rootId, `Elsewhere ${process.pid}`))
      await until(world, async () => ((await organization.ouState(ou.id)) === 'ready' ? true : null))
      await patiently(world, () => organization.move(accountId, ou.id))
      const handle = { kind: 'enrolment', accountId, ouId: ou.id } as const
      await until(world, async () => ((await creation.look(handle)).state === 'succeeded' ? true : null))
      expect(await organization.parentOf(accountId)).toBe(ou.id)
      await patiently(world, () => organization.move(accountId, ou.id))
      expect(await creation.look(handle)).toEqual({ state: 'succeeded', accountId })
    },
  },
  {
    name: 'organization: tags twice alike',
    async run(world) {
      const accountId = await vend(world, newOrder(world, 'tag'))
      await world.estate.organization.tag(accountId, { 'rankan:system': 'sys-1', 'rankan:owner': 'x' })
      await world.estate.organization.tag(accountId, { 'rankan:system': 'sys-1' })
      await world.estate.organization.tag(accountId, {})
    },
  },
  {
    name: 'organization: a policy is found by name, corrected, attached and detached, each as often as asked',
    async run(world) {
      const { organization } = world.estate
      const policy = {
        name: `rankan-suspend-${process.pid}`,
        description: 'Suspends',
        content: DENY_ALL('One'),
      }
      const id = await organization.ensurePolicy(policy)
      expect(id).toMatch(/^p-/)
      expect(await organization.ensurePolicy({ ...policy, content: DENY_ALL('Two') })).toBe(id)
      const accountId = await vend(world, newOrder(world, 'suspend'))
      await organization.attachPolicy(id, accountId)
      await organization.attachPolicy(id, accountId)
      await organization.detachPolicy(id, accountId)
      await organization.detachPolicy(id, accountId)
    },
  },
  {
    name: 'organization: policies of a kind that is on are read with their texts and targets',
    async run(world) {
      const { organization } = world.estate
      expect(await organization.policyKinds()).toContain('scp')
      const wanted = { name: `rankan-read-${process.pid}`, description: 'Read', content: DENY_ALL('Read') }
      const id = await organization.ensurePolicy(wanted)
      await organization.attachPolicy(id, world.ou.id)
      const all = await collect(organization.policies('scp'))
      expect(all.find((one) => one.name === 'FullAWSAccess')).toMatchObject({ kind: 'scp', awsManaged: true })
      const found = all.find((one) => one.id === id)
      expect(found).toMatchObject({ kind: 'scp', name: wanted.name, description: 'Read', awsManaged: false })
      expect(JSON.parse(found?.document ?? '')).toEqual(JSON.parse(wanted.content))
      expect(await collect(organization.policyTargets(id))).toEqual([{ id: world.ou.id, kind: 'ou' }])
      const everywhere = await collect(organization.policyTargets('p-FullAWSAccess'))
      expect(everywhere).toContainEqual({ id: world.rootId, kind: 'root' })
      await organization.detachPolicy(id, world.ou.id)
      expect(await collect(organization.policyTargets(id))).toEqual([])
    },
  },
  {
    name: 'organization: closing twice closes once',
    async run(world) {
      const { organization, creation } = world.estate
      const accountId = await vend(world, newOrder(world, 'close'))
      const handle = await patiently(world, () => creation.release(accountId))
      await until(world, async () => ((await creation.look(handle)).state === 'succeeded' ? true : null))
      await patiently(world, () => organization.close(accountId))
      const state = await until(world, async () => {
        const account = await organization.account(accountId)
        return account === null || account.state !== 'ACTIVE' ? (account?.state ?? 'CLOSED') : null
      })
      expect(['PENDING_CLOSURE', 'SUSPENDED', 'CLOSED']).toContain(state)
      await organization.close(accountId)
    },
  },
]
