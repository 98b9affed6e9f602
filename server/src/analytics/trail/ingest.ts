import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { bug } from '../../kernel/errors.ts'
import { COLLECT, type CollectOptions } from './collect.ts'
import { type Handed, memoryOf } from './hand-over.ts'
import { cloudTrailName, filesOfParts, type KnownFiles } from './known.ts'
import { MERGE, type MergeLimits } from './merge.ts'
import { type MergeAnswer, type MergeAsk, partMaker } from './merge-worker.ts'
import { unreadable } from './read-file.ts'
import type { TrailSource } from './source.ts'
import {
  clearWork,
  type FileResult,
  nextNumber,
  partId,
  publish,
  type TrailFile,
  workFolder,
} from './store.ts'
import { loadTables } from './tables.ts'
import { noThread, startThread, type Thread } from './thread.ts'
import { type Answer, type Ask, ingestor } from './worker.ts'

export interface IngestOptions {
  readonly source: TrailSource
  /** Folder of the facts store. */
  readonly dir: string
  /** 0: read in this thread. */
  readonly threads: number
  /** A part ends when it has read this many packed bytes. A run that is killed loses the part that it reads and the one that it writes. */
  readonly partBytes?: number
  /** What threads and a part may hold; a part that holds more ends early, and the files that are left are another's. */
  readonly limits?: IngestLimits
  readonly onFile?: (result: FileResult) => void
  /** After each file that was read, refused ones included; `files` and `bytes` (packed) do not count known files. */
  readonly onProgress?: (done: IngestProgress) => void
  /** Stops between two files and throws the reason; parts that are published stay. */
  readonly signal?: AbortSignal
}

export interface IngestLimits {
  readonly collect: CollectOptions
  readonly merge: MergeLimits
}

const LIMITS: IngestLimits = { collect: COLLECT, merge: MERGE }

export interface IngestProgress {
  readonly files: number
  readonly bytes: number
  readonly events: number
}

export interface IngestReport {
  readonly files: number
  /** Files that an earlier run has read, and copies of files. */
  readonly known: number
  readonly events: number
  readonly parts: number
  readonly refused: readonly FileResult[]
  /** Files that were read and hold objects that are no records. */
  readonly partly: readonly FileResult[]
}

const PART_BYTES = 128 * 1024 * 1024
/** Files read ahead for each thread: the disk or network is never waited for. */
const AHEAD = 2

