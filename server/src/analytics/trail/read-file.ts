import type { Collector } from './collect.ts'
import { csvRecords } from './csv.ts'
import { listAsRecords, recordsOfAnswer } from './other-shapes.ts'
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
    const { bytes } = unpacked
    const events = /\.csv(\.gz)?$/.test(file.name)
      ? added(into, csvRecords(bytes))
      : (added(into, listAsRecords(bytes) ?? bytes) ?? added(into, recordsOfAnswer(bytes)))
    if (events === null) return refuse('foreign', 'no CloudTrail records in it')
    return { ...file, events, refused: null }
  } catch (error) {
    if (error instanceof ScanError) return refuse('not_json', error.message)
    throw error
  }
}

const added = (into: Collector, bytes: Uint8Array | null): number | null =>
  bytes === null ? null : into.add(bytes)
