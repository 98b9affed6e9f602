/**
 * The trail on disk. A record goes at once into `pending.log`, so that a kill loses nothing; now and then everything that
 * waits there becomes `.json.gz` files in CloudTrail's layout. Names come from the content: writing the same again after
 * a kill in between gives the same files.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { signingKey, writeDigests } from './digest.ts'
import type { TrailFile } from './log-file.ts'
import type { Delivery } from './record.ts'

export interface TrailFiles {
  append(delivery: Delivery): void
  /** Writes everything that waits into files; returns how many. */
  flush(): number
  /** Bytes that wait. */
  readonly size: number
  close(): void
}

export function openTrailFiles(dir: string, now: () => number = Date.now): TrailFiles {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, 'pending.log')
  const fd = openSync(path, 'a')
  let size = readFileSync(path).length
  const flush = () => {
    if (size === 0) return 0
    const files = filesOf(readFileSync(path, 'utf8'))
    for (const file of files) put(join(dir, file.path), file.bytes)
    writeDigests(dir, files, () => signingKey(dir, now))
    ftruncateSync(fd, 0)
    size = 0
    return files.length
  }
  flush()
  return {
    append(delivery) {
      const bytes = Buffer.from(lineOf(delivery))
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      size += bytes.length
    },
    flush,
    get size() {
      return size
    },
    close() {
      flush()
      closeSync(fd)
    },
  }
}

const lineOf = ({ organizationId, accountId, region, record }: Delivery) =>
  `${organizationId} ${accountId} ${region}\t${JSON.stringify(record)}\n`

/** Pure: one file for each account and region; a torn last line is left out. */
export function filesOf(pending: string): readonly TrailFile[] {
  const groups = new Map<string, string[]>()
  for (const line of pending.slice(0, pending.lastIndexOf('\n') + 1).split('\n')) {
    const tab = line.indexOf('\t')
    if (tab < 0) continue
    const place = line.slice(0, tab)
    const records = groups.get(place) ?? []
    records.push(line.slice(tab + 1))
    groups.set(place, records)
  }
  return [...groups].map(([place, records]) => fileOf(place, records))
}

function fileOf(place: string, records: readonly string[]): TrailFile {
  const [organizationId = '', accountId = '', region = ''] = place.split(' ')
  const text = `{"Records":[${records.join(',')}]}`
  const at = lastTime(records)
  const folder = `AWSLogs/${organizationId}/${accountId}/CloudTrail/${region}/${at.slice(0, 10).replace(/-/g, '/')}`
  const stamp = `${at.slice(0, 16).replace(/[-:]/g, '')}Z`
  const name = `${accountId}_CloudTrail_${region}_${stamp}_${uniqueOf(text)}.json.gz`
  const times = records.map(timeOf).sort()
  return {
    organizationId,
    accountId,
    region,
    path: `${folder}/${name}`,
    bytes: gzipSync(text),
    hash: createHash('sha256').update(text).digest('hex'),
    oldest: times[0] ?? at,
    newest: times.at(-1) ?? at,
  }
}

const timeOf = (record: string) =>
  (JSON.parse(record) as { eventTime?: string }).eventTime ?? '1970-01-01T00:00:00Z'

const lastTime = (records: readonly string[]) => timeOf(records.at(-1) ?? '{}')

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Sixteen characters, as in CloudTrail's names. */
const uniqueOf = (text: string) =>
  [...createHash('sha256').update(text).digest().subarray(0, 16)]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join('')

// Whoever reads the folder meanwhile sees whole files only.
function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.partial`, bytes)
  renameSync(`${path}.partial`, path)
}
