import type { Kernel } from './kernel.ts'
import { type Counted, largest, type Tally } from './tally.ts'

/** A tally by one number, where the loops of a kernel add to it. */
export interface KernelTally extends Tally {
  /** Its place in the kernel. */
  readonly at: number
}

const [SIZE, KEYS, SUMS] = [0, 1, 2]
const WIDTH = 4

export function kernelTally(kernel: Kernel): KernelTally {
  const { wasm } = kernel
  const at = wasm.newSums() >>> 0
  const size = () => kernel.field(at, SIZE)
  const keys = () => new Int32Array(kernel.bytes().buffer, kernel.field(at, KEYS), size())
  const sums = () => new Float64Array(kernel.bytes().buffer, kernel.field(at, SUMS), WIDTH * size())
  return {
    at,
    add: (calls, already, first, last, _row, key) => wasm.addSum(at, key, calls, already, first, last),
    size,
    columns() {
      const [own, all] = [keys(), sums()]
      const triples = new Int32Array(3 * own.length)
      for (let i = 0; i < own.length; i++) triples[3 * i] = own[i] as number
      const column = (sum: number) => {
        const found = new Float64Array(own.length)
        for (let i = 0; i < found.length; i++) found[i] = all[WIDTH * i + sum] as number
        return found
      }
      const [calls, already, firsts, lasts] = [column(0), column(1), column(2), column(3)]
      return { keys: triples, calls, already, firsts, lasts, rows: new Int32Array(own.length).fill(-1) }
    },
    top(limit) {
      const [own, all] = [keys(), sums()]
      return largest(own.length, limit, (index) => all[WIDTH * index] as number).map((index): Counted => {
        const [calls = 0, already = 0, first = 0, last = 0] = all.subarray(
          WIDTH * index,
          WIDTH * index + WIDTH,
        )
        return { key: [own[index] as number], calls, already, first, last, row: -1 }
      })
    },
  }
}
