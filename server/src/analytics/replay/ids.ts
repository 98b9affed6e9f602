/** Numbers 0, 1, 2 … for 64-bit ids, in the order in which they come; two 32-bit halves, no BigInt. */
export interface IdTable {
  /** Number of the id, or -1. */
  find(lo: number, hi: number): number
  /** Number of the id, which is new if it was not there. */
  add(lo: number, hi: number): number
  size(): number
  /** Two halves of each id, in the order of their numbers. */
  halves(): Uint32Array
  /** The id as decimal text, as SQL reads it. */
  text(index: number): string
}

const FIRST = 1 << 10

export function idTable(): IdTable {
  let slots = new Int32Array(FIRST * 2)
  let ids = new Uint32Array(FIRST * 2)
  let count = 0

  const hash = (lo: number, hi: number) => {
    const mixed = Math.imul(lo ^ (hi >>> 7), 0x9e3779b1)
    return mixed ^ (mixed >>> 15)
  }

  /** Slot that holds the id, or the free one where it belongs. */
  const slotOf = (lo: number, hi: number) => {
    const mask = slots.length - 1
    let slot = hash(lo, hi) & mask
    while (true) {
      const at = (slots[slot] as number) - 1
      if (at < 0 || (ids[2 * at] === lo && ids[2 * at + 1] === hi)) return slot
      slot = (slot + 1) & mask
    }
  }

  function grow(): void {
    const wider = new Uint32Array(ids.length * 2)
    wider.set(ids)
    ids = wider
    slots = new Int32Array(slots.length * 2)
    for (let i = 0; i < count; i++) slots[slotOf(ids[2 * i] as number, ids[2 * i + 1] as number)] = i + 1
  }

  return {
    find: (lo, hi) => (slots[slotOf(lo, hi)] as number) - 1,
    add(lo, hi) {
      const slot = slotOf(lo, hi)
      const at = (slots[slot] as number) - 1
      if (at >= 0) return at
      ids[2 * count] = lo
      ids[2 * count + 1] = hi
      slots[slot] = ++count
      if (count * 2 >= ids.length) grow()
      return count - 1
    },
    size: () => count,
    halves: () => ids.slice(0, 2 * count),
    text: (index) => ((BigInt(ids[2 * index + 1] ?? 0) << 32n) | BigInt(ids[2 * index] ?? 0)).toString(),
  }
}
