import type { ClosingEvidence } from '../ports/accounts.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type Work, type WorkflowDeps } from './deps.ts'
import { findGroups, removeAccess } from './parts/access.ts'
import { removeBudget } from './parts/budget.ts'
import { closeAtAws, release } from './parts/close.ts'
import { finish, startOnAccount } from './parts/start.ts'

/**
 * Closes an account (B7): evidence first, then the access, then the product, then the account. AWS keeps it for
 * 90 days; the sweep follows it to its end.
 */
export async function close(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  const { accountId, accountName } = work
  await ctx.step('begin-closing', async () => {
    await deps.register.closing(workId, accountId)
    return null
  })
  await ctx.step('freeze-evidence', async () =>
    deps.register.freeze(workId, accountId, await evidence(work, accountId, accountName)),
  )
  await removeAccess(work, accountId, accountName)
  await removeBudget(work, accountId)
  await release(work, accountId)
  const state = await closeAtAws(work, accountId)
  await ctx.step('record-closing', async () => {
    await deps.register.closed(workId, accountId, state)
    return null
  })
  await finish(work)
}

async function evidence(work: Work, accountId: string, accountName: string): Promise<ClosingEvidence> {
  const { organization, contacts, identity } = estateOf(work)
  const account = await organization.account(accountId)
  const groups = []
  for (const { name, groupId } of await findGroups(work, accountName))
    groups.push({ name, members: [...(await identity.members(groupId))].sort() })
  return {
    account: account && {
      name: account.name,
      email: account.email,
      state: account.state,
      joinedAt: account.joinedAt,
    },
    ouId: await organization.parentOf(accountId),
    contacts: await contacts.read(accountId),
    groups,
  }
}
