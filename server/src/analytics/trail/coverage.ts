import path from 'node:path'
import { factsSql, flatSql, withDuckDb } from './facts.ts'
import { workFolder } from './store.ts'

/** How much of a trail the tables understand. Shares are of events that are API calls authorised by IAM. */
export interface Coverage {
  readonly events: number
  /** Events that stand for no call, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly calls: number
  readonly mapped: number
  /** Calls all of whose direct checks have a resource (`*` where the action has none). */
  readonly withResource: number
  readonly unmapped: readonly { readonly event: string; readonly count: number }[]
  readonly withoutResource: readonly { readonly action: string; readonly count: number }[]
}

const SAMPLE = 20

/** Reads the coverage out of a facts store. */
export async function coverage(dir: string): Promise<Coverage> {
  return withDuckDb(path.join(workFolder(dir), 'spill'), async (run) => {
    await run(`create temp table flat as select * from ${flatSql(dir)}`)
    const [total] = await run(
      `select cast(sum(count) as double) as n from ${factsSql(dir)} where check_no = 0`,
    )
    const skipped = await run(
      `select skip, cast(sum(count) as double) as n from flat where check_no = 0 and skip is not null group by skip order by skip`,
    )
    const [mapped] = await run(
      `select cast(sum(count) as double) as n from flat where check_no = 0 and skip is null`,
    )
    const [whole] = await run(`select cast(sum(n) as double) as n from (
      select shape, day, max(count) as n from flat where kind = 'direct' group by shape, day, seen
      having bool_and(resource not like '%"arn":null%'))`)
    const unmapped = await run(
      `select event, cast(sum(count) as double) as n from flat where check_no = 0 and skip = 'unmapped' group by event order by n desc, event limit ${SAMPLE}`,
    )
    const missing = await run(
      `select action, cast(sum(count) as double) as n from flat where kind = 'direct' and resource like '%"arn":null%' group by action order by n desc, action limit ${SAMPLE}`,
    )
    const counts = Object.fromEntries(skipped.map((row) => [String(row.skip), Number(row.n)]))
    return {
      events: Number(total?.n ?? 0),
      skipped: counts,
      calls: Number(mapped?.n ?? 0) + (counts.unmapped ?? 0),
      mapped: Number(mapped?.n ?? 0),
      withResource: Number(whole?.n ?? 0),
      unmapped: unmapped.map((row) => ({ event: String(row.event), count: Number(row.n) })),
      withoutResource: missing.map((row) => ({ action: String(row.action), count: Number(row.n) })),
    }
  })
}
