import type { DayTotals } from '../trail/index-sections.ts'
import { planOf } from './estate.ts'
import { addShare, type PackedShare } from './merge.ts'
import { type FactsReader, factsReader } from './read.ts'
import { type Report, reportOf } from './report.ts'
import { daysIn, type Period } from './scan.ts'
import { askHalf } from './second.ts'
import { askParts, emptyShare } from './share.ts'
import type { ReplayOptions, Totals } from './sorts.ts'

/**
 * Asks all facts what the policies say. A call is denied when one of its checks is, and unknown when none is denied and
 * one is unknown. Memory: what the result counts, and one part; twice that with two threads.
 */
export async function replay(options: ReplayOptions): Promise<Report> {
  const { dir, period, signal } = options
  const worlds = [options.world, ...(options.against === undefined ? [] : [options.against])]
  const share = emptyShare(worlds)
  const reader = await factsReader(dir, share.kernel.room, signal)
  const totals = await totalsOf(reader, period)
  const [all, middle] = [reader.parts.length, middleOf(totals.byPart, options.twoThreadsFrom)]
  let done = 0
  const onPart = (part: number) => {
    done += totals.byPart[part] as number
    options.onProgress?.(done, totals.checks)
  }
  // If this thread fails, the other one is stopped as well.
  const stop = new AbortController()
  const other =
    middle === all
      ? null
      : settled(
          askHalf(
            { dir, plans: worlds.map(({ estate }) => planOf(estate)), range: [middle, all], period },
            onPart,
            AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]),
          ),
        )
  try {
    await askParts(share, reader, [0, middle], period, onPart)
    const told = await other
    if (told !== null) addShare(share, told())
  } finally {
    stop.abort()
  }
  return reportOf({ ...share, reader, totals, options })
}

/** A promise that never fails, so that nobody need wait for it; the value or the error comes when it is asked for. */
const settled = (promise: Promise<PackedShare>): Promise<() => PackedShare> =>
  promise.then(
    (share) => () => share,
    (error: unknown) => () => {
      throw error
    },
  )

/**
 * Where the second half of the parts begins, which another thread asks: the larger half is the smallest that can be. The
 * count of parts when this thread asks all.
 */
export function middleOf(checks: readonly number[], from = Number.POSITIVE_INFINITY): number {
  const total = checks.reduce((sum, one) => sum + one, 0)
  if (total < from || checks.length < 2) return checks.length
  let [best, largest, before] = [1, Number.POSITIVE_INFINITY, 0]
  for (let at = 1; at < checks.length; at++) {
    before += checks[at - 1] as number
    if (Math.max(before, total - before) >= largest) continue
    largest = Math.max(before, total - before)
    best = at
  }
  return best
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
