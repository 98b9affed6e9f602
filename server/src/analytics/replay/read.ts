import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import {
  type DuckDBBlobValue,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
} from '@duckdb/node-api'
import { bug, RankanError } from '../../kernel/errors.ts'
import { DUCKDB } from '../trail/facts.ts'
import { BLOCK, type Coded, indexPart } from '../trail/index-part.ts'
import { partsFolder, workFolder } from '../trail/store.ts'

export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Reading of a facts folder, a chunk at a time. */
export interface FactsReader {
  /** Parts in the order in which they were made. */
  readonly parts: readonly string[]
  /**
   * All columns are unsigned numbers; those of 64 bits are two halves for each row. Columns are views that live until the
   * next chunk.
   */
  numbers(sql: string, onChunk: (columns: readonly Uint32Array[], rows: number) => void): Promise<void>
  /** The values of a part: of each dimension those from the code `first` on, with a line break between them. */
  blocks(part: string, onBlock: (dim: Coded, first: number, texts: Buffer) => void): Promise<void>
  /** Ids (two halves) with their texts. */
  texts(sql: string, onRow: (lo: number, hi: number, text: string) => void): Promise<void>
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Opens the facts for `work`; memory is DuckDB's limit and what `work` keeps. An abort ends it at the next chunk. */
export async function readFacts<T>(
  dir: string,
  work: (reader: FactsReader) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const folder = partsFolder(dir)
  const parts = existsSync(folder) ? (await readdir(folder)).sort() : []
  const whole = parts.filter((part) => existsSync(path.join(folder, part, 'facts.parquet')))
  if (whole.length === 0)
    throw new RankanError(
      'not_found',
      'no_facts',
      `There are no facts in \`${dir}\`: no event of the trail could be read.`,
    )
  const instance = await DuckDBInstance.create(':memory:', {
    ...DUCKDB,
    temp_directory: path.join(workFolder(dir), 'spill'),
  })
  const connection = await instance.connect()
  try {
    const folders = whole.map((part) => path.join(folder, part))
    for (const part of folders) await indexPart(part, (sql) => connection.run(sql))
    return await work(readerOf(connection, folders, signal))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function readerOf(
  connection: DuckDBConnection,
  parts: readonly string[],
  signal: AbortSignal | undefined,
): FactsReader {
  const stream = async (sql: string, use: (chunk: DuckDBDataChunk, rows: number) => void): Promise<void> => {
    const result = await connection.stream(sql)
    for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
      signal?.throwIfAborted()
      if (chunk.rowCount === 0) break
      use(chunk, chunk.rowCount)
      hold(chunk)
    }
  }
  return {
    parts,
    numbers: (sql, onChunk) =>
      stream(sql, (chunk, rows) => {
        const columns = Array.from({ length: chunk.columnCount }, (_, index) =>
          wordsOf(chunk.getColumnVector(index)),
        )
        onChunk(columns, rows)
      }),
    blocks: (part, onBlock) =>
      stream(
        `select cast(block as uinteger), dim, texts::blob from read_parquet(${quoted(`${part}/texts.parquet`)}) order by dim, block`,
        (chunk, rows) => {
          const firsts = wordsOf(chunk.getColumnVector(0))
          const [dims, blobs] = [chunk.getColumnVector(1), chunk.getColumnVector(2)]
          for (let i = 0; i < rows; i++) {
            const { buffer, byteOffset, length } = (blobs.getItem(i) as DuckDBBlobValue).bytes
            onBlock(
              String(dims.getItem(i)) as Coded,
              (firsts[i] as number) * BLOCK,
              Buffer.from(buffer, byteOffset, length),
            )
          }
        },
      ),
    texts: (sql, onRow) =>
      stream(sql, (chunk, rows) => {
        const [ids, texts] = [wordsOf(chunk.getColumnVector(0)), chunk.getColumnVector(1)]
        for (let i = 0; i < rows; i++)
          onRow(ids[2 * i] as number, ids[2 * i + 1] as number, String(texts.getItem(i)))
      }),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
  }
}

/**
 * Columns are views into a chunk's memory that do not hold it themselves: a chunk that nobody speaks of any more is freed
 * by the next collection of garbage, also while its columns are being read. So it is spoken of after they were.
 */
function hold(chunk: DuckDBDataChunk): void {
  if (chunk.columnCount === 0) throw bug('A chunk of facts has no columns.')
}

/** The memory of a column of numbers. The class keeps it to itself; the test of `answer` holds it in place. */
function wordsOf(vector: unknown): Uint32Array {
  const items = (vector as { readonly items?: unknown }).items
  if (items instanceof Uint32Array) return items
  if (!(items instanceof BigUint64Array)) throw bug('A column of facts is not of unsigned numbers.')
  return new Uint32Array(items.buffer, items.byteOffset, items.length * 2)
}
