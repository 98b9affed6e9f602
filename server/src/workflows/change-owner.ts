import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type Work, type WorkflowDeps } from './deps.ts'
import { accessFacts, adminsOf, type Groups, provideAccess, setMembers } from './parts/access.ts'
import { refusableStep } from './parts/refusal.ts'
import { finish, startOnAccount } from './parts/start.ts'

type OnAccount = Work & { readonly accountId: string; readonly accountName: string }

/** New owner, admins and operators: the groups hold exactly the people of the order afterwards (B7, C4). */
export async function changeOwner(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  const groups = await provideAccess(work, work.accountId, work.accountName)
  await refusableStep(work, 'groups:members', () => replaceMembers(work, groups))
  await ctx.step('record-owner', () => record(work))
  await finish(work, accessFacts(groups))
}

async function replaceMembers(work: OnAccount, groups: Groups): Promise<null> {
  const order = await work.order()
  const { identity } = estateOf(work)
  await setMembers(identity, groups.Admin, adminsOf(order))
  await setMembers(identity, groups.NonAdmin, order.operators)
  return null
}

async function record(work: OnAccount): Promise<null> {
  const order = await work.order()
  const admins = adminsOf(order).map((person) => person.userName)
  await work.deps.register.ownersChanged(work.workId, work.accountId, admins)
  return null
}
