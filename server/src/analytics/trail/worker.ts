import { parentPort, workerData } from 'node:worker_threads'
import { collector } from './collect.ts'
import { writePartial } from './partial.ts'
import { readTrailFile } from './read-file.ts'
import type { FileResult, TrailFile } from './store.ts'
import { loadTables } from './tables.ts'

/** What the thread is asked and what it answers. One file at a time; `drain` ends a part. */
export type Ask =
  | { readonly kind: 'file'; readonly file: TrailFile; readonly bytes: Uint8Array }
  | { readonly kind: 'drain'; readonly dir: string }
export type Answer =
  | { readonly kind: 'file'; readonly result: FileResult }
  | { readonly kind: 'drained' }
  | { readonly kind: 'failed'; readonly message: string }

export interface WorkerSetup {
  readonly dir: string
  readonly number: number
  readonly omit: readonly string[]
  readonly maxRows: number
  readonly maxBytes: number
}

/** Partials of threads are told apart by their number: thread 2 writes 2, 1002, 2002 … */
export const PARTIALS_OF_A_THREAD = 1000

/** Reads files into facts; the same for a thread and for a caller that has no threads (tests). */
export function ingestor(setup: WorkerSetup) {
  const { tables, iam } = loadTables()
  const into = collector(tables, iam, setup)
  let partials = 0
  const flush = async () => {
    const drained = into.drain()
    if (drained.counts.some((count) => count > 0))
      await writePartial(setup.dir, setup.number + PARTIALS_OF_A_THREAD * partials++, drained)
  }
  return async (ask: Ask): Promise<Answer> => {
    if (ask.kind === 'drain') {
      await flush()
      return { kind: 'drained' }
    }
    const result = readTrailFile(into, ask.file, ask.bytes)
    if (into.isFull()) await flush()
    return { kind: 'file', result }
  }
}

if (parentPort !== null && (workerData as { role?: string } | null)?.role === 'trail') {
  const port = parentPort
  const answer = ingestor((workerData as { setup: WorkerSetup }).setup)
  let last: Promise<unknown> = Promise.resolve()
  port.on('message', (ask: Ask) => {
    last = last
      .then(() => answer(ask))
      .catch(
        (error: unknown): Answer => ({
          kind: 'failed',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .then((reply) => port.postMessage(reply))
  })
}
