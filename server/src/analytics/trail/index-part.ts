import { renameSync } from 'node:fs'
import path from 'node:path'
import { type ColumnReader, quoted, withColumns } from './columns.ts'
import { fit } from './growing.ts'
import { openSections, type Section, type SectionRoom, writeSections } from './index-file.ts'
import { addRows } from './index-rows.ts'
import {
  addTexts,
  CODED,
  type Coded,
  type Indexed,
  type IndexMeta,
  type PartIndex,
  type Shredded,
} from './index-sections.ts'
import { isPlainResource } from './resource-text.ts'
import { type Shreds, shredder } from './shreds.ts'
import { textsWriter } from './texts.ts'

/**
 * What replay reads of a part, made out of its facts and dims alone: `answer.index` has a number for each check and
 * value, the values in the order of these numbers, and checks in the order in which they are asked.
 */
export const INDEX_FILE = 'answer.index'
const VERSION = 1

/** Dimensions of which a value has one number in all parts. */
const IDENTIFIED = ['principal', 'resource'] as const

/**
 * Opens the index of a part, made first when it has none: one of an earlier version, or one that comes from elsewhere.
 * With `room` no other index may be open in it.
 */
export async function openIndex(
  part: string,
  spill: string,
  room: SectionRoom | null = null,
): Promise<PartIndex> {
  const open = () => openSections<IndexMeta>(path.join(part, INDEX_FILE), VERSION, room)
  const there = open()
  if (there !== null) return there
  const read = (file: string) =>
    `read_parquet(${quoted(path.join(part, `${file}.parquet`))}, file_row_number = true)`
  const source: Indexed = { facts: read('facts'), dims: read('dims'), place: 'file_row_number' }
  await withColumns(spill, (reader) => writeIndex(part, source, reader))
  return open() as PartIndex
}

/** Writes the index of a part. The file appears whole. */
export async function writeIndex(part: string, source: Indexed, reader: ColumnReader): Promise<void> {
  const { dims, place } = source
  await reader.run(
    `create or replace temp table codes as
     select dim, id, value, cast(${place} - min(${place}) over (partition by dim) as uinteger) as code
     from ${dims} where dim in (${CODED.map(quoted).join(', ')})`,
  )
  const sections = new Map<string, Section>()
  const shredded = await addValues(reader, sections)
  const rows = await addRows(reader, source, sections)
  const unfinished = path.join(part, `index-${process.pid}.unfinished`)
  writeSections(unfinished, VERSION, { ...rows, shredded } satisfies IndexMeta, sections)
  renameSync(unfinished, path.join(part, INDEX_FILE))
}

async function addValues(
  reader: ColumnReader,
  sections: Map<string, Section>,
): Promise<IndexMeta['shredded']> {
  const shredded = {} as Record<Shredded, Pick<Shreds, 'keys' | 'shapes'>>
  for (const dim of CODED) {
    if (dim === 'context' || dim === 'network') {
      const shreds = shredder()
      await eachValue(reader, dim, shreds.add)
      const { keys, shapes, shapeOf, entries, values } = shreds.done()
      sections.set(`${dim}.shape`, shapeOf)
      sections.set(`${dim}.entries`, entries)
      keys.forEach((_, key) => {
        addTexts(sections, `${dim}.${key}`, values(key))
      })
      shredded[dim] = { keys, shapes }
      continue
    }
    const texts = textsWriter()
    let plain = new Uint8Array(1024)
    await eachValue(reader, dim, (bytes, start, end) => {
      if (dim === 'resource') {
        plain = fit(plain, texts.size() + 1)
        plain[texts.size()] = isPlainResource(bytes, start, end) ? 1 : 0
      }
      texts.add(bytes, start, end)
    })
    addTexts(sections, dim, texts.done())
    if (dim === 'resource') sections.set('resource.plain', plain.subarray(0, texts.size()))
  }
  for (const dim of IDENTIFIED) sections.set(`${dim}.id`, await idsOf(reader, dim))
  return shredded
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
