import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { joined } from './parquet-page.ts'

/** Numbers of the Parquet format (parquet.thrift): physical type, converted type. */
const TYPES = {
  i8: { physical: 1, converted: 15 },
  i32: { physical: 1, converted: 17 },
  date: { physical: 1, converted: 6 },
  i64: { physical: 2, converted: 18 },
  u64: { physical: 2, converted: 14 },
  timestamp: { physical: 2, converted: 10 },
  text: { physical: 6, converted: 0 },
} as const
const [PLAIN, RLE, RLE_DICTIONARY] = [0, 3, 8]
const [DATA_PAGE, DICTIONARY_PAGE] = [0, 2]
const [REQUIRED, OPTIONAL] = [0, 1]
const [UNCOMPRESSED, GZIP] = [0, 2]
const MAGIC = Buffer.from('PAR1')

export interface ParquetColumn {
  readonly name: string
  readonly type: keyof typeof TYPES
  /** Has rows without a value. */
  readonly optional?: boolean
  /** How the data is packed: what comes from a hash cannot be, hexadecimal digits take half, texts repeat each other. */
  readonly packing: Packing
  chunk(first: number, end: number): Chunk
}

export type Packing = 'none' | 'digits' | 'texts'

/** A column of a group of rows. `data`: levels if the column is optional, then values or places in the dictionary. */
export interface Chunk {
  readonly dictionary?: { readonly size: number; readonly bytes: Uint8Array }
  readonly data: Uint8Array
}

/** As many rows as a reader takes at a time. */
export const GROUP_ROWS = 122_880

interface Written {
  readonly column: ParquetColumn
  readonly rows: number
  readonly hasDictionary: boolean
  readonly pieces: readonly Uint8Array[]
  /** Bytes without packing. */
  readonly plain: number
}

interface Placed extends Written {
  readonly at: number
  readonly size: number
  /** Bytes of the dictionary with its header. */
  readonly dictionary: number
}

/**
 * Writes a Parquet file of facts: groups of rows, one page for each column of a group. Data is packed beside what else is
 * done. The same rows give the same bytes.
 */
export async function writeParquet(
  file: string,
  rows: number,
  columns: readonly ParquetColumn[],
): Promise<void> {
  const groupAt = (first: number) =>
    first >= rows
      ? null
      : Promise.all(columns.map((column) => writtenOf(column, first, Math.min(rows, first + GROUP_ROWS))))
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(MAGIC)
    let at = MAGIC.length
    const placed: Placed[][] = []
    // The next group is made while this one is packed.
    let group = groupAt(0)
    for (let first = GROUP_ROWS; group !== null; first += GROUP_ROWS) {
      const next = groupAt(first)
      const chunks = (await group).map((written) => {
        const chunk = placedAt(written, at)
        at += chunk.size
        return chunk
      })
      await handle.writeFile(joined(chunks.flatMap(({ pieces }) => pieces)))
      // What is written is not kept.
      placed.push(chunks.map((chunk) => ({ ...chunk, pieces: [] })))
      group = next
    }
    const footer = footerOf(rows, columns, placed)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(footer.length)
    await handle.writeFile(joined([footer, length, MAGIC]))
  } finally {
    await handle.close()
  }
}

const deflated = promisify<Uint8Array, object, Buffer>(gzip)
const PACKINGS = {
  digits: { strategy: constants.Z_HUFFMAN_ONLY },
  texts: { level: 1 },
} as const

async function writtenOf(column: ParquetColumn, first: number, end: number): Promise<Written> {
  const { dictionary, data } = column.chunk(first, end)
  const { packing } = column
  const pack = async (bytes: Uint8Array) =>
    packing === 'none' ? bytes : await deflated(bytes, PACKINGS[packing])
  const pieces: Uint8Array[] = []
  let plain = 0
  const page = async (bytes: Uint8Array, headerOf: (size: number, packed: number) => Uint8Array) => {
    const packed = await pack(bytes)
    const header = headerOf(bytes.length, packed.length)
    pieces.push(header, packed)
    plain += header.length + bytes.length
  }
  if (dictionary !== undefined)
    await page(dictionary.bytes, (size, packed) => dictionaryHeader(dictionary.size, size, packed))
  const encoding = dictionary === undefined ? PLAIN : RLE_DICTIONARY
  await page(data, (size, packed) => pageHeader(end - first, encoding, size, packed))
  return { column, rows: end - first, hasDictionary: dictionary !== undefined, pieces, plain }
}

