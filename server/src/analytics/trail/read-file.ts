import type { Collected, Collector } from './collect.ts'
import { csvRecords } from './csv.ts'
import { listAsRecords, listsOtherThings, recordsOfAnswer } from './other-shapes.ts'
import { ScanError } from './scan.ts'
import type { FileResult, Refusal, TrailFile } from './store.ts'
import { FILE_LIMITS, unpack } from './unpack.ts'

/** Folds one file into the collector; what cannot be read is told, never thrown, and counts for nothing. */
export function readTrailFile(into: Collector, file: TrailFile, packed: Uint8Array): FileResult {
  const refuse = (reason: Refusal['reason'], detail: string): FileResult => ({
    ...file,
    events: 0,
    refused: { reason, detail },
  })
  if (file.size > FILE_LIMITS.packedBytes)
    return refuse('too_large', `${file.size} bytes, limit ${FILE_LIMITS.packedBytes}`)
  const unpacked = unpack(packed)
  if (unpacked.kind === 'refused') return refuse(unpacked.reason, unpacked.detail)
  try {
    const read = recordsIn(into, file.name, unpacked.bytes)
    if (read === null) return refuse('foreign', 'no CloudTrail records in it')
    const { events, foreign } = read
    if (events === 0 && foreign > 0)
      return refuse('foreign', `none of its ${foreign} objects has an event's name, source and time`)
    return { ...file, events, ...(foreign > 0 ? { foreign } : {}), refused: null }
  } catch (error) {
    if (error instanceof ScanError) return refuse('not_json', error.message)
    throw error
  }
}

/** A file whose bytes could not be had. */
export const unreadable = (file: TrailFile, { message }: Error): FileResult => ({
  ...file,
  events: 0,
  refused: { reason: 'unreadable', detail: message },
})

function recordsIn(into: Collector, name: string, bytes: Uint8Array): Collected | null {
  if (/\.csv(\.gz)?$/.test(name)) return allAdded(into, csvRecords(bytes))
  const read = added(into, listAsRecords(bytes) ?? bytes) ?? added(into, recordsOfAnswer(bytes))
  return read?.events === 0 && read.foreign === 0 && listsOtherThings(bytes) ? null : read
}

const added = (into: Collector, bytes: Uint8Array | null): Collected | null =>
  bytes === null ? null : into.add(bytes)

/** The slices of a file, one after the other; none of them fails. */
function allAdded(into: Collector, slices: Iterable<Uint8Array> | null): Collected | null {
  if (slices === null) return null
  let [events, foreign] = [0, 0]
  for (const slice of slices) {
    const read = into.add(slice)
    events += read?.events ?? 0
    foreign += read?.foreign ?? 0
  }
  return { events, foreign }
}
