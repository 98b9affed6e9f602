import { countExempt, type ExemptCalls } from './exempt.ts'
import { type Kernel, newKernel, withinMemory } from './kernel.ts'
import type { FactsReader } from './read.ts'
import { type Judge, judgeOf, type Period, rowsOf, type Scan, scanWith } from './scan.ts'
import { type SortPart, sorterOf } from './sort-part.ts'
import { type Samples, SORTS, type Sorted, sampleTable, type Tallies } from './sorts.ts'
import { kernelTally } from './sums.ts'
import { tally } from './tally.ts'
import { emptyValues, readValues, type Values } from './values.ts'
import type { World } from './world.ts'

/** An answer on its way: what is counted so far, and what the parts asked so far are remembered by. */
export interface Asking {
  readonly kernel: Kernel
  readonly scan: Scan
  readonly sortPart: SortPart
  readonly judges: readonly Judge[]
  readonly values: Values
  readonly sorted: Sorted
  readonly samples: Samples
  readonly exempt: ExemptCalls
}

const tallies = (kernel: Kernel): Tallies => ({
  total: tally(true),
  day: kernelTally(kernel),
  account: tally(true),
  principal: tally(true),
  action: tally(true),
  resource: kernelTally(kernel),
  statement: tally(true),
  group: tally(false),
})

export function newAsking(worlds: readonly World[]): Asking {
  const judges = worlds.map((world) => judgeOf(world))
  const kernel = newKernel()
  return {
    kernel,
    judges,
    scan: scanWith(kernel, judges),
    sortPart: sorterOf(kernel),
    values: emptyValues(judges, kernel),
    sorted: Object.fromEntries(SORTS.map((sort) => [sort, tallies(kernel)])) as unknown as Sorted,
    samples: sampleTable(worlds.length),
    exempt: new Map(),
  }
}

/** Asks the parts one after the other; `onPart` is told after each. */
export async function askParts(
  asking: Asking,
  reader: FactsReader,
  period: Period,
  onPart: (part: number) => void,
): Promise<void> {
  const { judges, scan, sortPart, values, sorted, samples, exempt } = asking
  for (const [part, folder] of reader.parts.entries()) {
    await reader.read(folder, (index) =>
      withinMemory(() => {
        const rows = rowsOf(index)
        const own = readValues(index, values)
        const kept = scan(rows, period, own)
        countExempt(rows, period, own.exemptOf, exempt)
        const { resources } = values
        sortPart({ part, rows, kept, judges, values: own, resources, sorted, samples })
      }),
    )
    onPart(part)
  }
}
