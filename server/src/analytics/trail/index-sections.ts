import type { Section, Sections } from './index-file.ts'
import type { Shreds } from './shreds.ts'
import { RESTART, type Texts, textsReader } from './texts.ts'

/** Dimensions that replay asks; those of `SHREDDED` are objects of keys and lie cut up by them. */
export const CODED = [
  'context',
  'principal',
  'network',
  'resource',
  'region',
  'action',
  'account',
  'error',
] as const
export type Coded = (typeof CODED)[number]
export const SHREDDED = ['context', 'network'] as const
export type Shredded = (typeof SHREDDED)[number]

/** What an index is made of: a part in memory, or its files. */
export interface IndexSource {
  /** Values of a dimension in the order of their bytes: the code of a value is its place. */
  eachValue(dim: Coded, take: (bytes: Buffer, start: number, end: number) => void): Promise<void>
  /** Two words for each value. */
  idsOf(dim: Coded): Promise<Uint32Array>
  samplesAreUuids(): Promise<boolean>
  /** How many rows there are. */
  checks(): Promise<number>
  /**
   * Checks in the order of an index: the codes of `RUN_COLUMNS`, then `ROW_COLUMNS` up to `last`, whether the call has several
   * checks, the shape (two words), and the sample (four words, as DuckDB has UUIDs) when all are UUIDs.
   */
  rows(areUuids: boolean, add: (columns: readonly Uint32Array[], rows: number) => void): Promise<void>
  /** Samples of the same checks as texts. */
  eachSample(take: (bytes: Buffer) => void): Promise<void>
  days(): Promise<readonly DayTotals[]>
}

export interface IndexMeta {
  readonly days: readonly DayTotals[]
  readonly shredded: Readonly<Record<Shredded, Pick<Shreds, 'keys' | 'shapes'>>>
  readonly rows: number
}

/** What stands for a day before any policy is asked. */
export interface DayTotals {
  /** Days since 1970. */
  readonly day: number
  readonly events: number
  readonly calls: number
  readonly checks: number
  readonly skipped: Readonly<Record<string, number>>
}

export type PartIndex = Sections<IndexMeta>

export function addTexts(sections: Map<string, Section>, name: string, texts: Texts): void {
  sections.set(`${name}.shared`, texts.shared as Uint16Array)
  sections.set(`${name}.lengths`, texts.lengths)
  sections.set(`${name}.starts`, texts.starts)
  sections.set(`${name}.bytes`, texts.bytes)
}

export const textsOf = (index: PartIndex, name: string): Texts => ({
  shared: index.u16(`${name}.shared`),
  lengths: index.u32(`${name}.lengths`),
  starts: index.u32(`${name}.starts`),
  bytes: index.u8(`${name}.bytes`),
})

/** Text `code` of a dimension, read with no more than what stands before it since reading can begin. */
export function textAt(index: PartIndex, name: string, code: number): string {
  const first = code - (code % RESTART)
  const count = code - first + 1
  const lengths = index.words(`${name}.lengths`, first, count)
  const shared = new Uint16Array(index.bytes(`${name}.shared`, 2 * first, 2 * count).buffer)
  const [start = 0] = index.words(`${name}.starts`, first / RESTART, 1)
  const length = lengths.reduce((sum, one, at) => sum + one - (shared[at] as number), 0)
  const bytes = index.bytes(`${name}.bytes`, start, length)
  return textsReader({ shared, lengths, starts: Uint32Array.of(0), bytes }).text(code - first)
}

export const shredsOf = (index: PartIndex, dim: Shredded): Shreds => ({
  ...index.meta.shredded[dim],
  shapeOf: index.u32(`${dim}.shape`),
  entries: index.u32(`${dim}.entries`),
  values: (key) => textsOf(index, `${dim}.${key}`),
})
