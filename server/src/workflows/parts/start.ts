import { invalid } from '../../kernel/errors.ts'
import type { WorkflowContext } from '../../ports/workflow.ts'
import type { Work, WorkflowDeps } from '../deps.ts'

/** First step of every workflow: says that the order runs, and reads which AWS organisation it is about. */
export async function start(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<Work> {
  const order = kept(() => deps.orders.load(workId))
  const { awsOrganizationId } = await ctx.step('start', async () => {
    order.keep(await deps.orders.started(workId))
    return { awsOrganizationId: (await order.get()).awsOrganizationId }
  })
  return { ctx, deps, workId, awsOrganizationId, order: order.get }
}

/** As `start`, for work on an account that exists. Its name, OU and groups come from the register. */
export async function startOnAccount(
  deps: WorkflowDeps,
  ctx: WorkflowContext,
  workId: string,
): Promise<Work & { readonly accountId: string; readonly accountName: string }> {
  const work = await start(deps, ctx, workId)
  const account = await ctx.step('find-account', async () => {
    const { accountId } = await work.order()
    if (accountId === null)
      throw invalid(
        'account_missing',
        `The order \`${workId}\` names no account. Give it up and apply again.`,
      )
    const { name } = await deps.register.account(accountId)
    return { accountId, accountName: name }
  })
  return { ...work, ...account }
}

/** A failure is not kept. */
function kept<T>(load: () => Promise<T>): { readonly get: () => Promise<T>; keep(value: T): void } {
  let value: T | undefined
  return {
    async get() {
      value ??= await load()
      return value
    },
    keep(known) {
      value = known
    },
  }
}

/** @param facts what the account page shows of it, see `OrderStore.note`. */
export async function finish(work: Work, facts: Readonly<Record<string, string>> = {}): Promise<void> {
  await work.ctx.step('finish', async () => {
    await work.deps.orders.finished(work.workId, facts)
    return null
  })
}
