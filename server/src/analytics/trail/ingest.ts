import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { bug, conflict } from '../../kernel/errors.ts'
import { COLLECT } from './collect.ts'
import { mergePartials } from './facts.ts'
import type { TrailSource } from './source.ts'
import {
  clearWork,
  type FileResult,
  knownFiles,
  partId,
  publish,
  readManifests,
  standingOf,
  type TrailFile,
  workFolder,
} from './store.ts'
import { loadTables } from './tables.ts'
import { type Answer, type Ask, ingestor } from './worker.ts'

export interface IngestOptions {
  readonly source: TrailSource
  /** Folder of the facts store. */
  readonly dir: string
  /** 0: read in this thread. */
  readonly threads: number
  /** A part is published when it has read this many packed bytes; a run that is killed loses at most one part. */
  readonly partBytes?: number
  readonly onFile?: (result: FileResult) => void
  /** After each file that was read, refused ones included; `files` and `bytes` (packed) do not count known files. */
  readonly onProgress?: (done: IngestProgress) => void
  /** Stops between two files and throws the reason; parts that are published stay. */
  readonly signal?: AbortSignal
}

export interface IngestProgress {
  readonly files: number
  readonly bytes: number
  readonly events: number
}

export interface IngestReport {
  readonly files: number
  /** Files that an earlier run has read. */
  readonly known: number
  readonly events: number
  readonly parts: number
  readonly refused: readonly FileResult[]
}

const PART_BYTES = 256 * 1024 * 1024
/** Files read ahead for each thread: the disk or network is never waited for. */
const AHEAD = 2

/** Turns files that are new into parts of the facts store. Each file counts once however often this is called. */
export async function ingest(options: IngestOptions): Promise<IngestReport> {
  const tables = loadTables().digest
  const manifests = await readManifests(options.dir)
  if (manifests.some((manifest) => manifest.tables !== tables))
    throw conflict(
      'facts_of_other_tables',
      `The facts in \`${options.dir}\` were made by another version of Rankan's tables. Name an empty folder, so that all files are read anew.`,
    )
  await clearWork(options.dir)
  const known = knownFiles(manifests)
  const report = { files: 0, known: 0, events: 0, parts: 0, refused: [] as FileResult[] }
  const onFile = told(options)
  for await (const batch of batches(options, known, report)) {
    const results = await ingestPart({ ...options, onFile }, manifests.length + report.parts, batch, tables)
    report.parts++
    for (const result of results) report.events += result.events
    report.refused.push(...results.filter((result) => result.refused !== null))
  }
  return report
}

/** Adds up what `onProgress` is told. */
function told({ onFile, onProgress }: IngestOptions): (result: FileResult) => void {
  const done = { files: 0, bytes: 0, events: 0 }
  return (result) => {
    done.files++
    done.bytes += result.size
    done.events += result.events
    onFile?.(result)
    onProgress?.({ ...done })
  }
}

