import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { KINDS } from './call-texts.ts'
import { NUMBERED, type Numbered } from './collect.ts'
import { pageOfEventIds } from './event-ids.ts'
import { copyId } from './ids.ts'
import { sourceOfFacts } from './index-merged.ts'
import { writeIndex } from './index-part.ts'
import type { Found } from './merge.ts'
import { picked } from './order.ts'
import { type Chunk, type Packing, type ParquetColumn, writeParquet } from './parquet.ts'
import { levels, placesPage, textPage } from './parquet-page.ts'
import { type SortedFacts, sortFacts } from './sorted.ts'

/** Writes the files of a part into a folder, which is made; the same findings give the same bytes. */
export async function writePart(out: string, found: Found): Promise<void> {
  await mkdir(out, { recursive: true })
  const facts = sortFacts(found)
  // One after the other: columns of one are gone before those of the next are made.
  await writeIndex(out, sourceOfFacts(facts))
  await writeFacts(path.join(out, 'facts.parquet'), facts)
  await writeDims(path.join(out, 'dims.parquet'), facts)
}

/** Whatever has few values: their numbers, and what the numbers stand for. */
interface Coded {
  readonly numbers: Uint32Array
  readonly size: number
  readonly dictionary: (numbers: Uint32Array) => Uint8Array
}

function codedColumn(
  name: string,
  type: ParquetColumn['type'],
  { numbers, size, dictionary }: Coded,
  /** Number 0 stands for no value. */
  optional = false,
): ParquetColumn {
  const placeOf = new Uint32Array(size)
  const chunk = (first: number, end: number): Chunk => {
    placeOf.fill(0)
    const used = new Uint32Array(Math.min(size, end - first))
    const places = new Uint32Array(end - first)
    const present = new Uint32Array(optional ? end - first : 0)
    let [distinct, count] = [0, 0]
    for (let row = first; row < end; row++) {
      const number = numbers[row] as number
      if (optional && number === 0) continue
      if (optional) present[row - first] = 1
      if (placeOf[number] === 0) {
        used[distinct] = number
        placeOf[number] = ++distinct
      }
      places[count++] = (placeOf[number] as number) - 1
    }
    const data = placesPage(places.subarray(0, count), Math.max(1, distinct))
    return {
      dictionary: { size: distinct, bytes: dictionary(used.subarray(0, distinct)) },
      data: optional ? Buffer.concat([levels(present), data]) : data,
    }
  }
  return { name, type, optional, packing: 'none', chunk }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

const plainColumn = (
  name: string,
  type: ParquetColumn['type'],
  packing: Packing,
  dataOf: (first: number, end: number) => Uint8Array,
): ParquetColumn => ({ name, type, packing, chunk: (first, end) => ({ data: dataOf(first, end) }) })

const u64s = (ids: Uint32Array, numbers: Uint32Array): Uint8Array => {
  const words = new Uint32Array(2 * numbers.length)
  for (let i = 0; i < numbers.length; i++) copyId(words, i, ids, numbers[i] as number)
  return bytesOf(words)
}

function textsOf(texts: readonly string[]): Coded['dictionary'] {
  const bytes = texts.map((text) => Buffer.from(text))
  return (numbers) => {
    const page = textPage()
    for (const number of numbers) page.add(bytes[number] as Buffer, 0, (bytes[number] as Buffer).length)
    return page.done()
  }
}

/** Numbers of values that may be of any size. */
function numbered(values: Uint32Array, words: (value: number) => readonly number[]): Coded {
  const numberOf = new Map<number, number>()
  const distinct: number[] = []
  const numbers = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    let number = numberOf.get(value)
    if (number === undefined) {
      number = distinct.push(value) - 1
      numberOf.set(value, number)
    }
    numbers[i] = number
  }
  return {
    numbers,
    size: distinct.length,
    dictionary: (used) =>
      bytesOf(Uint32Array.from([...used].flatMap((number) => words(distinct[number] as number)))),
  }
}
const i32 = (value: number) => [value]
const i64 = (value: number) => [value, 0]

