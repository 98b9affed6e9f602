import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { bug, RankanError } from '../../kernel/errors.ts'
import { DUCKDB } from '../trail/facts.ts'
import { partsFolder, workFolder } from '../trail/store.ts'

export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Reading of a facts folder, a chunk at a time. */
export interface FactsReader {
  /** Parts in the order in which they were made. */
  readonly parts: readonly string[]
  /** All columns are 64-bit numbers; a row is `2 * columns` halves. Columns are views that live until the next chunk. */
  numbers(sql: string, onChunk: (columns: readonly Uint32Array[], rows: number) => void): Promise<void>
  /** Ids (two halves) with their texts; a text is only made for an id that is `wanted`. */
  texts(
    sql: string,
    onRow: (lo: number, hi: number, text: string) => void,
    wanted?: (lo: number, hi: number) => boolean,
  ): Promise<void>
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
    return await work(
      readerOf(
        connection,
        whole.map((part) => path.join(folder, part)),
        signal,
      ),
    )
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
  return {
    parts,
    async numbers(sql, onChunk) {
      const result = await connection.stream(sql)
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        signal?.throwIfAborted()
        if (chunk.rowCount === 0) break
        const columns = Array.from({ length: chunk.columnCount }, (_, index) =>
          halves(chunk?.getColumnVector(index)),
        )
        onChunk(columns, chunk.rowCount)
      }
    },
    async texts(sql, onRow, wanted = () => true) {
      const result = await connection.stream(sql)
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        signal?.throwIfAborted()
        if (chunk.rowCount === 0) break
        const ids = halves(chunk.getColumnVector(0))
        const texts = chunk.getColumnVector(1)
        for (let i = 0; i < chunk.rowCount; i++) {
          const [lo, hi] = [ids[2 * i] as number, ids[2 * i + 1] as number]
          if (wanted(lo, hi)) onRow(lo, hi, String(texts.getItem(i)))
        }
      }
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
  }
}

/** The memory of a column of 64-bit numbers. The class keeps it to itself; the test of `answer` holds it in place. */
function halves(vector: unknown): Uint32Array {
  const items = (vector as { readonly items?: unknown }).items
  if (!(items instanceof BigUint64Array)) throw bug('A column of facts is not of 64-bit numbers.')
  return new Uint32Array(items.buffer, items.byteOffset, items.length * 2)
}
