import { allot, MARGIN } from './memory'

/** The file at hand, with a margin of zeros. */
export let input: usize = 0
export let limit: usize = 0
let capacity: usize = 0

/** Where JavaScript puts `length` bytes. */
export function reserve(length: usize): usize {
  if (length > capacity) {
    capacity = length + min<usize>(length >> 1, 0x800000)
    input = allot(capacity + MARGIN)
  }
  limit = input + length
  memory.fill(limit, 0, MARGIN)
  return input
}
