import { sql } from 'kysely'
import type { Changes } from './transact.ts'

/**
 * Runs `work` unless another process runs it or ran it less than `notWithinMs` ago. Returns whether it ran here.
 * The claim is a row with a time, not a held lock: a process that dies in the middle is replaced when the time is over.
 */
export async function tryAlone(
  on: Changes,
  name: string,
  notWithinMs: number,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const key = `alone: ${name}`
  const claimed = await sql<{ key: string }>`
    insert into installation (key, value) values (${key}, to_jsonb(clock_timestamp()))
    on conflict (key) do update set value = excluded.value
      where (installation.value #>> '{}')::timestamptz < clock_timestamp() - make_interval(secs => ${notWithinMs / 1000})
    returning key`.execute(on.db)
  if (claimed.rows.length === 0) return false
  await work()
  return true
}
