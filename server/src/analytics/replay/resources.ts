import type { Kernel } from './kernel.ts'
import { RESOURCES } from './structures.ts'

/** Resources of the result: numbers 0, 1, 2 … for their ids, over all parts, and where each is to be read. */
export interface Resources {
  /** Their place in the kernel, whose loops add to them. */
  readonly at: number
  /** Part and code of each. */
  readonly places: () => Int32Array
}

export function resourceTable(kernel: Kernel): Resources {
  const at = kernel.wasm.newResources() >>> 0
  const field = (name: keyof typeof RESOURCES.at) => kernel.field(at, RESOURCES.at[name])
  return { at, places: () => new Int32Array(kernel.bytes().buffer, field('places'), 2 * field('size')) }
}
