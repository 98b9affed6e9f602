import type { AccountOrder } from '../../ports/estate.ts'
import { estateOf, type Work } from '../deps.ts'
import { accountTags, creationToken } from '../names.ts'
import { lookUntilDone } from './account.ts'

/** How often AWS is asked before a person is: other work in the OU fails an enrolment, and is soon over. */
const ATTEMPTS = 3

/** Undoes a release: the account goes back into the OU of the register and is enrolled there. Done already if it was never released. */
export function bringBack(work: Work, accountId: string): Promise<void> {
  return work.ctx.holding('account_operations', work.awsOrganizationId, async () => {
    const order = await work.ctx.step('find-ou', () => orderToComeBack(work, accountId))
    await work.ctx.holding('moves_per_ou', `${work.awsOrganizationId}/${order.ou.id}`, () =>
      readmit(work, accountId, order),
    )
  })
}

async function readmit(work: Work, accountId: string, order: AccountOrder): Promise<void> {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `#${n}`
    const { creation } = estateOf(work)
    const handle = await work.ctx.step(`bring-back${suffix}`, () => creation.readmit(accountId, order))
    const view = await lookUntilDone(work, `brought-back${suffix}`, handle, work.deps.timings.account)
    if (view.state === 'succeeded') return
    if (view.remedy === 'correct' || n === ATTEMPTS)
      await work.ctx.fail('bring-back', { code: view.code, message: view.message, correctable: [] })
  }
}

async function orderToComeBack(work: Work, accountId: string): Promise<AccountOrder> {
  const order = await work.order()
  const { name, email, ouId, ouName } = await work.deps.register.account(accountId)
  const { owner } = order
  return {
    token: creationToken(work.workId, 1),
    name,
    email,
    ou: { id: ouId, name: ouName },
    ssoUser: { email: owner.email, firstName: owner.firstName, lastName: owner.lastName },
    tags: accountTags(order),
  }
}
