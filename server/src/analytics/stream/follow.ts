import { createHash } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { conflict, RankanError } from '../../kernel/errors.ts'
import { ingest } from '../trail/ingest.ts'
import { lockFacts } from '../trail/lock.ts'
import { manifestsOf } from '../trail/store.ts'
import { readMessage, type StreamEvent } from './envelope.ts'
import { type BatchNote, isOpen, readNotes, removeNote, writeNote } from './journal.ts'
import type { EventQueue, QueueMessage } from './queue.ts'

export interface FollowOptions {
  readonly queue: EventQueue
  /** Names the batches; the queue's URL. */
  readonly name: string
  /** Folder of the facts. It is locked: another follower or reader of a trail is refused (`facts_in_use`). */
  readonly dir: string
  /** A batch becomes a part when it has this many events, or is this old. */
  readonly batchEvents: number
  readonly batchMs: number
  /** For how long an event that comes again is known. */
  readonly windowMs: number
  readonly clock: Clock
  /** Ends the following after the batch at hand is safe. */
  readonly signal: AbortSignal
  readonly onBatch?: (totals: FollowTotals) => void
}

export interface FollowTotals {
  readonly events: number
  /** Came again and were not counted again. */
  readonly duplicates: number
  /** Messages that hold no CloudTrail event, or one that cannot be read: they stay in the queue. */
  readonly left: number
  readonly parts: number
  /** Messages that could not be deleted; they come again as duplicates. */
  readonly notRemoved: number
}

/** Bytes of a batch: a part is made in memory. */
const BATCH_BYTES = 64 * 1024 * 1024
const LONG_POLL_S = 20
const PAUSE_MS = 1_000

interface Pending {
  readonly event: StreamEvent
  readonly receipt: string
}

interface Following {
  readonly options: FollowOptions
  readonly notes: Set<BatchNote>
  readonly seen: Set<string>
  /** Events that cannot be read; they come again until the queue gives them up. */
  readonly unreadable: Set<string>
  readonly totals: { -readonly [K in keyof FollowTotals]: number }
  batch: Pending[]
  /** Receipts of copies of events in the batch: deleted only with it. */
  copies: string[]
  bytes: number
  since: number
}

/**
 * Reads CloudTrail events from a queue into facts until the signal. A message is deleted after the part with its event
 * is on disk. An event is counted once when its copies come within the window, and always when a run was killed between
 * its part and the deletion. Memory: the ids of the window, and one batch.
 */
export async function follow(options: FollowOptions): Promise<FollowTotals> {
  const unlock = await lockFacts(options.dir)
  try {
    return await followed(options)
  } finally {
    unlock()
  }
}

async function followed(options: FollowOptions): Promise<FollowTotals> {
  const following = await begin(options)
  const { signal, clock } = options
  while (!signal.aborted) {
    const messages = await next(following)
    for (const message of messages) await take(following, message)
    if (isDue(following, clock.now().getTime())) await flush(following)
  }
  await flush(following)
  return { ...following.totals }
}

async function begin(options: FollowOptions): Promise<Following> {
  const published = new Set<string>()
  for await (const { files } of manifestsOf(options.dir)) {
    if (files.some(({ name }) => !name.startsWith('sqs:')))
      throw conflict(
        'facts_of_files',
        `The facts in \`${options.dir}\` were read from files, which hold the same events as the queue; they would count twice. Name an empty folder.`,
      )
    for (const { name, refused } of files) if (refused === null) published.add(name)
  }
  const notes = await readNotes(options.dir, published)
  return {
    options,
    notes: new Set(notes),
    seen: new Set(notes.flatMap(({ ids }) => ids)),
    unreadable: new Set(),
    totals: { events: 0, duplicates: 0, left: 0, parts: 0, notRemoved: 0 },
    batch: [],
    copies: [],
    bytes: 0,
    since: 0,
  }
}

