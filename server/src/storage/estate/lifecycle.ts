import type { LifecycleStore } from '../../ports/lifecycle.ts'
import { type Changes, read, transact } from '../transact.ts'
import { WORKER } from './row.ts'

/** Events are kept once each; they are evidence of what AWS said, and workflows look here for theirs. */
export function lifecycleStore(on: Changes): LifecycleStore {
  return {
    storeOnce: (awsOrganizationId, event) =>
      transact(on, WORKER, async (tx) => {
        const inserted = await tx.sql
          .insertInto('lifecycle_event')
          .values({
            aws_organization_id: awsOrganizationId,
            event_id: event.eventId,
            name: event.name,
            account_id: event.accountId,
            ou_id: event.ouId,
            state: event.state,
            message: event.message,
            time: new Date(event.time),
            received_at: tx.at,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
      }),
    latest: (accountId, names) =>
      read(on, WORKER, async (tx) => {
        const row = await tx.sql
          .selectFrom('lifecycle_event')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('name', 'in', [...names])
          .orderBy('time', 'desc')
          .limit(1)
          .executeTakeFirst()
        if (!row) return null
        return {
          eventId: row.event_id,
          name: row.name,
          accountId: row.account_id,
          ouId: row.ou_id,
          state: row.state,
          message: row.message,
          time: row.time.toISOString(),
        }
      }),
  }
}
