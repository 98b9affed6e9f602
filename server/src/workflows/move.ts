import { invariant } from '../kernel/errors.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import type { WorkflowDeps } from './deps.ts'
import { enrol } from './parts/account.ts'
import { provideOu } from './parts/ou.ts'
import { finish, startOnAccount } from './parts/start.ts'

/** Moves an account to the OU of another environment; Control Tower enrols it there (B7). */
export async function move(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  const ou = await provideOu(work)
  await ctx.holding('account_operations', work.awsOrganizationId, () => enrol(work, work.accountId, ou))
  await ctx.step('record-move', async () => {
    const { moveTo } = await work.order()
    invariant(moveTo, `The order ${workId} does not say where to move.`)
    await deps.register.moved(workId, work.accountId, ou, moveTo)
    return null
  })
  await finish(work)
}
