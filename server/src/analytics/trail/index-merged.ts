import { eventIdText } from './event-ids.ts'
import { RUN_COLUMNS } from './index-rows.ts'
import type { Coded, DayTotals, IndexSource } from './index-sections.ts'
import { linesOf } from './merge.ts'
import { picked } from './order.ts'
import { GROUP_ROWS } from './parquet.ts'
import { type FactColumn, type SortedFacts, whenOf } from './sorted.ts'

/** What an index is made of, out of the facts of a part in memory. */
export function sourceOfFacts(facts: SortedFacts): IndexSource {
  const { samples, texts } = facts.found
  const checks = facts.rows.subarray(0, facts.checks)
  return {
    async eachValue(dim, take) {
      const { bytes, starts } = texts[dim]
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (const number of facts.ranked[dim].numbers)
        take(buffer, starts[number] as number, starts[number + 1] as number)
    },
    async idsOf(dim) {
      const { ids } = texts[dim]
      const { numbers } = facts.ranked[dim]
      return pairs(ids, numbers)
    },
    samplesAreUuids: async () => samples.others.size === 0 || !checks.some((row) => samples.others.has(row)),
    checks: async () => checks.length,
    // Not all at once: their columns would be what memory of an ingest has most of.
    async rows(areUuids, add) {
      for (let first = 0; first < checks.length; first += GROUP_ROWS) {
        const end = Math.min(checks.length, first + GROUP_ROWS)
        add(rowColumns(facts, first, end, areUuids), end - first)
      }
    },
    async eachSample(take) {
      for (const row of checks) take(Buffer.from(eventIdText(samples, row)))
    },
    days: async () => daysOf(facts),
  }
}

const pairs = (ids: Uint32Array, numbers: Uint32Array): Uint32Array => {
  const words = new Uint32Array(2 * numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    words[2 * i] = ids[2 * (numbers[i] as number)] as number
    words[2 * i + 1] = ids[2 * (numbers[i] as number) + 1] as number
  }
  return words
}

/** Columns of checks from `first` to before `end`. */
function rowColumns(
  facts: SortedFacts,
  first: number,
  end: number,
  areUuids: boolean,
): readonly Uint32Array[] {
  const { found, ranked, shapes } = facts
  const checks = facts.rows.subarray(first, end)
  const column = (name: FactColumn) => facts.column(name).subarray(first, end)
  const codes = (name: Coded) => picked(ranked[name].ranks, column(name))
  const ofRow = (values: Uint32Array) => picked(values, checks)
  const { rows, calls } = found
  const several = new Uint32Array(checks.length)
  for (let i = 0; i < checks.length; i++) {
    const call = rows[5 * (checks[i] as number)] as number
    if (linesOf(calls.starts, call) > 1) several[i] = 1
  }
  return [
    ...RUN_COLUMNS.map((name) => (name === 'seen' ? column('seen') : codes(name))),
    codes('context'),
    codes('resource'),
    whenOf({ column, denied: facts.denied }),
    ofRow(found.counts),
    ofRow(found.firsts),
    ofRow(found.lasts),
    several,
    pairs(shapes, checks),
    ...(areUuids ? [uuids(found.samples.words, checks)] : []),
  ]
}

/** As DuckDB has them: the last word first, and the first bit turned over; also that of an id which is not there. */
function uuids(from: Uint32Array, rows: Uint32Array): Uint32Array {
  const words = new Uint32Array(4 * rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    for (let word = 0; word < 4; word++) words[4 * i + word] = from[4 * row + 3 - word] as number
    words[4 * i + 3] = (words[4 * i + 3] as number) ^ 0x8000_0000
  }
  return words
}

function daysOf(facts: SortedFacts): readonly DayTotals[] {
  const { rows, checkNo, found, checks } = facts
  const [days, skips] = [facts.column('day'), facts.column('skip')]
  const totals = new Map<number, { events: number; calls: number; checks: number; skipped: Uint32Array }>()
  const reasons = found.texts.skip.size
  for (let i = 0; i < facts.size; i++) {
    const day = days[i] as number
    const total = totals.get(day) ?? { events: 0, calls: 0, checks: 0, skipped: new Uint32Array(reasons) }
    totals.set(day, total)
    if (i < checks) total.checks++
    if (checkNo[i] !== 0) continue
    const count = found.counts[rows[i] as number] as number
    total.events += count
    if (i < checks) total.calls += count
    else {
      const skip = skips[i] as number
      total.skipped[skip] = (total.skipped[skip] as number) + count
    }
  }
  return [...totals]
    .sort(([a], [b]) => a - b)
    .map(([day, { skipped, ...sums }]) => ({ day, ...sums, skipped: reasonsOf(facts, skipped) }))
}

function reasonsOf({ found, ranked }: SortedFacts, counts: Uint32Array): DayTotals['skipped'] {
  const { bytes, starts } = found.texts.skip
  const text = (number: number) => Buffer.from(bytes.subarray(starts[number], starts[number + 1])).toString()
  const some = [...ranked.skip.numbers].filter((number) => (counts[number] as number) > 0)
  return Object.fromEntries(some.map((number) => [text(number), counts[number] as number]))
}
