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
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

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
export function readJournal(dir: string): { snapshot: unknown[]; records: unknown[] } {
  mkdirSync(dir, { recursive: true })
  return { snapshot: read(join(dir, SNAPSHOT)), records: read(join(dir, JOURNAL)) }
}

const read = (path: string) => (existsSync(path) ? decodeRecords(readFileSync(path)).records : [])

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
  return openJournal(join(dir, JOURNAL))
}

function openJournal(path: string): Journal {
  const fd = openSync(path, 'a')
  ftruncateSync(fd, 0)
  let length = 0
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
