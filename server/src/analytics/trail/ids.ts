import { hash } from 'node:crypto'

/** Ids of 64 bits lie as two words one after the other, the lower one first: id `n` is at `2 * n`. */

/** The lower half of the MD5 of a text, as DuckDB's `md5_number_lower` has it. */
export function putTextId(into: Uint32Array, number: number, text: string | Uint8Array): void {
  const digest = hash('md5', text, 'binary')
  into[2 * number] = wordAt(digest, 8)
  into[2 * number + 1] = wordAt(digest, 12)
}

const wordAt = (digest: string, at: number): number =>
  digest.charCodeAt(at) |
  (digest.charCodeAt(at + 1) << 8) |
  (digest.charCodeAt(at + 2) << 16) |
  (digest.charCodeAt(at + 3) << 24)

export function copyId(into: Uint32Array, at: number, ids: Uint32Array, number: number): void {
  into[2 * at] = ids[2 * number] as number
  into[2 * at + 1] = ids[2 * number + 1] as number
}

/** Mixes 32-bit words into an id of 64 bits; what goes in are digests themselves. */
export function mixer() {
  let lo = 0
  let hi = 0
  const add = (word: number): void => {
    lo = Math.imul(lo ^ word, 0xcc9e2d51)
    lo ^= lo >>> 15
    hi = Math.imul(hi + word, 0x1b873593)
    hi ^= (hi >>> 13) ^ lo
  }
  return {
    begin(): void {
      lo = 0x9e3779b9 | 0
      hi = 0x85ebca6b | 0
    },
    add,
    addId(ids: Uint32Array, number: number): void {
      add(ids[2 * number] as number)
      add(ids[2 * number + 1] as number)
    },
    put(into: Uint32Array, at: number): void {
      const a = Math.imul(lo ^ (lo >>> 16), 0x85ebca6b)
      const b = Math.imul(hi ^ (hi >>> 16), 0xc2b2ae35)
      into[2 * at] = a ^ (a >>> 13)
      into[2 * at + 1] = b ^ (b >>> 16)
    },
  }
}

export interface IdTable {
  /** Number of the id at `2 * at`; a new one is `size()` of before. */
  find(ids: Uint32Array, at: number): number
  size(): number
  /** By number, with room behind the last one. */
  values(): Uint32Array<ArrayBuffer>
  /** Begins anew; what `values` gave stays as it is. */
  clear(): void
}

const FIRST_SLOTS = 1 << 10

/** Numbers of ids that are digests: their lower word is their hash. Number 0 is the id 0, which no digest is. */
export function idTable(): IdTable {
  let slots: Int32Array
  let values: Uint32Array<ArrayBuffer>
  let count: number

  function rehash(): void {
    slots = new Int32Array(slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < count; number++) {
      let slot = (values[2 * number] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
  }

  const find = (ids: Uint32Array, at: number): number => {
    const lo = ids[2 * at] as number
    const hi = ids[2 * at + 1] as number
    const mask = slots.length - 1
    let slot = lo & mask
    for (let number = (slots[slot] as number) - 1; number >= 0; number = (slots[slot] as number) - 1) {
      if (values[2 * number] === lo && values[2 * number + 1] === hi) return number
      slot = (slot + 1) & mask
    }
    if (2 * count === values.length) {
      const wider = new Uint32Array(values.length * 2)
      wider.set(values)
      values = wider
    }
    values[2 * count] = lo
    values[2 * count + 1] = hi
    slots[slot] = ++count
    if (count * 2 > slots.length) rehash()
    return count - 1
  }
  const clear = (): void => {
    slots = new Int32Array(FIRST_SLOTS)
    values = new Uint32Array(FIRST_SLOTS * 2)
    count = 0
    find(new Uint32Array(2), 0)
  }
  clear()
  return { find, size: () => count, values: () => values, clear }
}
