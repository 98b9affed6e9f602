import { sql } from 'kysely'
import { LEASE_MS } from './queue/store.ts'
import type { Changes } from './transact.ts'

/** Something that one process does at a time. Two may still overlap for a moment, so what they do must bear that. */
export interface Turn {
  /** Takes the turn or keeps it. False while another process has it. */
  take(): Promise<boolean>
  /** Lets the next process have it at once. */
  giveBack(): Promise<void>
}

/**
 * The claim is a row with an end, not a held lock: a process that is paused is replaced when `leaseMs` are over, an
 * executor (`holder` is its id) that died as soon as another one misses its session.
 */
export function turnOf(on: Changes, name: string, holder: string, leaseMs: number): Turn {
  const key = `turn: ${name}`
  return {
    async take() {
      const taken = await sql`
        insert into installation (key, value) values (${key}, jsonb_build_object(
          'holder', ${holder}::text, 'until', clock_timestamp() + ${leaseMs} * interval '1 millisecond'))
        on conflict (key) do update set value = excluded.value
          where installation.value->>'holder' = ${holder}
            or (installation.value->>'until')::timestamptz < clock_timestamp()
            or exists (select 1 from executor where id = installation.value->>'holder'
              and (left_at is not null or missing_since is not null
                or heartbeat_at < clock_timestamp() - ${LEASE_MS} * interval '1 millisecond'))
        returning key`.execute(on.db)
      return taken.rows.length > 0
    },
    async giveBack() {
      await sql`delete from installation where key = ${key} and value->>'holder' = ${holder}`.execute(on.db)
    },
  }
}
