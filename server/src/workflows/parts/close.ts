import type { EstateAccount } from '../../ports/estate.ts'
import { estateOf, type Work } from '../deps.ts'
import { lookUntilDone } from './account.ts'

/** Un-enrols (the product is terminated) before the account closes: the other order breaks landing-zone updates. */
export function release(work: Work, accountId: string): Promise<void> {
  return work.ctx.holding('account_operations', work.awsOrganizationId, async () => {
    const handle = await work.ctx.step('release', () => estateOf(work).creation.release(accountId))
    const view = await lookUntilDone(work, 'released', handle, work.deps.timings.release)
    if (view.state === 'failed')
      await work.ctx.fail('release', { code: view.code, message: view.message, correctable: [] })
  })
}

/** Closes under both quotas of AWS and waits until AWS says that it took the closing. Returns AWS's state. */
export function closeAtAws(work: Work, accountId: string): Promise<EstateAccount['state']> {
  const closing = () =>
    work.ctx.holding('account_closures_in_flight', work.awsOrganizationId, async () => {
      await work.ctx.step('close-account', async () => {
        await estateOf(work).organization.close(accountId)
        return null
      })
      return work.ctx.until(
        'closing',
        null,
        async () => {
          const account = await estateOf(work).organization.account(accountId)
          if (account === null) return 'CLOSED'
          return account.state === 'ACTIVE' || account.state === 'PENDING_ACTIVATION' ? null : account.state
        },
        work.deps.timings.closing,
      )
    })
  return work.ctx.holding('account_closures_30_days', work.awsOrganizationId, closing)
}
