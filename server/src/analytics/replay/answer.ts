import type { DayTotals } from '../trail/index-sections.ts'
import { askParts, newAsking } from './asking.ts'
import { type FactsReader, factsReader } from './read.ts'
import { type Report, reportOf } from './report.ts'
import { daysIn, type Period } from './scan.ts'
import type { ReplayOptions, Totals } from './sorts.ts'

/**
 * Asks all facts what the policies say. A call is denied when one of its checks is, and unknown when none is denied and
 * one is unknown. Memory: what the result counts, and one part.
 */
export async function replay(options: ReplayOptions): Promise<Report> {
  const { dir, period, signal } = options
  const asking = newAsking([options.world, ...(options.against === undefined ? [] : [options.against])])
  const reader = await factsReader(dir, asking.kernel.room, signal)
  const totals = await totalsOf(reader, period)
  let done = 0
  await askParts(asking, reader, period, (part) => {
    done += totals.byPart[part] as number
    options.onProgress?.(done, totals.checks)
  })
  return reportOf({ ...asking, reader, totals, options })
}

async function totalsOf(
  reader: FactsReader,
  period: Period,
): Promise<Totals & { readonly byPart: readonly number[] }> {
  const parts: (readonly DayTotals[])[] = []
  for (const part of reader.parts) parts.push(await reader.read(part, (index) => index.meta.days))
  return { ...sumOf(parts.flat(), period), byPart: parts.map((days) => sumOf(days, period).checks) }
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
