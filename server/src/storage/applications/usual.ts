import { sql } from 'kysely'
import type { Stage } from '../../domain/applications/life.ts'
import type { Tx } from '../transact.ts'

export type UsualTimes = Readonly<Partial<Record<Stage | 'work', number>>>

/** Median seconds of each stage over the last days and at most the last 1,000 times; no entry without history. */
export async function usualTimes(tx: Tx, days: number): Promise<UsualTimes> {
  const after = new Date(tx.at.getTime() - days * 86_400_000)
  const rows = await sql<{ stage: Stage | 'work'; seconds: number }>`
    select s.stage, percentile_cont(0.5) within group (order by t.seconds) as seconds
    from (values ('organisation'), ('centre'), ('work')) s (stage)
    cross join lateral (select seconds from application_stage_time
      where stage = s.stage and left_at >= ${after} order by left_at desc limit 1000) t
    group by s.stage`.execute(tx.sql)
  return Object.fromEntries(rows.rows.map((row) => [row.stage, row.seconds]))
}
