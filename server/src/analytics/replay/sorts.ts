import type { World } from './classes.ts'
import type { Period } from './scan.ts'
import type { Tally } from './tally.ts'

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
  /**
   * So many checks in the period are asked in two threads, each its half of the parts; default: this thread asks all.
   * The other one loads AWS's actions by itself (`loadTables`), whatever `world` has.
   */
  readonly twoThreadsFrom?: number
  /** Stops at the next part of the facts and throws the reason. */
  readonly signal?: AbortSignal
}

/** Below this, what a second thread costs at its start is more than it saves. */
export const TWO_THREADS_FROM = 250_000

/** Counts of calls by one thing each. */
export interface Tallies {
  readonly total: Tally
  readonly day: Tally
  readonly account: Tally
  readonly principal: Tally
  readonly action: Tally
  readonly resource: Tally
  readonly statement: Tally
  /** Caller, action and what decides, together. */
  readonly group: Tally
}

export const TABLES = [
  'total',
  'day',
  'account',
  'principal',
  'action',
  'resource',
  'statement',
  'group',
] as const satisfies readonly (keyof Tallies)[]

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

export interface Totals {
  readonly events: number
  readonly calls: number
  readonly checks: number
  readonly skipped: Readonly<Record<string, number>>
}
