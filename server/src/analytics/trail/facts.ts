import path from 'node:path'
import { openDuckDb, quoted } from './columns.ts'

/** Dimensions of facts; each value has a number that is the same in every part: the lower half of its MD5. */
export const DIMENSIONS = [
  'event',
  'action',
  'resource',
  'region',
  'account',
  'principal',
  'network',
  'error',
  'context',
  'skip',
] as const

export type Row = Record<string, unknown>

/** Runs SQL on a database of its own, in memory with its overflow in `spill`, and closes it. */
export async function withDuckDb<T>(
  spill: string,
  work: (run: (sql: string) => Promise<readonly Row[]>) => Promise<T>,
): Promise<T> {
  const instance = await openDuckDb(spill)
  const connection = await instance.connect()
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** All parts of a facts folder as one relation; the second with texts in the place of numbers. */
export const factsSql = (dir: string) => `read_parquet(${quoted(path.join(dir, 'parts/*/facts.parquet'))})`
export const dimsSql = (dir: string) =>
  `(select distinct dim, id, value from read_parquet(${quoted(path.join(dir, 'parts/*/dims.parquet'))}))`

export const flatSql = (dir: string) => `(
  select f.shape, f.check_no, f.day, f.kind, f.seen, ${DIMENSIONS.map((name) => `${name}.value as ${name}`).join(', ')}, f.count, f.first, f.last, f.sample
  from ${factsSql(dir)} f
  ${DIMENSIONS.map((name) => `left join ${dimsSql(dir)} ${name} on ${name}.dim = '${name}' and ${name}.id = f.${name}`).join('\n  ')}
)`
