import { renameSync } from 'node:fs'
import path from 'node:path'
import { quoted, withColumns } from './columns.ts'
import { fit } from './growing.ts'
import { openSections, type Section, type SectionRoom, writeSections } from './index-file.ts'
import { addRows } from './index-rows.ts'
import {
  addTexts,
  CODED,
  type IndexMeta,
  type IndexSource,
  type PartIndex,
  type Shredded,
} from './index-sections.ts'
import { sourceOfFiles } from './index-source.ts'
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
  await withColumns(spill, async (reader) =>
    writeIndex(part, await sourceOfFiles({ facts: read('facts'), dims: read('dims') }, reader)),
  )
  return open() as PartIndex
}

/** Writes the index of a part. The file appears whole. */
export async function writeIndex(part: string, source: IndexSource): Promise<void> {
  const sections = new Map<string, Section>()
  const shredded = await addValues(source, sections)
  const rows = await addRows(source, sections)
  const unfinished = path.join(part, `index-${process.pid}.unfinished`)
  writeSections(unfinished, VERSION, { ...rows, shredded } satisfies IndexMeta, sections)
  renameSync(unfinished, path.join(part, INDEX_FILE))
}

async function addValues(
  source: IndexSource,
  sections: Map<string, Section>,
): Promise<IndexMeta['shredded']> {
  const shredded = {} as Record<Shredded, Pick<Shreds, 'keys' | 'shapes'>>
  for (const dim of CODED) {
    if (dim === 'context' || dim === 'network') {
      const shreds = shredder()
      await source.eachValue(dim, shreds.add)
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
    await source.eachValue(dim, (bytes, start, end) => {
      if (dim === 'resource') {
        plain = fit(plain, texts.size() + 1)
        plain[texts.size()] = isPlainResource(bytes, start, end) ? 1 : 0
      }
      texts.add(bytes, start, end)
    })
    addTexts(sections, dim, texts.done())
    if (dim === 'resource') sections.set('resource.plain', plain.subarray(0, texts.size()))
  }
  for (const dim of IDENTIFIED) sections.set(`${dim}.id`, await source.idsOf(dim))
  return shredded
}
