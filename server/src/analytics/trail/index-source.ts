import { type ColumnReader, quoted } from './columns.ts'
import { fit } from './growing.ts'
import { RUN_COLUMNS } from './index-rows.ts'
import { CODED, type Coded, type DayTotals, type IndexSource } from './index-sections.ts'

/** What an index is made of, read out of the Parquet files of a part. */
export async function sourceOfFiles(files: Files, reader: ColumnReader): Promise<IndexSource> {
  await reader.run(
    `create or replace temp table codes as
     select dim, id, value, cast(file_row_number - min(file_row_number) over (partition by dim) as uinteger) as code
     from ${files.dims} where dim in (${CODED.map(quoted).join(', ')})`,
  )
  return {
    eachValue: (dim, take) => eachValue(reader, dim, take),
    idsOf: (dim) => idsOf(reader, dim),
    checks: async () =>
      Number((await reader.rows(`select count(*) as n from ${files.facts} where kind is not null`))[0]?.n),
    samplesAreUuids: () => samplesAreUuids(reader, files.facts),
    rows: (areUuids, add) => reader.columns(rowsSql(files, areUuids), add),
    eachSample: (take) =>
      reader.blobs(
        `select 0::uinteger, encode(coalesce(sample, '')) from (${checksSql(files)}) order by ${ORDER}`,
        (_, bytes) => take(bytes),
      ),
    days: () => daysOf(reader, files),
  }
}

/** Facts and dims as SQL, with the number of each row in its file. */
export interface Files {
  readonly facts: string
  readonly dims: string
}

/** Values in a text of the database, with a line break between them: no value has one. */
const BLOCK = 1024
const LINE_BREAK = 10

function eachValue(
  reader: ColumnReader,
  dim: Coded,
  take: (bytes: Buffer, start: number, end: number) => void,
): Promise<void> {
  const blocks = `select code // ${BLOCK} as block, encode(string_agg(value, chr(10) order by code)) as texts from codes where dim = ${quoted(dim)} group by 1 order by 1`
  return reader.blobs(`select cast(block as uinteger), texts from (${blocks})`, (_, bytes) => {
    for (let start = 0; start <= bytes.length; ) {
      const found = bytes.indexOf(LINE_BREAK, start)
      const end = found < 0 ? bytes.length : found
      take(bytes, start, end)
      start = end + 1
    }
  })
}

async function idsOf(reader: ColumnReader, dim: Coded): Promise<Uint32Array> {
  let ids = new Uint32Array(2048)
  let used = 0
  await reader.columns(
    `select cast(id as ubigint) from codes where dim = ${quoted(dim)} order by code`,
    ([halves = new Uint32Array(0)], rows) => {
      ids = fit(ids, used + 2 * rows)
      ids.set(halves.subarray(0, 2 * rows), used)
      used += 2 * rows
    },
  )
  return ids.subarray(0, used)
}

/** Ids of events are UUIDs, which take 16 bytes; if ever one is not, all are kept as texts. */
async function samplesAreUuids(reader: ColumnReader, facts: string): Promise<boolean> {
  const [row] = await reader.rows(
    `select count(*) filter (coalesce(cast(try_cast(sample as uuid) as varchar), '') <> coalesce(sample, '')) as n
     from ${facts} where kind is not null`,
  )
  return Number(row?.n) === 0
}

const CODES = ['action', 'region', 'principal', 'network', 'account', 'context', 'resource', 'error'] as const
/** Codes of runs first, so that their checks lie together; then those that ask the same, one after the other. */
const ORDER = `${RUN_COLUMNS.join(', ')}, context, resource, "when", place`

/** Each check once, with the codes of its values in the place of their ids. */
const checksSql = ({ facts }: Files) => `select
    ${CODES.map((dim) => `coalesce(${dim}.code, 0) as ${dim}`).join(', ')}, cast(f.seen as uinteger) as seen,
    cast(2 * (f.day - date '1970-01-01') + cast(error.value like '%"denied":true%' as integer) as uinteger) as "when",
    cast(f.count as uinteger) as calls, cast(epoch(f.first) as uinteger) as "first", cast(epoch(f.last) as uinteger) as "last",
    cast(f.shape in (select shape from ${facts} where check_no = 1) as uinteger) as several,
    cast(f.shape as ubigint) as shape, f.sample, f.file_row_number as place
  from ${facts} f ${CODES.map((dim) => `left join codes ${dim} on ${dim}.dim = '${dim}' and ${dim}.id = f.${dim}`).join('\n')}
  where f.kind is not null`

const rowsSql = (source: Files, areUuids: boolean) =>
  `select ${RUN_COLUMNS.join(', ')}, context, resource, "when", calls, "first", "last", several, shape
   ${areUuids ? ", coalesce(cast(nullif(sample, '') as uuid), cast('00000000-0000-0000-0000-000000000000' as uuid))" : ''}
   from (${checksSql(source)}) order by ${ORDER}`

async function daysOf(reader: ColumnReader, { facts, dims }: Files): Promise<readonly DayTotals[]> {
  const sums = await reader.rows(
    `select cast(day - date '1970-01-01' as integer) as day, cast(coalesce(sum(count) filter (where check_no = 0), 0) as double) as events,
       cast(coalesce(sum(count) filter (where check_no = 0 and kind is not null), 0) as double) as calls,
       cast(count(*) filter (where kind is not null) as double) as checks from ${facts} group by 1 order by 1`,
  )
  const skips = await reader.rows(
    `select cast(day - date '1970-01-01' as integer) as day, s.value as reason, cast(sum(count) as double) as n
     from ${facts} f join ${dims} s on s.dim = 'skip' and s.id = f.skip where check_no = 0 and kind is null group by 1, 2 order by 1, 2`,
  )
  return sums.map(({ day, events, calls, checks }) => ({
    day: Number(day),
    events: Number(events),
    calls: Number(calls),
    checks: Number(checks),
    skipped: Object.fromEntries(
      skips.filter((one) => one.day === day).map(({ reason, n }) => [String(reason), Number(n)]),
    ),
  }))
}
