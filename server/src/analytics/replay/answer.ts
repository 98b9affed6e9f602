import type { DayTotals } from '../trail/index-sections.ts'
import { type FactsReader, factsReader } from './read.ts'
import { type Report, reportOf } from './report.ts'
import { daysIn, judgeOf, type Period, rowsOf, scanPart } from './scan.ts'
import { type Counting, sortPart } from './sort-part.ts'
import { type ReplayOptions, type SampleRow, SORTS, type Sorted, type Tallies, type Totals } from './sorts.ts'
import { tally } from './tally.ts'
import { emptyValues, readValues } from './values.ts'

const TABLES = ['total', 'day', 'account', 'principal', 'action', 'resource', 'statement', 'group'] as const
const tallies = (): Tallies =>
  Object.fromEntries(TABLES.map((table) => [table, tally(table !== 'group')])) as unknown as Tallies

/**
 * Asks all facts what the policies say. A call is denied when one of its checks is, and unknown when none is denied and
 * one is unknown. Memory: what the result counts, and one part.
 */
export async function replay(options: ReplayOptions): Promise<Report> {
  const judges = [options.world, ...(options.against === undefined ? [] : [options.against])].map((world) =>
    judgeOf(world),
  )
  const reader = await factsReader(options.dir, options.signal)
  const values = emptyValues(judges)
  const totals = await totalsOf(reader, options.period)
  const sorted = Object.fromEntries(SORTS.map((sort) => [sort, tallies()])) as unknown as Sorted
  const samples: SampleRow[] = []
  let done = 0
  for (const [number, part] of reader.parts.entries()) {
    done += await reader.read(part, (index) => {
      const rows = rowsOf(index)
      const own = readValues(index, number, values)
      const kept = scanPart(rows, options.period, own, judges)
      const counting: Counting = { part: number, rows, kept, judges, values: own, sorted, samples }
      sortPart(counting)
      return sumOf(index.meta.days, options.period).checks
    })
    options.onProgress?.(done, totals.checks)
  }
  return reportOf({ reader, judges, values, totals, sorted, samples, options })
}

async function totalsOf(reader: FactsReader, period: Period): Promise<Totals> {
  const days: DayTotals[] = []
  for (const part of reader.parts) days.push(...(await reader.read(part, (index) => index.meta.days)))
  return sumOf(days, period)
}

function sumOf(days: readonly DayTotals[], period: Period): Totals {
  const [since, until] = daysIn(period)
  const sum = { events: 0, calls: 0, checks: 0, skipped: {} as Record<string, number> }
  for (const one of days) {
    if (one.day < since || one.day > until) continue
    sum.events += one.events
    sum.calls += one.calls
    sum.checks += one.checks
    for (const [reason, n] of Object.entries(one.skipped))
      sum.skipped[reason] = (sum.skipped[reason] ?? 0) + n
  }
  return sum
}
