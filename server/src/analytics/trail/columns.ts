import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { bug } from '../../kernel/errors.ts'

/** Memory of DuckDB; what does not fit goes to disk. Two threads: the design size of one machine. */
const DUCKDB = { memory_limit: '384MB', threads: '2' }

/** A database in memory with its overflow in `spill`. Its library takes 40 MB, which whoever asks no SQL never loads. */
export async function openDuckDb(spill: string) {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  return DuckDBInstance.create(':memory:', { ...DUCKDB, temp_directory: spill })
}

export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Answers of DuckDB as columns of numbers, a chunk at a time; no object for a row. */
export interface ColumnReader {
  run(sql: string): Promise<unknown>
  /** For few rows. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /**
   * All columns are unsigned numbers of 32 bits, or wider ones as several words for each row: two of 64 bits, four of a
   * UUID. Columns are views that live until the next chunk.
   */
  columns(sql: string, onChunk: (columns: readonly Uint32Array[], rows: number) => void): Promise<void>
  /** A number and bytes for each row. */
  blobs(sql: string, onRow: (number: number, bytes: Buffer) => void): Promise<void>
}

/** Opens a database in memory for `work`, with its overflow in `spill`. */
export async function withColumns<T>(spill: string, work: (reader: ColumnReader) => Promise<T>): Promise<T> {
  const instance = await openDuckDb(spill)
  const connection = await instance.connect()
  try {
    return await work(readerOf(connection))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function readerOf(connection: DuckDBConnection): ColumnReader {
  const stream = async (sql: string, use: (chunk: DuckDBDataChunk, rows: number) => void): Promise<void> => {
    const result = await connection.stream(sql)
    for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
      if (chunk.rowCount === 0) break
      use(chunk, chunk.rowCount)
      hold(chunk)
    }
  }
  return {
    run: (sql) => connection.run(sql),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    columns: (sql, onChunk) =>
      stream(sql, (chunk, rows) => {
        const columns = Array.from({ length: chunk.columnCount }, (_, index) =>
          wordsOf(chunk.getColumnVector(index)),
        )
        onChunk(columns, rows)
      }),
    blobs: (sql, onRow) =>
      stream(sql, (chunk, rows) => {
        const [numbers, blobs] = [wordsOf(chunk.getColumnVector(0)), chunk.getColumnVector(1)]
        for (let i = 0; i < rows; i++) {
          const { buffer, byteOffset, length } = (blobs.getItem(i) as { readonly bytes: Uint8Array }).bytes
          onRow(numbers[i] as number, Buffer.from(buffer, byteOffset, length))
        }
      }),
  }
}

/**
 * Columns are views into a chunk's memory that do not hold it themselves: a chunk that nobody speaks of any more is freed
 * by the next collection of garbage, also while its columns are being read. So it is spoken of after they were.
 */
function hold(chunk: DuckDBDataChunk): void {
  if (chunk.columnCount === 0) throw bug('A chunk of facts has no columns.')
}

/** The memory of a column of numbers. The class keeps it to itself; the tests of the index hold it in place. */
function wordsOf(vector: unknown): Uint32Array {
  const { items, dataView } = vector as { readonly items?: unknown; readonly dataView?: unknown }
  if (items instanceof Uint32Array) return items
  if (items instanceof BigUint64Array)
    return new Uint32Array(items.buffer, items.byteOffset, items.length * 2)
  if (dataView instanceof DataView)
    return new Uint32Array(dataView.buffer, dataView.byteOffset, dataView.byteLength / 4)
  throw bug('A column of facts is not of unsigned numbers.')
}
