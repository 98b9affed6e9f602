import { rm } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { indexPart } from './index-part.ts'

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

/** Memory of DuckDB; what does not fit goes to disk. Two threads: the design size of one machine. */
export const DUCKDB = { memory_limit: '384MB', threads: '2' }

const COLUMNS = {
  rows: "{p:'INTEGER',call:'INTEGER',caller:'INTEGER',network:'INTEGER',error:'INTEGER',day:'INTEGER',seen:'TINYINT',n:'BIGINT',first:'BIGINT',last:'BIGINT',sample:'VARCHAR'}",
  calls:
    "{p:'INTEGER',id:'INTEGER',event:'VARCHAR',region:'VARCHAR',account:'VARCHAR',skip:'VARCHAR',outcome:'VARCHAR'}",
  checks:
    "{p:'INTEGER',id:'INTEGER',n:'INTEGER',kind:'VARCHAR',action:'VARCHAR',resource:'VARCHAR',context:'VARCHAR'}",
  texts: "{p:'INTEGER',id:'INTEGER',value:'VARCHAR'}",
} as const

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** DuckDB's reading of our tab-separated partials: no quotes, `\N` is null. */
const tsv = (dir: string, file: string, columns: string) =>
  `read_csv(${quoted(path.join(dir, `${file}-*.tsv`))}, auto_detect=false, header=false, delim='\t', quote='', escape='', nullstr='\\N', max_line_size=1048576, buffer_size=4194304, columns=${columns})`

const hash = (text: string) => `md5_number_lower(${text})`

/** SQL that turns the partials of one part into `facts.parquet` and `dims.parquet`; the same rows give the same bytes. */
export function mergeSql(partials: string, out: string): readonly string[] {
  const texts = (file: string) =>
    `create temp table ${file} as select p, id, value, ${hash('value')} as h from ${tsv(partials, file, COLUMNS.texts)}`
  return [
    texts('callers'),
    texts('networks'),
    texts('errors'),
    `create temp table calls as select p, id, event, region, account, skip, ${hash("concat_ws('|', event, region, account, skip, outcome)")} as h from ${tsv(partials, 'calls', COLUMNS.calls)}`,
    `create temp table checks as select * from ${tsv(partials, 'checks', COLUMNS.checks)}`,
    `create temp table shapes as
      select c.h as call, p.h as principal, w.h as network, e.h as error, r.seen, r.day,
        ${hash("concat_ws('|', c.h, p.h, w.h, e.h, r.seen)")} as shape,
        cast(sum(r.n) as bigint) as n, min(r.first) as first, max(r.last) as last,
        min(struct_pack(at := r.first, id := r.sample)).id as sample
      from ${tsv(partials, 'rows', COLUMNS.rows)} r
      join calls c on c.p = r.p and c.id = r.call
      join callers p on p.p = r.p and p.id = r.caller
      join networks w on w.p = r.p and w.id = r.network
      join errors e on e.p = r.p and e.id = r.error
      group by all`,
    // Equal calls of several partials are one; texts are hashed once for each call, not for each fact.
    `create temp table asked as
      select c.h as call, c.event as event_text, ${hash('c.event')} as event, c.region as region_text, ${hash('c.region')} as region,
        c.account as account_text, ${hash('c.account')} as account, c.skip as skip_text, ${hash('c.skip')} as skip,
        k.n, k.kind, k.action as action_text, ${hash('k.action')} as action, k.resource as resource_text, ${hash('k.resource')} as resource,
        k.context as context_text, ${hash('k.context')} as context
      from (select distinct on (h) * from calls) c join checks k on k.p = c.p and k.id = c.id`,
    `copy (
      select s.shape, a.n as check_no, (date '1970-01-01' + s.day) as day, a.kind, s.seen, a.event, a.action, a.resource, a.region,
        a.account, s.principal, s.network, s.error, a.context, a.skip,
        s.n as count, to_timestamp(s.first)::timestamp as first, to_timestamp(s.last)::timestamp as last, s.sample
      from shapes s join asked a on a.call = s.call
      order by event, action, resource, principal, day, shape, check_no
    ) to ${quoted(path.join(out, 'facts.parquet'))} (format parquet, compression zstd, row_group_size 122880)`,
    `copy (
      select dim, id, value from (
        ${['principal', 'network', 'error'].map((name, index) => `select '${name}' as dim, h as id, any_value(value) as value from ${['callers', 'networks', 'errors'][index]} group by h`).join(' union all ')}
        ${['event', 'region', 'account', 'skip', 'action', 'resource', 'context'].map((name) => `union all select '${name}', ${name}, any_value(${name}_text) from asked where ${name} is not null group by ${name}`).join('\n')}
      ) order by dim, value, id
    ) to ${quoted(path.join(out, 'dims.parquet'))} (format parquet, compression zstd)`,
  ]
}

/** Merges partials into the two files of a part. `spill` is a folder for what does not fit into memory. */
export async function mergePartials(partials: string, out: string, spill: string): Promise<void> {
  await withDuckDb(spill, async (run) => {
    for (const sql of mergeSql(partials, out)) await run(sql)
    await indexPart(out, run)
  })
  await rm(partials, { recursive: true, force: true })
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
