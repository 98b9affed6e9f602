/** What a loop says: done; call again; a transition, a class or an outcome is missing. */
export const DONE: i32 = 0
export const AGAIN: i32 = 1
export const STEP: i32 = 2
export const CLASS: i32 = 3
/** The text is not of the form that is walked: its class must be asked, and is that of no other. */
export const ODD: i32 = 4

export const STEPS_AT_ONCE: i32 = 0x4000
/** Odd factors for hashing; in halves, because a number of JavaScript has no such digits. */
export const MIX: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15
export const MIX_TOO: u64 = ((<u64>0xbf58476d) << 32) | 0x1ce4e5b9

let top: usize = (__heap_base + 63) & ~63

export function allot(size: usize): usize {
  // Four gigabytes are all that a place can name.
  if (size > 0xffff_0000 - top) unreachable()
  const at = top
  top = (top + size + 63) & ~63
  const pages = <i32>((top + 0xffff) >>> 16) - memory.size()
  if (pages > 0 && memory.grow(max(pages, 16)) < 0 && memory.grow(pages) < 0) unreachable()
  return at
}

export function u32At(base: usize, index: i32): u32 {
  return load<u32>(base + ((<usize>index) << 2))
}

/** The content, with room for more; where it was is not used again. */
export function moved(from: usize, bytes: usize, room: usize): usize {
  const to = allot(room)
  if (bytes > 0) memory.copy(to, from, bytes)
  return to
}
