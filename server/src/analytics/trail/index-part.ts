import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import path from 'node:path'

/**
 * What replay reads of a part, made out of its facts and dims alone: `codes.parquet` has one row for each check with the
 * place of each value in its dimension, `texts.parquet` the values in the order of these places, many in one text.
 */
export const INDEX_FILES = ['codes', 'texts'] as const

/** Dimensions that replay asks. */
export const CODED = [
  'context',
  'principal',
  'network',
  'resource',
  'region',
  'action',
  'account',
  'error',
] as const
export type Coded = (typeof CODED)[number]

/** Columns of `codes.parquet`, all unsigned numbers of 32 bits. `several`: the call has more than one check. */
export const CODE_COLUMNS = [
  'shape_lo',
  'shape_hi',
  'several',
  'day',
  'seen',
  'calls',
  'first',
  'last',
  ...CODED,
] as const

/** Values in one text of `texts.parquet`. */
export const BLOCK = 1024

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Where facts and dims are: as SQL, with the column that tells the place of a row. */
export interface Indexed {
  readonly facts: string
  readonly dims: string
  readonly place: 'file_row_number' | 'rowid'
}

/** `out` names the two files: beside the part, or somewhere on the same disk until they are whole. */
export function indexSql(
  { facts, dims, place }: Indexed,
  out: (file: (typeof INDEX_FILES)[number]) => string,
): readonly string[] {
  return [
    `create or replace temp table codes as
      select dim, id, value, cast(${place} - min(${place}) over (partition by dim) as uinteger) as code
      from ${dims} where dim in (${CODED.map(quoted).join(', ')})`,
    `copy (
      select dim, code // ${BLOCK} as block, string_agg(value, chr(10) order by code) as texts
      from codes group by all order by dim, block
    ) to ${quoted(out('texts'))} (format parquet, compression zstd, row_group_size 2048)`,
    `copy (
      select cast(f.shape & 4294967295 as uinteger) as shape_lo, cast(f.shape >> 32 as uinteger) as shape_hi,
        cast(f.shape in (select shape from ${facts} where check_no = 1) as uinteger) as several,
        cast(f.day - date '1970-01-01' as uinteger) as day, cast(f.seen as uinteger) as seen,
        cast(f.count as uinteger) as calls, cast(epoch(f.first) as uinteger) as first, cast(epoch(f.last) as uinteger) as last,
        ${CODED.map((dim) => `coalesce(${dim}.code, 0) as ${dim}`).join(', ')}
      from ${facts} f ${CODED.map((dim) => `left join codes ${dim} on ${dim}.dim = '${dim}' and ${dim}.id = f.${dim}`).join('\n      ')}
      where f.kind is not null order by f.${place}
    ) to ${quoted(out('codes'))} (format parquet, compression zstd, row_group_size 122880)`,
    'drop table codes',
  ]
}

/** Indexes a part that has no index: one of an earlier version. Each file appears whole. */
export async function indexPart(part: string, run: (sql: string) => Promise<unknown>): Promise<void> {
  const target = (file: string) => path.join(part, `${file}.parquet`)
  if (INDEX_FILES.every((file) => existsSync(target(file)))) return
  const read = (file: string) => `read_parquet(${quoted(target(file))}, file_row_number = true)`
  await writeIndex(part, { facts: read('facts'), dims: read('dims'), place: 'file_row_number' }, run)
}

export async function writeIndex(
  part: string,
  indexed: Indexed,
  run: (sql: string) => Promise<unknown>,
): Promise<void> {
  const unfinished = (file: string) => path.join(part, `${file}-${process.pid}.unfinished`)
  for (const sql of indexSql(indexed, unfinished)) await run(sql)
  for (const file of INDEX_FILES) await rename(unfinished(file), path.join(part, `${file}.parquet`))
}
