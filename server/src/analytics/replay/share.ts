import type { World } from './classes.ts'
import { type Kernel, newKernel } from './kernel.ts'
import type { FactsReader } from './read.ts'
import { type Judge, judgeOf, type Period, rowsOf, type Scan, scanWith } from './scan.ts'
import { sortPart } from './sort-part.ts'
import { type Samples, SORTS, type Sorted, sampleTable, TABLES, type Tallies } from './sorts.ts'
import { tally } from './tally.ts'
import { emptyValues, readValues, type Values } from './values.ts'

/** What the parts that one thread has asked come to. */
export interface Share {
  readonly kernel: Kernel
  readonly scan: Scan
  readonly judges: readonly Judge[]
  readonly values: Values
  readonly sorted: Sorted
  readonly samples: Samples
}

const tallies = (): Tallies =>
  Object.fromEntries(TABLES.map((table) => [table, tally(table !== 'group')])) as unknown as Tallies

export function emptyShare(worlds: readonly World[]): Share {
  const judges = worlds.map((world) => judgeOf(world))
  const kernel = newKernel()
  return {
    kernel,
    judges,
    scan: scanWith(kernel, judges),
    values: emptyValues(judges, kernel),
    sorted: Object.fromEntries(SORTS.map((sort) => [sort, tallies()])) as unknown as Sorted,
    samples: sampleTable(worlds.length),
  }
}

/** Asks parts `[from, to)` one after the other; `onPart` is told after each. */
export async function askParts(
  share: Share,
  reader: FactsReader,
  [from, to]: readonly [number, number],
  period: Period,
  onPart: (part: number) => void,
): Promise<void> {
  const { judges, scan, values, sorted, samples } = share
  for (let part = from; part < to; part++) {
    await reader.read(reader.parts[part] as string, (index) => {
      const rows = rowsOf(index)
      const own = readValues(index, part, values)
      const kept = scan(rows, period, own)
      sortPart({ part, rows, kept, judges, values: own, sorted, samples })
    })
    onPart(part)
  }
}
