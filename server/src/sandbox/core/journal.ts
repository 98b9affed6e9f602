/**
 * Append-only file of records, one a line with its checksum. A record is whole or it does not count: what a SIGKILL
 * left torn at the end is cut off at the next start. `write` hands the line to the kernel before it returns, so it
 * survives the process; it does not survive the machine's power (no fsync: this is a sandbox).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { conflict, RankanError } from '../../kernel/errors.ts'

export interface Journal {
  append(record: unknown): void
  close(): void
}

export const encodeRecord = (record: unknown): string => {
  const text = JSON.stringify(record)
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}

/** The whole records at the beginning of `bytes`, and how many bytes they take. */
export function decodeRecords(bytes: Buffer): { records: unknown[]; length: number } {
  const records: unknown[] = []
  let start = 0
  for (;;) {
    const end = bytes.indexOf(10, start)
    if (end < 0) break
    const line = bytes.toString('utf8', start, end)
    const text = line.slice(9)
    if (line.slice(0, 9) !== `${crc32(text).toString(16).padStart(8, '0')} `) break
    records.push(JSON.parse(text))
    start = end + 1
  }
  return { records, length: start }
}

const JOURNAL = 'journal.log'
const SNAPSHOT = 'snapshot.log'

/** Reads snapshot and journal of a folder; the caller skips records that the snapshot already holds. */
export function readJournal(dir: string): { snapshot: unknown[]; records: unknown[]; journalBytes: number } {
  mkdirSync(dir, { recursive: true })
  const { records, length } = read(join(dir, JOURNAL))
  return { snapshot: read(join(dir, SNAPSHOT)).records, records, journalBytes: length }
}

function read(path: string): { records: unknown[]; length: number } {
  if (!existsSync(path)) return { records: [], length: 0 }
  const bytes = readFileSync(path)
  const { records, length } = decodeRecords(bytes)
  if (hasRecordAfter(bytes, length))
    throw new RankanError(
      'unavailable',
      'sandbox_data_damaged',
      `\`${path}\` is damaged at byte ${length}, with good records behind it. Move the folder away to start anew, or bring back a copy.`,
    )
  return { records, length }
}

// A torn end is what a kill leaves; whole records behind a bad line are not, and cutting them off would lose data.
function hasRecordAfter(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1))
    if (decodeRecords(bytes.subarray(at + 1)).length > 0) return true
  return false
}

/** One process at a time may write here. A lock of a process that is gone is taken over. */
export function lockFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, 'lock')
  const owner = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (
    owner !== '' &&
    owner === identityOf(Number.parseInt(owner, 10)) &&
    (owner !== identityOf(process.pid) || locked.has(path))
  )
    throw conflict(
      'sandbox_folder_in_use',
      `The sandbox folder \`${dir}\` is in use by process \`${Number.parseInt(owner, 10)}\`. Stop it, or choose another folder.`,
    )
  writeFileSync(path, identityOf(process.pid))
  locked.add(path)
  return () => {
    locked.delete(path)
    rmSync(path, { force: true })
  }
}

const locked = new Set<string>()

/** Process ids are used again, soonest in containers, so the start time (Linux) is part of who a process is. Empty: gone. */
function identityOf(pid: number): string {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return ''
  }
  const stat = `/proc/${pid}/stat`
  const started = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ')[19] : undefined
  return `${pid} ${started ?? ''}`
}

/** Writes a snapshot beside the old one, puts it in its place, and only then empties the journal. */
export function compact(dir: string, snapshot: Iterable<unknown>): Journal {
  const next = join(dir, `${SNAPSHOT}.next`)
  const fd = openSync(next, 'w')
  let chunk = ''
  for (const record of snapshot) {
    chunk += encodeRecord(record)
    if (chunk.length > 1 << 20) {
      writeAll(fd, chunk)
      chunk = ''
    }
  }
  writeAll(fd, chunk)
  fsyncSync(fd)
  closeSync(fd)
  renameSync(next, join(dir, SNAPSHOT))
  return resume(dir, 0)
}

/** Goes on after the whole records that were read; a torn end is cut off. */
export function resume(dir: string, wholeBytes: number): Journal {
  return openJournal(join(dir, JOURNAL), wholeBytes)
}

function openJournal(path: string, wholeBytes: number): Journal {
  const fd = openSync(path, 'a')
  ftruncateSync(fd, wholeBytes)
  let length = wholeBytes
  return {
    append(record) {
      const text = encodeRecord(record)
      try {
        writeAll(fd, text)
      } catch (error) {
        ftruncateSync(fd, length) // half a line (full disk) must not stand before later ones
        throw error
      }
      length += Buffer.byteLength(text)
    },
    close: () => closeSync(fd),
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

export const memoryJournal: Journal = { append: () => {}, close: () => {} }
