import { rm } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { KINDS } from './call-texts.ts'
import { CALL, NUMBERED } from './collect.ts'
import { type ColumnReader, DUCKDB, withColumns } from './columns.ts'
import { writeIndex } from './index-part.ts'
import type { PartialFile } from './partial.ts'

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

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** SQL that makes the table `facts` out of the partials of one part, in an order that the same rows always have. */
const factsOf = (read: (file: PartialFile) => string): readonly string[] => [
  // The shape is made of the four before it, so one of each is any of them.
  `create table shapes as
    select shape, day, any_value(call) as call, any_value(principal) as principal, any_value(network) as network,
      any_value(error) as error, any_value(seen) as seen, cast(sum(n) as bigint) as n, min(first) as first, max(last) as last,
      min(struct_pack(at := first, id := sample)).id as sample
    from ${read('rows')} group by shape, day`,
  // Equal calls of several partials are one.
  `create table asked as
    select call, n, ${['kind', ...CALL, 'action', 'resource', 'context'].map((name) => `any_value(${name}) as ${name}`).join(', ')}
    from ${read('checks')} group by call, n`,
  `create table facts as
    select s.shape, cast(a.n as integer) as check_no, (date '1970-01-01' + cast(s.day as integer)) as day,
      [null, ${KINDS.slice(1)
        .map((kind) => quoted(kind ?? ''))
        .join(', ')}][a.kind + 1] as kind, cast(s.seen as tinyint) as seen,
      a.event, ${['action', 'resource'].map(nullable).join(', ')}, a.region, a.account, s.principal, s.network, s.error,
      ${['context', 'skip'].map(nullable).join(', ')},
      s.n as count, to_timestamp(s.first)::timestamp as first, to_timestamp(s.last)::timestamp as last, s.sample
    from shapes s join asked a on a.call = s.call
    order by a.event, a.action, a.resource, s.principal, s.day, s.shape, a.n`,
]

/** The table `dims`: each value once, in the order of its text. */
const dimsOf = (read: (file: PartialFile) => string): string =>
  `create table dims as
    select [${NUMBERED.map(quoted).join(', ')}][dim + 1] as dim, id, any_value(value) as value
    from ${read('texts')} group by dim, id order by 1, 3, 2`

const nullable = (name: string) => `nullif(a.${name}, 0) as ${name}`

/**
 * Merges partials into the files of a part; the same rows give the same bytes. `spill` is a folder for what does not fit into
 * memory. A part is one row group or a few, which DuckDB writes one after the other: so two things are done at a time.
 */
export async function mergePartials(partials: string, out: string, spill: string): Promise<void> {
  const read = (file: PartialFile) => `read_parquet(${quoted(path.join(partials, `${file}-*.parquet`))})`
  const to = (file: string) =>
    `${quoted(path.join(out, `${file}.parquet`))} (format parquet, compression zstd, row_group_size 122880)`
  await withColumns(spill, async (reader, apart) => {
    await both(inTurn(reader, factsOf(read)), inTurn(apart, [dimsOf(read)]))
    await both(
      writeIndex(out, { facts: 'facts', dims: 'dims', place: 'rowid' }, reader),
      inTurn(apart, [`copy facts to ${to('facts')}`, `copy dims to ${to('dims')}`]),
    )
  })
  await rm(partials, { recursive: true, force: true })
}

/** Waits for both, also when one fails: a connection that works is not closed. */
async function both(...work: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason
}

async function inTurn(reader: ColumnReader, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await reader.run(sql)
}

export type Row = Record<string, unknown>

/** Runs SQL on a database of its own, in memory with its overflow in `spill`, and closes it. */
export async function withDuckDb<T>(
  spill: string,
  work: (run: (sql: string) => Promise<readonly Row[]>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { ...DUCKDB, temp_directory: spill })
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
