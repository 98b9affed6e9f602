import type { IdentityPort } from '../../ports/estate.ts'
import type { Order, OrderPerson } from '../../ports/orders.ts'
import { estateOf, type Work } from '../deps.ts'
import { groupName, PERMISSION_SETS, type PermissionSet } from '../names.ts'
import { refusableStep } from './refusal.ts'

export type Groups = Readonly<Record<PermissionSet, string>>

/** Groups, people and the two assignments of an account (C3). */
export async function provideAccess(work: Work, accountId: string, accountName: string): Promise<Groups> {
  await work.ctx.step('permission-sets', () => estateOf(work).identity.ensurePermissionSets())
  const groups = await refusableStep(work, 'groups', () => provideGroups(work, accountName))
  await assign(
    work,
    PERMISSION_SETS.map((set) => ({ accountId, permissionSet: set, groupId: groups[set] })),
  )
  return groups
}

export const accessFacts = (groups: Groups) => ({
  'group.admin': groups.Admin,
  'group.nonadmin': groups.NonAdmin,
})

async function provideGroups(work: Work, accountName: string): Promise<Groups> {
  const order = await work.order()
  const { identity } = estateOf(work)
  const Admin = await ensureMembers(identity, groupName(accountName, 'Admin'), order, adminsOf(order))
  const NonAdmin = await ensureMembers(identity, groupName(accountName, 'NonAdmin'), order, order.operators)
  return { Admin, NonAdmin }
}

/** The owner is an admin too; each person once. */
export function adminsOf(order: Order): readonly OrderPerson[] {
  const people = new Map([order.owner, ...order.admins].map((person) => [person.userName, person]))
  return [...people.values()]
}

async function ensureMembers(
  identity: IdentityPort,
  name: string,
  order: Order,
  people: readonly OrderPerson[],
): Promise<string> {
  const groupId = await identity.ensureGroup(name, `${order.organisationName.en}: ${order.systemName.en}`)
  for (const person of people) {
    const userId = await identity.ensureUser(person)
    await identity.ensureMember(groupId, userId)
  }
  return groupId
}

/** Makes the group's members exactly these people; returns the ids of those that were removed. */
export async function setMembers(
  identity: IdentityPort,
  groupId: string,
  people: readonly OrderPerson[],
): Promise<readonly string[]> {
  const wanted = new Set<string>()
  for (const person of people) {
    const userId = await identity.ensureUser(person)
    wanted.add(userId)
    await identity.ensureMember(groupId, userId)
  }
  const removed = (await identity.members(groupId)).filter((userId) => !wanted.has(userId))
  for (const userId of removed) await identity.removeMember(groupId, userId)
  return removed
}

interface Assignment {
  readonly accountId: string
  readonly permissionSet: PermissionSet
  readonly groupId: string
}

/** Identity Center works asynchronously, at most ten assignments at a time: one of this account's after the other. */
function assign(work: Work, requests: readonly Assignment[]): Promise<void> {
  return work.ctx.holding('assignments_in_flight', work.awsOrganizationId, async () => {
    for (const request of requests)
      await settle(work, request, {
        step: `assign:${request.permissionSet}`,
        wait: `assigned:${request.permissionSet}`,
        begin: (identity, again) => identity.beginAssignment(request, again),
        look: (identity, requestId) => identity.lookAssignment(requestId),
      })
  })
}

function unassign(work: Work, requests: readonly Assignment[]): Promise<void> {
  return work.ctx.holding('assignments_in_flight', work.awsOrganizationId, async () => {
    for (const request of requests)
      await settle(work, request, {
        step: `unassign:${request.permissionSet}`,
        wait: `unassigned:${request.permissionSet}`,
        begin: (identity) => identity.beginUnassignment(request),
        look: (identity, requestId) => identity.lookUnassignment(requestId),
      })
  })
}

interface Settling {
  readonly step: string
  readonly wait: string
  readonly begin: (identity: IdentityPort, again: boolean) => ReturnType<IdentityPort['beginAssignment']>
  readonly look: (identity: IdentityPort, requestId: string) => ReturnType<IdentityPort['lookAssignment']>
}

async function settle(work: Work, request: Assignment, how: Settling): Promise<void> {
  const begun = await work.ctx.step(how.step, (again) => how.begin(estateOf(work).identity, again))
  if (begun.done) return
  const ended = await work.ctx.until(
    how.wait,
    null,
    async () => {
      const view = await how.look(estateOf(work).identity, begun.requestId)
      return view.state === 'running' ? null : view
    },
    work.deps.timings.assignment,
  )
  if (ended.state === 'failed')
    await work.ctx.fail(how.step, {
      code: 'assignment_failed',
      message: `Identity Center could not change the assignment of \`${request.permissionSet}\` on \`${request.accountId}\`: ${ended.message}`,
      correctable: [],
    })
}

/** Takes away what `provideAccess` gave. What is gone already is no error. */
export async function removeAccess(work: Work, accountId: string, accountName: string): Promise<void> {
  const groups = await work.ctx.step('find-groups', () => findGroups(work, accountName))
  await unassign(
    work,
    groups.map(({ set, groupId }) => ({ accountId, permissionSet: set, groupId })),
  )
  for (const { set, groupId } of groups)
    await work.ctx.step(`remove-groups:${set}`, async () => {
      await estateOf(work).identity.removeGroup(groupId)
      return null
    })
}

export async function findGroups(
  work: Work,
  accountName: string,
): Promise<readonly { readonly set: PermissionSet; readonly name: string; readonly groupId: string }[]> {
  const found = []
  for (const set of PERMISSION_SETS) {
    const name = groupName(accountName, set)
    const groupId = await estateOf(work).identity.findGroup(name)
    if (groupId !== null) found.push({ set, name, groupId })
  }
  return found
}
