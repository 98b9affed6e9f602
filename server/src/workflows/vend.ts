import { invariant } from '../kernel/errors.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type Work, type WorkflowDeps } from './deps.ts'
import { accountTags } from './names.ts'
import { accessFacts, provideAccess } from './parts/access.ts'
import { provideAccount } from './parts/account.ts'
import { provideBudget } from './parts/budget.ts'
import { confirm } from './parts/confirm.ts'
import { putContacts } from './parts/contacts.ts'
import { provideOu } from './parts/ou.ts'
import { refusableStep } from './parts/refusal.ts'
import { finish, start } from './parts/start.ts'

/** From an approved order to a usable account (B3–B6). Every step may run twice; none changes anything the second time. */
export async function vend(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await start(deps, ctx, workId)
  await refusableStep(work, 'reserve-names', () => deps.orders.reserveNames(workId))
  const ou = await provideOu(work)
  const accountId = await provideAccount(work, ou)
  await work.ctx.step('tag-account', () => tagAccount(work, accountId))
  const support = await work.ctx.step('support', (again) => requestSupport(work, accountId, again))
  await putContacts(work, accountId)
  const groups = await provideAccess(work, accountId, await accountName(work))
  const budget = await provideBudget(work, accountId)
  const confirmedBy = await confirm(work, accountId, ou.id)
  await finish(work, { ...support, ...accessFacts(groups), ...budget, confirmed_by: confirmedBy })
}

async function accountName(work: Work): Promise<string> {
  const { account } = await work.order()
  invariant(account, `The order ${work.workId} has no account name.`)
  return account.name
}

async function tagAccount(work: Work, accountId: string): Promise<null> {
  const order = await work.order()
  await estateOf(work).organization.tag(accountId, accountTags(order))
  return null
}

async function requestSupport(
  work: Work,
  accountId: string,
  again: boolean,
): Promise<{ 'support.case': string }> {
  const { caseId } = await estateOf(work).support.requestEnterprise(accountId, work.workId, again)
  return { 'support.case': caseId }
}