function placedAt(written: Written, at: number): Placed {
  const sizes = written.pieces.map(({ length }) => length)
  const [header = 0, dictionary = 0] = written.hasDictionary ? sizes : []
  return { ...written, at, size: sizes.reduce((sum, size) => sum + size, 0), dictionary: header + dictionary }
}

const pageHeader = (values: number, encoding: number, size: number, packed: number): Uint8Array =>
  Buffer.from(
    struct([
      [1, i32(DATA_PAGE)],
      [2, i32(size)],
      [3, i32(packed)],
      [
        5,
        structure([
          [1, i32(values)],
          [2, i32(encoding)],
          [3, i32(RLE)],
          [4, i32(RLE)],
        ]),
      ],
    ]),
  )

const dictionaryHeader = (values: number, size: number, packed: number): Uint8Array =>
  Buffer.from(
    struct([
      [1, i32(DICTIONARY_PAGE)],
      [2, i32(size)],
      [3, i32(packed)],
      [
        7,
        structure([
          [1, i32(values)],
          [2, i32(PLAIN)],
        ]),
      ],
    ]),
  )

const footerOf = (
  rows: number,
  columns: readonly ParquetColumn[],
  groups: readonly (readonly Placed[])[],
): Uint8Array =>
  Buffer.from(
    struct([
      [1, i32(1)],
      [2, list(STRUCT, [rootSchema(columns.length), ...columns.map(schemaOf)])],
      [3, i64(rows)],
      [4, list(STRUCT, groups.map(rowGroup))],
    ]),
  )

const rootSchema = (children: number): Bytes =>
  struct([
    [4, text('facts')],
    [5, i32(children)],
  ])

const schemaOf = ({ name, type, optional }: ParquetColumn): Bytes =>
  struct([
    [1, i32(TYPES[type].physical)],
    [3, i32(optional === true ? OPTIONAL : REQUIRED)],
    [4, text(name)],
    [6, i32(TYPES[type].converted)],
  ])

const rowGroup = (chunks: readonly Placed[]): Bytes =>
  struct([
    [1, list(STRUCT, chunks.map(columnChunk))],
    [2, i64(chunks.reduce((sum, { plain }) => sum + plain, 0))],
    [3, i64(chunks[0]?.rows ?? 0)],
  ])

const columnChunk = ({ column, rows, at, size, plain, hasDictionary, dictionary }: Placed): Bytes =>
  struct([
    [2, i64(at)],
    [
      3,
      structure([
        [1, i32(TYPES[column.type].physical)],
        [
          2,
          list(
            I32,
            [PLAIN, RLE, RLE_DICTIONARY].map((encoding) => varint(zigzag(encoding))),
          ),
        ],
        [3, list(BINARY, [binary(column.name)])],
        [4, i32(column.packing === 'none' ? UNCOMPRESSED : GZIP)],
        [5, i64(rows)],
        [6, i64(plain)],
        [7, i64(size)],
        [9, i64(at + dictionary)],
        ...(hasDictionary ? [[11, i64(at)] as const] : []),
      ]),
    ],
  ])

/** Thrift's compact protocol, as far as it is needed. */
type Bytes = readonly number[]
interface Value {
  readonly type: number
  readonly bytes: Bytes
}
const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12]

const zigzag = (value: number) => value * 2
function varint(value: number): Bytes {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}
const i32 = (value: number): Value => ({ type: I32, bytes: varint(zigzag(value)) })
const i64 = (value: number): Value => ({ type: I64, bytes: varint(zigzag(value)) })
const binary = (value: string): Bytes => {
  const bytes = Buffer.from(value)
  return [...varint(bytes.length), ...bytes]
}
const text = (value: string): Value => ({ type: BINARY, bytes: binary(value) })
const list = (type: number, items: readonly Bytes[]): Value => ({
  type: LIST,
  bytes: [
    ...(items.length < 15 ? [items.length * 16 + type] : [0xf0 + type, ...varint(items.length)]),
    ...items.flat(),
  ],
})
const structure = (fields: readonly (readonly [number, Value])[]): Value => ({
  type: STRUCT,
  bytes: struct(fields),
})

/** Fields in rising order, each with its distance from the one before. */
function struct(fields: readonly (readonly [number, Value])[]): Bytes {
  let before = 0
  const bytes = fields.flatMap(([id, value]) => {
    const head = (id - before) * 16 + value.type
    before = id
    return [head, ...value.bytes]
  })
  return [...bytes, 0]
}