/** New files in the order of the source, cut into parts. */
async function* batches(
  options: IngestOptions,
  known: ReadonlyMap<string, FileResult>,
  report: { files: number; known: number; refused: FileResult[] },
): AsyncIterable<readonly TrailFile[]> {
  let batch: TrailFile[] = []
  let bytes = 0
  for await (const file of options.source.list()) {
    options.signal?.throwIfAborted()
    report.files++
    const standing = standingOf(known, file)
    if (standing === 'known') report.known++
    else if (standing === 'changed')
      report.refused.push({
        ...file,
        events: 0,
        refused: { reason: 'changed', detail: 'read before with another content; not counted again' },
      })
    else {
      batch.push(file)
      bytes += file.size
    }
    if (bytes < (options.partBytes ?? PART_BYTES)) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

async function ingestPart(
  options: IngestOptions,
  number: number,
  files: readonly TrailFile[],
  tables: string,
): Promise<readonly FileResult[]> {
  const id = partId(number, files)
  const work = path.join(workFolder(options.dir), id)
  const partials = path.join(work, 'partials')
  const threads = Array.from({ length: Math.max(1, options.threads) }, (_, number) =>
    threadOf(options.threads, partials, number),
  )
  try {
    const results = await readAll(options, files, threads)
    await Promise.all(threads.map((thread) => thread.ask({ kind: 'drain', dir: partials })))
    // Merging takes memory of its own: what the threads hold is given back first.
    await Promise.all(threads.map((thread) => thread.end()))
    if (results.some((result) => result.events > 0))
      await mergePartials(partials, work, path.join(workFolder(options.dir), 'spill'))
    await mkdir(work, { recursive: true })
    await publish(options.dir, work, id, { version: 1, omit: COLLECT.omit, tables, files: results })
    return results
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

interface Thread {
  ask(ask: Ask): Promise<Answer>
  end(): Promise<unknown>
}

/** Compiled code runs in threads; source (tests) has no loader in a thread and reads here. */
function threadOf(threads: number, dir: string, number: number): Thread {
  const setup = { ...COLLECT, dir, number }
  if (threads === 0 || import.meta.url.endsWith('.ts')) {
    const answer = ingestor(setup)
    return { ask: answer, end: async () => undefined }
  }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { role: 'trail', setup } })
  const waiting: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  worker.on('message', (answer: Answer) => {
    const next = waiting.shift()
    if (answer.kind === 'failed') next?.reject(bug(`A trail thread failed: ${answer.message}`))
    else next?.resolve(answer)
  })
  worker.on('error', (error) => {
    for (const one of waiting.splice(0)) one.reject(error)
  })
  return {
    ask: (ask) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(ask, ask.kind === 'file' ? [ask.bytes.buffer as ArrayBuffer] : [])
      }),
    end: () => worker.terminate(),
  }
}

/** Each thread has its next files read while it works on one; results keep the order of the files. */
async function readAll(
  options: IngestOptions,
  files: readonly TrailFile[],
  threads: readonly Thread[],
): Promise<readonly FileResult[]> {
  const results: FileResult[] = []
  const next = shares(files.length, threads.length)
  const lane = async (thread: Thread, number: number) => {
    for (let index = next(number); index >= 0; index = next(number)) {
      options.signal?.throwIfAborted()
      const file = files[index] as TrailFile
      const result = await readOne(options.source, file, thread)
      results[index] = result
      options.onFile?.(result)
    }
  }
  await Promise.all(
    threads.flatMap((thread, number) => Array.from({ length: AHEAD }, () => lane(thread, number))),
  )
  return results
}

/**
 * Hands files out by their places; -1 when there are none left. Neighbours (an account's, a region's) go to one thread, which then
 * knows their callers; a thread that has read its share takes from the end of the longest one.
 */
export function shares(files: number, threads: number): (thread: number) => number {
  const left = Array.from({ length: threads }, (_, i) => ({
    next: Math.floor((i * files) / threads),
    end: Math.floor(((i + 1) * files) / threads),
  }))
  return (thread) => {
    const own = left[thread]
    if (own !== undefined && own.next < own.end) return own.next++
    const longest = left.reduce((a, b) => (b.end - b.next > a.end - a.next ? b : a))
    return longest.next < longest.end ? --longest.end : -1
  }
}

async function readOne(source: TrailSource, file: TrailFile, thread: Thread): Promise<FileResult> {
  const bytes = await source
    .read(file)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (bytes instanceof Error)
    return { ...file, events: 0, refused: { reason: 'unreadable', detail: bytes.message } }
  const answer = await thread.ask({ kind: 'file', file, bytes: movable(bytes) })
  return answer.kind === 'file'
    ? answer.result
    : { ...file, events: 0, refused: { reason: 'unreadable', detail: answer.kind } }
}

/** Bytes with a buffer of their own, which can be handed to a thread; small reads share Node's pool. */
const movable = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
