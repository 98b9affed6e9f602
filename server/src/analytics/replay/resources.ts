import type { Kernel } from './kernel.ts'

/** Resources of the result: numbers 0, 1, 2 … for their ids, over all parts, and where each is to be read. */
export interface Resources {
  /** Their place in the kernel, whose loops add to them. */
  readonly at: number
  /** Number of the resource, which is new if it was not there. */
  add(low: number, high: number, part: number, code: number): number
  /** Two halves of each id. */
  readonly halves: () => Uint32Array
  /** Part and code of each. */
  readonly places: () => Int32Array
}

const [SIZE, IDS, PLACES] = [0, 1, 2]

export function resourceTable(kernel: Kernel): Resources {
  const { wasm } = kernel
  const at = wasm.newResources() >>> 0
  const pairs = (field: number) =>
    [kernel.bytes().buffer, kernel.field(at, field), 2 * kernel.field(at, SIZE)] as const
  return {
    at,
    add: (low, high, part, code) => wasm.addResource(at, low, high, part, code),
    halves: () => new Uint32Array(...pairs(IDS)),
    places: () => new Int32Array(...pairs(PLACES)),
  }
}