/** Turns files that are new into parts of the facts store. Each file counts once however often this is called. */
export async function ingest(options: IngestOptions): Promise<IngestReport> {
  const tables = loadTables().digest
  const known = await filesOfParts(options.dir, tables)
  const first = await nextNumber(options.dir)
  await clearWork(options.dir)
  const report = {
    files: 0,
    known: 0,
    events: 0,
    parts: 0,
    refused: [] as FileResult[],
    partly: [] as FileResult[],
  }
  const reading = { ...options, onFile: told(options) }
  let crew: Crew | null = null
  // A part is written while the next one is read.
  let written: Promise<void> = Promise.resolve()
  try {
    for await (const batch of batches(options, known, report)) {
      for (let left = batch; left.length > 0; ) {
        crew ??= crewOf(options)
        const merger = crew.mergers[report.parts % crew.mergers.length] as Crew['mergers'][number]
        const part = await readPart(reading, left, crew.readers, merger)
        await written
        written = writtenPart(options.dir, first + report.parts, part.results, tables, merger)
        // Whoever waits for it next is told.
        written.catch(() => {})
        report.parts++
        for (const result of part.results) report.events += result.events
        report.refused.push(...part.results.filter((result) => result.refused !== null))
        report.partly.push(...part.results.filter(({ foreign = 0 }) => foreign > 0))
        left = part.left
      }
    }
    await written
    return report
  } finally {
    await written.catch(() => {})
    await Promise.all(
      Object.values(crew ?? {})
        .flat()
        .map((thread) => thread.end()),
    )
  }
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
  known: KnownFiles,
  report: { files: number; known: number; refused: FileResult[] },
): AsyncIterable<readonly TrailFile[]> {
  let batch: TrailFile[] = []
  let bytes = 0
  for await (const listed of options.source.list()) {
    options.signal?.throwIfAborted()
    report.files++
    const file = await tagged(options.source, listed)
    const standing = known.standingOf(file)
    if (standing === 'known') report.known++
    else if (standing === 'changed')
      report.refused.push({
        ...file,
        events: 0,
        refused: {
          reason: 'changed',
          detail: 'a file of this name was read before with another content; not counted again',
        },
      })
    else {
      known.add(file, false)
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

/** Names that CloudTrail gives tell a file by themselves; any other one is read once more for the digest of its content. */
const tagged = async (source: TrailSource, file: TrailFile): Promise<TrailFile> =>
  file.etag !== '' || source.tagOf === undefined || cloudTrailName(file.name) !== null
    ? file
    : { ...file, etag: await source.tagOf(file).catch(() => '') }

/** Threads stay for all parts: what one of them has compiled is not compiled again, which took a sixth of the processor time. */
interface Crew {
  readonly readers: readonly Thread<Ask, Answer>[]
  /** One writes a part while the other puts the next one together. */
  readonly mergers: readonly Thread<MergeAsk, MergeAnswer>[]
}

const MERGERS = 2

/** Compiled code runs in threads; source (tests) has no loader in a thread and reads here. */
function crewOf(options: IngestOptions): Crew {
  const { collect, merge } = options.limits ?? LIMITS
  const inThreads = options.threads > 0 && !import.meta.url.endsWith('.ts')
  const [reading, merging] = [
    new URL('./worker.js', import.meta.url),
    new URL('./merge-worker.js', import.meta.url),
  ]
  return {
    readers: Array.from({ length: Math.max(1, options.threads) }, () =>
      inThreads ? startThread(reading, 'trail', collect) : noThread(ingestor(collect)),
    ),
    mergers: Array.from({ length: MERGERS }, () =>
      inThreads ? startThread(merging, 'merge', merge) : noThread(partMaker(merge)),
    ),
  }
}

async function writtenPart(
  dir: string,
  number: number,
  files: readonly FileResult[],
  tables: string,
  merger: Crew['mergers'][number],
): Promise<void> {
  const id = partId(number, files)
  const out = path.join(workFolder(dir), id)
  if (files.some(({ events }) => events > 0)) await merger.ask({ kind: 'finish', out })
  await mkdir(out, { recursive: true })
  await publish(dir, out, id, { version: 1, omit: COLLECT.omit, tables, files })
}

interface ReadPart {
  /** In the order of files. */
  readonly results: readonly FileResult[]
  /** Files that are for another part, because this one became too large. */
  readonly left: readonly TrailFile[]
}

/** Each thread has its next files at hand while it works on one; what it found goes to the merger at once. */
async function readPart(
  options: IngestOptions,
  files: readonly TrailFile[],
  readers: Crew['readers'],
  merger: Crew['mergers'][number],
): Promise<ReadPart> {
  const results: (FileResult | undefined)[] = files.map(() => undefined)
  const next = shares(files.length, readers.length)
  let isFull = false
  const merge = async (found: Handed | null) => {
    if (found === null) return
    const answer = await merger.ask({ kind: 'add', found }, memoryOf(found))
    if (answer.kind === 'added' && answer.isFull) isFull = true
  }
  const lane = async (thread: Crew['readers'][number], number: number) => {
    for (let index = next(number); index >= 0; index = isFull ? -1 : next(number)) {
      options.signal?.throwIfAborted()
      const { result, found } = await readOne(options.source, files[index] as TrailFile, thread)
      results[index] = result
      options.onFile?.(result)
      await merge(found)
    }
  }
  await Promise.all(
    readers.flatMap((thread, number) => Array.from({ length: AHEAD }, () => lane(thread, number))),
  )
  await Promise.all(readers.map(async (thread) => merge((await thread.ask({ kind: 'drain' })).found)))
  return {
    results: results.filter((result) => result !== undefined),
    left: files.filter((_, index) => results[index] === undefined),
  }
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

async function readOne(
  source: TrailSource,
  file: TrailFile,
  thread: Crew['readers'][number],
): Promise<{ readonly result: FileResult; readonly found: Handed | null }> {
  const answer = await asked(source, file, thread)
  if (answer instanceof Error) return { result: unreadable(file, answer), found: null }
  if (answer.kind !== 'file')
    throw bug(`A thread that was asked for \`${file.name}\` answered \`${answer.kind}\`.`)
  return answer
}

async function asked(
  source: TrailSource,
  file: TrailFile,
  thread: Crew['readers'][number],
): Promise<Answer | Error> {
  const place = source.placeOf?.(file) ?? null
  if (place !== null) return thread.ask({ kind: 'place', file, place })
  const bytes = await source
    .read(file)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (bytes instanceof Error) return bytes
  const moved = movable(bytes)
  return thread.ask({ kind: 'file', file, bytes: moved }, [moved.buffer])
}

/** Bytes with a buffer of their own, which can be handed to a thread; small reads share Node's pool. */
const movable = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice()