const OPTIONAL: readonly Numbered[] = ['action', 'resource', 'context', 'skip']

function writeFacts(file: string, facts: SortedFacts): Promise<void> {
  const { found, rows, checkNo } = facts
  const { counts, firsts, lasts, samples, texts } = found
  const ids = (name: Numbered): ParquetColumn =>
    codedColumn(
      name,
      'u64',
      {
        numbers: facts.column(name),
        size: texts[name].size,
        dictionary: (numbers) => u64s(texts[name].ids, numbers),
      },
      OPTIONAL.includes(name),
    )
  const kinds: Coded = {
    numbers: facts.column('kind'),
    size: KINDS.length,
    dictionary: textsOf(KINDS.map((kind) => kind ?? '')),
  }
  const moments = (seconds: Uint32Array) => (first: number, end: number) => {
    const words = new Uint32Array(2 * (end - first))
    for (let i = first; i < end; i++) {
      const micros = (seconds[rows[i] as number] as number) * 1e6
      words[2 * (i - first)] = micros
      words[2 * (i - first) + 1] = micros / 0x1_0000_0000
    }
    return bytesOf(words)
  }
  return writeParquet(file, facts.size, [
    plainColumn('shape', 'u64', 'none', (first, end) => u64s(facts.shapes, rows.subarray(first, end))),
    codedColumn('check_no', 'i32', numbered(checkNo, i32)),
    codedColumn('day', 'date', numbered(facts.column('day'), i32)),
    codedColumn('kind', 'text', kinds, true),
    codedColumn('seen', 'i8', numbered(facts.column('seen'), i32)),
    ...(['event', 'action', 'resource', 'region', 'account', 'principal', 'network', 'error'] as const).map(
      ids,
    ),
    ...(['context', 'skip'] as const).map(ids),
    codedColumn('count', 'i64', numbered(picked(counts, rows), i64)),
    plainColumn('first', 'timestamp', 'digits', moments(firsts)),
    plainColumn('last', 'timestamp', 'digits', moments(lasts)),
    plainColumn('sample', 'text', 'digits', (first, end) =>
      pageOfEventIds(samples, rows.subarray(first, end)),
    ),
  ])
}

/** Each value once, in the order of the names of dimensions, then of texts. */
function writeDims(file: string, { found: { texts }, ranked }: SortedFacts): Promise<void> {
  const names = NUMBERED.toSorted()
  const size = names.reduce((sum, name) => sum + ranked[name].numbers.length, 0)
  const dims = new Uint32Array(size)
  const numbers = new Uint32Array(size)
  let at = 0
  names.forEach((name, dim) => {
    dims.fill(dim, at, at + ranked[name].numbers.length)
    numbers.set(ranked[name].numbers, at)
    at += ranked[name].numbers.length
  })
  const each = (first: number, end: number, use: (name: Numbered, number: number, i: number) => void) => {
    for (let i = first; i < end; i++) use(names[dims[i] as number] as Numbered, numbers[i] as number, i)
  }
  const ids = (first: number, end: number) => {
    const words = new Uint32Array(2 * (end - first))
    each(first, end, (name, number, i) => copyId(words, i - first, texts[name].ids, number))
    return bytesOf(words)
  }
  const values = (first: number, end: number) => {
    const page = textPage()
    each(first, end, (name, number) => {
      const { bytes, starts } = texts[name]
      page.add(bytes, starts[number] as number, starts[number + 1] as number)
    })
    return page.done()
  }
  return writeParquet(file, size, [
    codedColumn('dim', 'text', { numbers: dims, size: names.length, dictionary: textsOf(names) }),
    plainColumn('id', 'u64', 'none', ids),
    plainColumn('value', 'text', 'texts', values),
  ])
}
