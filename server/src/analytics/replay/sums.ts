import type { Kernel } from './kernel.ts'
import { SUM_WIDTH, SUMS } from './structures.ts'
import { type Counted, largest, type Tally } from './tally.ts'

/** A tally by one number, where the loops of a kernel add to it. */
export interface KernelTally extends Tally {
  /** Its place in the kernel. */
  readonly at: number
}

export function kernelTally(kernel: Kernel): KernelTally {
  const { wasm } = kernel
  const at = wasm.newSums() >>> 0
  const size = () => kernel.field(at, SUMS.at.size)
  const keys = () => new Int32Array(kernel.bytes().buffer, kernel.field(at, SUMS.at.keys), size())
  const sums = () =>
    new Float64Array(kernel.bytes().buffer, kernel.field(at, SUMS.at.sums), SUM_WIDTH * size())
  return {
    at,
    add: (calls, already, first, last, _row, key) => wasm.addSum(at, key, calls, already, first, last),
    size,
    top(limit) {
      const [own, all] = [keys(), sums()]
      return largest(own.length, limit, (index) => all[SUM_WIDTH * index] as number).map((index): Counted => {
        const [calls = 0, already = 0, first = 0, last = 0] = all.subarray(
          SUM_WIDTH * index,
          SUM_WIDTH * index + SUM_WIDTH,
        )
        return { key: [own[index] as number], calls, already, first, last, row: -1 }
      })
    },
  }
}
