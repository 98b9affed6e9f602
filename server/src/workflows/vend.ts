import { invariant } from '../kernel/errors.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type Work, type WorkflowDeps } from './deps.ts'
import { accountTags, budgetName } from './names.ts'
import { provideAccess } from './parts/access.ts'
import { provideAccount } from './parts/account.ts'
import { confirm } from './parts/confirm.ts'
import { putContacts } from './parts/contacts.ts'
import { provideOu } from './parts/ou.ts'
import { refusableStep } from './parts/refusal.ts'
import { finish, start } from './parts/start.ts'

/** From an approved order to a usable account (B3–B6). Every step may run twice; none changes anything the second time. */
export async function vend(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await start(deps, ctx, workId)
  const names = await refusableStep(work, 'reserve-names', () => deps.orders.reserveNames(workId))
  const ou = await provideOu(work)
  const accountId = await provideAccount(work, ou)
  await work.ctx.step('tag-account', () => tagAccount(work, accountId))
  await work.ctx.step('support', () => requestSupport(work, accountId))
  await putContacts(work, accountId)
  await provideAccess(work, accountId, await accountName(work, names.name))
  await refusableStep(work, 'budget', () => provideBudget(work, accountId))
  const confirmedBy = await confirm(work, accountId, ou.id)
  await work.ctx.step('note:confirmed', () => note(work, { confirmed_by: confirmedBy }))
  await finish(work)
}

/** The name may have been corrected after it was reserved first. */
const accountName = (work: Work, reserved: string): Promise<string> =>
  work.ctx.step('note:name', async () => (await work.deps.orders.load(work.workId)).account?.name ?? reserved)

async function note(work: Work, facts: Readonly<Record<string, string>>): Promise<null> {
  await work.deps.orders.note(work.workId, facts)
  return null
}

async function tagAccount(work: Work, accountId: string): Promise<null> {
  const order = await work.deps.orders.load(work.workId)
  await estateOf(work).organization.tag(accountId, accountTags(order))
  return null
}

async function requestSupport(work: Work, accountId: string): Promise<null> {
  const { caseId } = await estateOf(work).support.requestEnterprise(accountId, work.workId)
  return note(work, { 'support.case': caseId })
}

async function provideBudget(work: Work, accountId: string): Promise<null> {
  const { budget } = await work.deps.orders.load(work.workId)
  invariant(budget, `The order ${work.workId} has no budget.`)
  const name = budgetName(accountId)
  await estateOf(work).budgets.ensure({ name, accountId, ...budget })
  return note(work, { budget: name })
}
