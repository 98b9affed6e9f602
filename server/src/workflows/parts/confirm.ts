import { ACCOUNT_READY_EVENTS, accountTopic } from '../../ports/lifecycle.ts'
import { estateOf, type Work } from '../deps.ts'

export type ConfirmedBy = 'event' | 'look'

/**
 * No success is reported that did not happen: either Control Tower's event says so, or, if the event never came,
 * the account is found active in its OU. Which of the two it was is kept and shown.
 */
export async function confirm(work: Work, accountId: string, ouId: string): Promise<ConfirmedBy> {
  let looks = 0
  return work.ctx.until<ConfirmedBy>(
    'confirm',
    accountTopic(accountId),
    async () => {
      const event = await work.deps.lifecycle.latest(accountId, ACCOUNT_READY_EVENTS)
      if (event?.state === 'SUCCEEDED') return 'event'
      looks++
      if (looks < work.deps.timings.looksBeforeConfirmingWithoutEvent) return null
      return (await isThere(work, accountId, ouId)) ? 'look' : null
    },
    work.deps.timings.confirmation,
  )
}

async function isThere(work: Work, accountId: string, ouId: string): Promise<boolean> {
  const { organization } = estateOf(work)
  const account = await organization.account(accountId)
  return account?.state === 'ACTIVE' && (await organization.parentOf(accountId)) === ouId
}
