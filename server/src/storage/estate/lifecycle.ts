import { sql } from 'kysely'
import type { LifecycleEvent } from '../../ports/estate.ts'
import type { LifecycleStore } from '../../ports/lifecycle.ts'
import { gathering } from '../gather.ts'
import { type Changes, statement } from '../transact.ts'
import { WORKER } from './row.ts'

interface Told {
  readonly awsOrganizationId: string
  readonly event: LifecycleEvent
  readonly topics: readonly string[]
}

/** Events are kept once each; they are evidence of what AWS said, and workflows look here for theirs. */
export function lifecycleStore(on: Changes): LifecycleStore {
  const keep = gathering((told: readonly Told[]) => keepAll(on, told))
  return {
    keep: (awsOrganizationId, event, topics) => keep({ awsOrganizationId, event, topics }),
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

async function keepAll(on: Changes, told: readonly Told[]): Promise<void> {
  const rows = told.map(({ awsOrganizationId, event }) => ({ ...event, awsOrganizationId }))
  const topics = new Set(told.flatMap((one) => one.topics))
  const messages = [...topics].map((topic) => JSON.stringify({ type: 'signal', topic }))
  await sql`
    with kept as (
      insert into lifecycle_event
        (aws_organization_id, event_id, name, account_id, ou_id, state, message, time, received_at)
      select "awsOrganizationId", "eventId", name, "accountId", "ouId", state, message, time, ${on.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as told ("awsOrganizationId" text, "eventId" text,
        name text, "accountId" text, "ouId" text, state text, message text, time timestamptz)
      on conflict do nothing)
    select pg_notify('rankan_work', message) from unnest(${messages}::text[]) as message`.execute(on.db)
}
