import type { World } from './classes.ts'
import type { FactsReader } from './read.ts'
import { type Judge, judgeOf, type Period, rowsOf, scanPart } from './scan.ts'
import { sortPart } from './sort-part.ts'
import { type Samples, SORTS, type Sorted, sampleTable, TABLES, type Tallies } from './sorts.ts'
import { tally } from './tally.ts'
import { emptyValues, readValues, type Values } from './values.ts'

/** What the parts that one thread has asked come to. */
export interface Share {
  readonly judges: readonly Judge[]
  readonly values: Values
  readonly sorted: Sorted
  readonly samples: Samples
}

const tallies = (): Tallies =>
  Object.fromEntries(TABLES.map((table) => [table, tally(table !== 'group')])) as unknown as Tallies

export function emptyShare(worlds: readonly World[]): Share {
  const judges = worlds.map((world) => judgeOf(world))
  return {
    judges,
    values: emptyValues(judges),
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
  const { judges, values, sorted, samples } = share
  for (let part = from; part < to; part++) {
    await reader.read(reader.parts[part] as string, (index) => {
      const rows = rowsOf(index)
      const own = readValues(index, part, values)
      const kept = scanPart(rows, period, own, judges)
      sortPart({ part, rows, kept, judges, values: own, sorted, samples })
    })
    onPart(part)
  }
}
