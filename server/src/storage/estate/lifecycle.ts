import { sql } from 'kysely'
import type { LifecycleStore } from '../../ports/lifecycle.ts'
import { type Changes, statement } from '../transact.ts'
import { WORKER } from './row.ts'

/** Events are kept once each; they are evidence of what AWS said, and workflows look here for theirs. */
export function lifecycleStore(on: Changes): LifecycleStore {
  return {
    async keep(awsOrganizationId, event, topics) {
      const messages = topics.map((topic) => JSON.stringify({ type: 'signal', topic }))
      await sql`
        with kept as (
          insert into lifecycle_event
            (aws_organization_id, event_id, name, account_id, ou_id, state, message, time, received_at)
          values (${awsOrganizationId}, ${event.eventId}, ${event.name}, ${event.accountId}, ${event.ouId},
            ${event.state}, ${event.message}, ${event.time}, ${on.clock.now()})
          on conflict do nothing)
        select pg_notify('rankan_work', message) from unnest(${messages}::text[]) as message`.execute(on.db)
    },
    latest: (accountId, names) =>
      statement(on, WORKER, async (one) => {
        const row = await one.sql
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
