/** Blocks of 64 bytes are read over the end of what is there. */
export const MARGIN: usize = 128

let top: usize = (__heap_base + 63) & ~63

/** Nothing is given back; the instance is thrown away when it has grown too large. */
export function allot(size: usize): usize {
  const at = top
  top = (top + size + 63) & ~63
  const pages = <i32>((top + 0xffff) >>> 16) - memory.size()
  if (pages > 0 && memory.grow(max(pages, memory.size() >> 2)) < 0 && memory.grow(pages) < 0) unreachable()
  return at
}

/** Up to 15 bytes more than `length`, there and here. */
export function copyOver(to: usize, from: usize, length: usize): void {
  for (let done: usize = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done))
}

export function isEqual(a: usize, b: usize, length: usize): bool {
  let done: usize = 0
  for (; done + 16 <= length; done += 16)
    if (v128.any_true(v128.xor(v128.load(a + done), v128.load(b + done)))) return false
  for (; done < length; done++) if (load<u8>(a + done) !== load<u8>(b + done)) return false
  return true
}
