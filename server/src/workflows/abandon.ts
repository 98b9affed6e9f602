import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type Work, type WorkflowDeps } from './deps.ts'
import { accessFacts, provideAccess, removeAccess } from './parts/access.ts'
import { accountOrder } from './parts/account.ts'
import { bringBack } from './parts/bring-back.ts'
import { provideBudget, removeBudget } from './parts/budget.ts'
import { closeAtAws, release } from './parts/close.ts'
import { searchOu } from './parts/ou.ts'
import { start, startOnAccount } from './parts/start.ts'

/**
 * A person gave the vending up: what it made is taken away again, so that the estate is clean. An account that AWS
 * made is found even if the workflow died before it could write its number down.
 */
export async function abandonVend(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await start(deps, ctx, workId)
  const found = await ctx.step('find-account', () => findAccount(work))
  await ctx.step('clear-product', () => clearAway(work))
  if (found !== null) {
    await ctx.step('register-account', async () => {
      await deps.orders.accountKnown(workId, found)
      await deps.register.closing(workId, found.accountId)
      return null
    })
    await removeAccess(work, found.accountId, found.name)
    await removeBudget(work, found.accountId)
    await release(work, found.accountId)
    const state = await closeAtAws(work, found.accountId)
    await ctx.step('record-closing', async () => {
      await deps.register.closed(workId, found.accountId, state)
      return null
    })
  }
  await recordAbandoned(work)
}

/**
 * A closing that AWS has not taken yet is undone: the account comes back to its OU and is enrolled there, people get their
 * rights back, and the budget its alerts. What AWS has taken is only recorded as closed.
 */
export async function abandonClose(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  const { accountId, accountName } = work
  const state = await ctx.step('find-state', async () => {
    const account = await estateOf(work).organization.account(accountId)
    return account?.state ?? 'CLOSED'
  })
  if (state === 'ACTIVE') {
    await bringBack(work, accountId)
    const groups = await provideAccess(work, accountId, accountName)
    const budget = await provideBudget(work, accountId)
    await ctx.step('record-resumption', async () => {
      await deps.orders.note(workId, { ...accessFacts(groups), ...budget })
      await deps.register.closingGivenUp(workId, accountId)
      return null
    })
  } else
    await ctx.step('record-closing', async () => {
      await deps.register.closed(workId, accountId, state)
      return null
    })
  await recordAbandoned(work)
}

/** Giving up any other work undoes nothing: each of its steps left the account usable. It is only recorded. */
export async function abandonOther(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  await recordAbandoned(await start(deps, ctx, workId))
}

const recordAbandoned = (work: Work): Promise<null> =>
  work.ctx.step('abandon', async () => {
    await work.deps.orders.abandoned(work.workId)
    return null
  })

interface Found {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly ouId: string
}

async function findAccount(work: Work): Promise<Found | null> {
  const { account } = await work.order()
  if (account === null) return null
  const { organization } = estateOf(work)
  for await (const one of organization.accounts()) {
    if (one.email.toLowerCase() !== account.email.toLowerCase() || one.name !== account.name) continue
    return {
      accountId: one.accountId,
      name: one.name,
      email: one.email,
      ouId: await organization.parentOf(one.accountId),
    }
  }
  return null
}

async function clearAway(work: Work): Promise<null> {
  const order = await work.order()
  if (order.account === null) return null
  const path = await work.deps.register.place(work.workId)
  const { at } = await searchOu(estateOf(work).organization, path)
  const attempt = await work.deps.orders.creationAttempt(work.workId)
  await estateOf(work).creation.clear(accountOrder(order, at, attempt))
  return null
}
