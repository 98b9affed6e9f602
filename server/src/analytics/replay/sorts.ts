import { fit } from '../trail/growing.ts'
import { PARTS } from './check.ts'
import type { Period } from './scan.ts'
import type { KernelTally } from './sums.ts'
import type { Tally } from './tally.ts'
import type { World } from './world.ts'

export interface ReplayOptions {
  /** Folder of the facts. */
  readonly dir: string
  readonly world: World
  /** Another version of the policies, to compare with: the one that stands now. */
  readonly against?: World
  readonly period: Period
  /** Rows of each table of the result. */
  readonly limit: number
  /** Of `groups`, each of which is explained by the whole engine; default: `limit`. */
  readonly groups?: number
  /** Checks asked so far, of all in the period. */
  readonly onProgress?: (done: number, total: number) => void
  /** Stops at the next part of the facts and throws the reason. */
  readonly signal?: AbortSignal
}

/** Counts of calls by one thing each. */
export interface Tallies {
  readonly total: Tally
  readonly day: KernelTally
  readonly account: Tally
  readonly principal: Tally
  readonly action: Tally
  readonly resource: KernelTally
  readonly statement: Tally
  /** Caller, action and what decides, together. */
  readonly group: Tally
}

/** Sorted into: denied, unknown, and against another version newly denied and newly allowed. */
export const SORTS = ['denied', 'unknown', 'newlyDenied', 'newlyAllowed'] as const
export type Sort = (typeof SORTS)[number]
export type Sorted = Readonly<Record<Sort, Tallies>>

/** A check that stands as a sample: where it is to be read. */
export interface SampleRow {
  readonly part: number
  readonly row: number
  /** Codes in that part, in the order of `PARTS`. */
  readonly codes: readonly number[]
  /** Number of the outcome in each world. */
  readonly outcomes: readonly number[]
}

/** Samples as rows of numbers (part, row, codes, outcomes): there is one for each group, and few are ever shown. */
export interface Samples {
  /** The place of a new sample, which is to be filled, in `rows()`. */
  add(): number
  readonly size: () => number
  /** Another one after each `add`. */
  readonly rows: () => Int32Array
  at(number: number): SampleRow
}

const CODES = PARTS.length

export function sampleTable(worlds: number): Samples {
  const width = 2 + CODES + worlds
  let rows = new Int32Array(width * 256)
  let count = 0
  return {
    add() {
      rows = fit(rows, ++count * width)
      return (count - 1) * width
    },
    size: () => count,
    rows: () => rows.subarray(0, count * width),
    at(number) {
      const [part = 0, row = 0, ...rest] = rows.subarray(number * width, (number + 1) * width)
      return { part, row, codes: rest.slice(0, CODES), outcomes: rest.slice(CODES) }
    },
  }
}

export interface Totals {
  readonly events: number
  readonly calls: number
  readonly checks: number
  readonly skipped: Readonly<Record<string, number>>
}
