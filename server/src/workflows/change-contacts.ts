import type { WorkflowContext } from '../ports/workflow.ts'
import type { WorkflowDeps } from './deps.ts'
import { putContacts } from './parts/contacts.ts'
import { finish, startOnAccount } from './parts/start.ts'

/** New alternate contacts for an account that exists (B7). */
export async function changeContacts(
  deps: WorkflowDeps,
  ctx: WorkflowContext,
  workId: string,
): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  await putContacts(work, work.accountId)
  await ctx.step('record-contacts', async () => {
    const { contacts } = await work.order()
    await deps.register.contactsChanged(workId, work.accountId, contacts)
    return null
  })
  await finish(work)
}
