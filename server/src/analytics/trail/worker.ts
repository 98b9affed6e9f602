import { readFileSync } from 'node:fs'
import { type CollectOptions, collector } from './collect.ts'
import { giveBack } from './garbage.ts'
import { type Handed, handOver, memoryOf } from './hand-over.ts'
import { readTrailFile, unreadable } from './read-file.ts'
import type { FileResult, TrailFile } from './store.ts'
import { loadTables } from './tables.ts'
import { serve } from './thread.ts'

/** What a reading thread is asked and what it answers. One file at a time; `drain` ends a part. */
export type Ask =
  | { readonly kind: 'file'; readonly file: TrailFile; readonly bytes: Uint8Array }
  | { readonly kind: 'place'; readonly file: TrailFile; readonly place: string }
  | { readonly kind: 'drain' }
/** `found`: what was found since it was handed over the last time, when that became much or nothing follows. */
export type Answer =
  | { readonly kind: 'file'; readonly result: FileResult; readonly found: Handed | null }
  | { readonly kind: 'drained'; readonly found: Handed | null }

/** Reads files into facts; the same for a thread and for a caller that has no threads (tests). */
export function ingestor(options: CollectOptions) {
  const { tables, iam } = loadTables()
  const into = collector(tables, iam, options)
  const drain = (): Handed | null => {
    const drained = into.drain()
    return drained.counts.some((count) => count > 0) ? handOver(drained) : null
  }
  return async (ask: Ask): Promise<Answer> => {
    if (ask.kind === 'drain') {
      const found = drain()
      giveBack()
      return { kind: 'drained', found }
    }
    const bytes = ask.kind === 'file' ? ask.bytes : bytesAt(ask.place)
    const result = bytes instanceof Error ? unreadable(ask.file, bytes) : readTrailFile(into, ask.file, bytes)
    return { kind: 'file', result, found: into.isFull() ? drain() : null }
  }
}

function bytesAt(place: string): Uint8Array | Error {
  try {
    return readFileSync(place)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

serve<CollectOptions, Ask, Answer>('trail', ingestor, ({ found }) => (found === null ? [] : memoryOf(found)))
