import { open } from 'node:fs/promises'

/** A column as Parquet keeps it plain; `words` of 64 bits are two halves for each row, texts stand behind their lengths. */
export type PlainColumn =
  | { readonly name: string; readonly kind: 'u32'; readonly data: Uint32Array }
  | { readonly name: string; readonly kind: 'u64'; readonly data: Uint32Array }
  | { readonly name: string; readonly kind: 'text'; readonly data: Uint8Array }

/** Numbers of the Parquet format (parquet.thrift): physical type, converted type. */
const TYPES = {
  u32: { physical: 1, converted: 13 },
  u64: { physical: 2, converted: 14 },
  text: { physical: 6, converted: 0 },
} as const
const [PLAIN, RLE, REQUIRED, DATA_PAGE, UNCOMPRESSED] = [0, 3, 0, 0, 0]
const MAGIC = Buffer.from('PAR1')

/**
 * Writes a Parquet file of one row group and no compression: memory as it lies, with a footer that tells what is where.
 * It is how threads hand facts to DuckDB, without text to print and to read; files that stay are DuckDB's.
 */
export async function writeParquet(
  file: string,
  rows: number,
  columns: readonly PlainColumn[],
): Promise<void> {
  const parts: Uint8Array[] = [MAGIC]
  let at = MAGIC.length
  const chunks = columns.map((column) => {
    const data = bytesOf(column)
    const header = pageHeader(rows, data.length)
    const chunk = { column, at, size: header.length + data.length }
    parts.push(header, data)
    at += chunk.size
    return chunk
  })
  const footer = footerOf(rows, chunks)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  parts.push(footer, length, MAGIC)
  const handle = await open(file, 'w')
  try {
    for (const part of parts) await handle.writeFile(part)
  } finally {
    await handle.close()
  }
}

const bytesOf = ({ data }: PlainColumn): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

interface Chunk {
  readonly column: PlainColumn
  readonly at: number
  readonly size: number
}

const pageHeader = (rows: number, size: number): Uint8Array =>
  Buffer.from(
    struct([
      [1, i32(DATA_PAGE)],
      [2, i32(size)],
      [3, i32(size)],
      [
        5,
        structure([
          [1, i32(rows)],
          [2, i32(PLAIN)],
          [3, i32(RLE)],
          [4, i32(RLE)],
        ]),
      ],
    ]),
  )

const footerOf = (rows: number, chunks: readonly Chunk[]): Uint8Array =>
  Buffer.from(
    struct([
      [1, i32(1)],
      [2, list(STRUCT, [rootSchema(chunks.length), ...chunks.map(({ column }) => schemaOf(column))])],
      [3, i64(rows)],
      [4, list(STRUCT, [rowGroup(rows, chunks)])],
    ]),
  )

const rootSchema = (children: number): Bytes =>
  struct([
    [4, text('facts')],
    [5, i32(children)],
  ])

const schemaOf = ({ name, kind }: PlainColumn): Bytes =>
  struct([
    [1, i32(TYPES[kind].physical)],
    [3, i32(REQUIRED)],
    [4, text(name)],
    [6, i32(TYPES[kind].converted)],
  ])

const rowGroup = (rows: number, chunks: readonly Chunk[]): Bytes =>
  struct([
    [
      1,
      list(
        STRUCT,
        chunks.map((chunk) => columnChunk(rows, chunk)),
      ),
    ],
    [2, i64(chunks.reduce((sum, { size }) => sum + size, 0))],
    [3, i64(rows)],
  ])

const columnChunk = (rows: number, { column, at, size }: Chunk): Bytes =>
  struct([
    [2, i64(at)],
    [
      3,
      structure([
        [1, i32(TYPES[column.kind].physical)],
        [2, list(I32, [varint(zigzag(PLAIN)), varint(zigzag(RLE))])],
        [3, list(BINARY, [binary(column.name)])],
        [4, i32(UNCOMPRESSED)],
        [5, i64(rows)],
        [6, i64(size)],
        [7, i64(size)],
        [9, i64(at)],
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