async function next({ options, batch, since }: Following): Promise<readonly QueueMessage[]> {
  const { queue, clock, signal, batchMs } = options
  const left = batch.length === 0 ? LONG_POLL_S : Math.ceil((since + batchMs - clock.now().getTime()) / 1000)
  try {
    return await queue.receive(Math.max(0, Math.min(LONG_POLL_S, left)), signal)
  } catch (error) {
    if (signal.aborted) return []
    if (!(error instanceof RankanError) || !['throttled', 'unavailable'].includes(error.kind)) throw error
    await clock.sleep(error.retryAfterMs ?? PAUSE_MS, signal).catch(() => undefined)
    return []
  }
}

async function take(following: Following, { body, receipt }: QueueMessage): Promise<void> {
  const { seen, batch, totals, options } = following
  const event = readMessage(body)
  if (event === null || following.unreadable.has(event.id)) {
    totals.left++
    return
  }
  if (seen.has(event.id)) {
    totals.duplicates++
    following.copies.push(receipt)
    return
  }
  if (batch.length === 0) following.since = options.clock.now().getTime()
  seen.add(event.id)
  batch.push({ event, receipt })
  following.bytes += event.line.length
  if (following.bytes >= BATCH_BYTES) await flush(following)
}

const isDue = ({ batch, copies, since, options }: Following, now: number): boolean =>
  batch.length >= options.batchEvents ||
  (batch.length > 0 ? now - since >= options.batchMs : copies.length > 0)

async function flush(following: Following): Promise<void> {
  const { batch, copies, options, totals } = following
  following.batch = []
  following.copies = []
  following.bytes = 0
  if (batch.length > 0) await publish(following, batch)
  totals.notRemoved += await removed(options.queue, copies)
  await forget(following)
  if (batch.length + copies.length > 0) options.onBatch?.({ ...totals })
}

/** Makes a part of the events. One that cannot be read would refuse all: halves are tried until it is alone. */
async function publish(following: Following, batch: readonly Pending[]): Promise<void> {
  const { options, totals, seen } = following
  const { dir, queue, clock } = options
  const bytes = Buffer.from(`${batch.map(({ event }) => event.line).join('\n')}\n`)
  const at = clock.now().getTime()
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const file = `sqs:${options.name.replace(/^https?:\/\//, '')}/${at}-${digest}.jsonl`
  const note: BatchNote = { file, at, removedAt: null, ids: batch.map(({ event }) => event.id) }
  await writeNote(dir, note)
  const done = await ingest({
    source: { list: () => one({ name: file, size: bytes.length, etag: digest }), read: async () => bytes },
    dir,
    threads: 0,
  })
  if (done.refused.length > 0) {
    await removeNote(dir, note)
    await publishHalves(following, batch)
    return
  }
  totals.events += done.events
  totals.parts += done.parts
  const failed = await removed(
    queue,
    batch.map(({ receipt }) => receipt),
  )
  totals.notRemoved += failed
  const settled = failed === 0 ? { ...note, removedAt: clock.now().getTime() } : note
  if (failed === 0) await writeNote(dir, settled)
  following.notes.add(settled)
  for (const id of note.ids) seen.add(id)
}

async function publishHalves(following: Following, batch: readonly Pending[]): Promise<void> {
  const half = Math.ceil(batch.length / 2)
  if (batch.length > 1) {
    await publish(following, batch.slice(0, half))
    await publish(following, batch.slice(half))
    return
  }
  following.totals.left++
  for (const { event } of batch) {
    following.seen.delete(event.id)
    following.unreadable.add(event.id)
  }
}

/** What SQS does not delete now comes again, and is known then. */
async function removed(queue: EventQueue, receipts: readonly string[]): Promise<number> {
  if (receipts.length === 0) return 0
  try {
    return await queue.remove(receipts)
  } catch (error) {
    if (!(error instanceof RankanError) || !['throttled', 'unavailable'].includes(error.kind)) throw error
    return receipts.length
  }
}

/** Forgets what is outside of the window. */
async function forget({ notes, seen, options }: Following): Promise<void> {
  const now = options.clock.now().getTime()
  for (const note of notes) {
    if (isOpen(note, now, options.windowMs)) continue
    notes.delete(note)
    for (const id of note.ids) seen.delete(id)
    await removeNote(options.dir, note)
  }
}

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item
}
