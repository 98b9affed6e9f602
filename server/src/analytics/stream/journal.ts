import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { syncPath } from '../trail/durable.ts'

/**
 * Which events were counted: one file for each batch, written BEFORE its part and valid only when the part is there.
 * The part appears by one rename, so that an event is either counted and known, or neither.
 */
export interface BatchNote {
  /** Name of the batch's file in the manifest of its part. */
  readonly file: string
  readonly at: number
  /** When its messages were deleted; `null`: they may come again. */
  readonly removedAt: number | null
  readonly ids: readonly string[]
}

const folderOf = (dir: string) => path.join(dir, 'stream')
const nameOf = ({ file }: BatchNote) => `${createHash('sha256').update(file).digest('hex').slice(0, 24)}.json`

/** SQS keeps no message longer: 14 days. */
const LONGEST_MS = 14 * 86_400_000

/** Notes of batches whose part is there (`published`: names in manifests); others are cleared away. */
export async function readNotes(dir: string, published: ReadonlySet<string>): Promise<readonly BatchNote[]> {
  const folder = folderOf(dir)
  await mkdir(folder, { recursive: true })
  const notes: BatchNote[] = []
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name)
    const note = name.endsWith('.json') ? (JSON.parse(await readFile(file, 'utf8')) as BatchNote) : null
    if (note !== null && published.has(note.file)) notes.push(note)
    else if (note !== null || name.endsWith('.partial')) await rm(file)
  }
  return notes
}

export async function writeNote(dir: string, note: BatchNote): Promise<void> {
  const file = path.join(folderOf(dir), nameOf(note))
  const handle = await open(`${file}.partial`, 'w')
  try {
    await handle.writeFile(JSON.stringify(note))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.partial`, file)
  await syncPath(folderOf(dir))
}

export const removeNote = (dir: string, note: BatchNote): Promise<void> =>
  rm(path.join(folderOf(dir), nameOf(note)), { force: true })

/** Whether copies of the batch's events may still come, by the window for those that EventBridge sends twice. */
export const isOpen = ({ at, removedAt }: BatchNote, now: number, windowMs: number): boolean =>
  removedAt === null ? now - at < LONGEST_MS + windowMs : now - removedAt < windowMs
