import path from 'node:path'
import { DIMENSIONS, flatSql, withDuckDb } from '../trail/facts.ts'

/** Columns of the table that queries ask; `day` is its partition. Types are those of Athena's DDL. */
export const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['shape', 'string'],
  ['check_no', 'int'],
  ['kind', 'string'],
  ['seen', 'int'],
  ...DIMENSIONS.map((name) => [name, 'string'] as const),
  ['calls', 'bigint'],
  ['first_s', 'bigint'],
  ['last_s', 'bigint'],
  ['sample', 'string'],
]

/** A folder of facts in these columns, for DuckDB: numbers that Athena lacks (unsigned) become text. */
export const tableSql = (dir: string): string => `(
  select cast(shape as varchar) as shape, cast(check_no as integer) as check_no, kind, cast(seen as integer) as seen,
    ${DIMENSIONS.join(', ')}, cast(count as bigint) as calls, cast(epoch(first) as bigint) as first_s,
    cast(epoch(last) as bigint) as last_s, sample, cast(day as varchar) as day
  from ${flatSql(dir)}
)`

/** Writes the facts as `day=2026-10-01/….parquet` for a table in S3. @returns rows. */
export async function exportFacts(dir: string, to: string): Promise<number> {
  return withDuckDb(path.join(dir, 'work', 'spill'), async (run) => {
    const quoted = `'${to.replaceAll("'", "''")}'`
    await run(
      `copy (select * from ${tableSql(dir)} order by day, action, principal, shape, check_no) to ${quoted} (format parquet, compression zstd, partition_by (day), overwrite_or_ignore)`,
    )
    const [row] = await run(
      `select cast(count(*) as double) as n from read_parquet('${to.replaceAll("'", "''")}/*/*.parquet', hive_partitioning = true)`,
    )
    return Number(row?.n ?? 0)
  })
}
