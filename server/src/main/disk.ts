import { existsSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { RankanError } from '../kernel/errors.ts'

const MB = 1_000_000
/** A new database with the demo estate has 47 MB after its first start (measured 2026-11-22); the rest is room to work. */
const TO_BEGIN_MB = 200
/** Room to start, to say what is wrong, and to be stopped in order. */
const TO_GO_ON_MB = 50

/** Asked before anything is started: a database that runs out of room in its first minute says so in strange words. */
export function refuseFullDisk(dir: string): void {
  const { bavail, bsize } = statfsSync(dir)
  const refusal = fullDisk(dir, bavail * bsize, !existsSync(path.join(dir, 'postgres')))
  if (refusal !== null) throw refusal
}

/** @param isNew nothing is kept in the folder yet */
export function fullDisk(dir: string, freeBytes: number, isNew: boolean): RankanError | null {
  const needed = isNew ? TO_BEGIN_MB : TO_GO_ON_MB
  if (freeBytes >= needed * MB) return null
  const free = Math.floor(freeBytes / MB)
  return new RankanError(
    'unavailable',
    'disk_full',
    `The disk of the data folder \`${dir}\` is full: ${free} MB are free, Rankan needs ${needed} MB to ${isNew ? 'begin' : 'go on'}. Free some space and start again${isNew ? ', or choose another folder with RANKAN_DATA' : '; nothing is lost'}.`,
  )
}
