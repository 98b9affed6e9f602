import type { Spans } from './scan.ts'

/** Exact interning of byte slices: the same bytes always give the same small number. Grows until `clear`. */
export interface SliceTable {
  /** Number of the concatenated slices of those fields; a new number when `added()` is true afterwards. */
  find(bytes: Uint8Array, view: DataView, spans: Spans, fields: readonly number[], seed: number): number
  added(): boolean
  size(): number
  /** Bytes that the table holds. */
  bytes(): number
  clear(): void
}

const FIRST_SLOTS = 1 << 12

/** Open addressing with linear probing; slices are kept in one arena and compared byte for byte. */
export function sliceTable(): SliceTable {
  let slots = new Int32Array(FIRST_SLOTS)
  let hashes = new Int32Array(FIRST_SLOTS)
  let offsets = new Int32Array(FIRST_SLOTS)
  let arena = new Uint8Array(1 << 16)
  let arenaView = new DataView(arena.buffer)
  let used = 0
  let count = 0
  let wasAdded = false

  function hashOf(
    view: DataView,
    bytes: Uint8Array,
    spans: Spans,
    fields: readonly number[],
    seed: number,
  ): number {
    let hash = seed ^ 0x9e3779b9
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as number
      const start = spans[2 * field] as number
      const end = spans[2 * field + 1] as number
      hash = Math.imul(hash ^ (end - start), 0x85ebca6b)
      let p = start
      for (; p + 4 <= end; p += 4) {
        hash = Math.imul(hash ^ view.getInt32(p, true), 0x9e3779b1)
        hash ^= hash >>> 15
      }
      for (; p < end; p++) hash = Math.imul(hash ^ (bytes[p] as number), 0x01000193)
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  }

  /** Layout of an entry: seed, then length and bytes of each slice. */
  function isSame(
    offset: number,
    view: DataView,
    bytes: Uint8Array,
    spans: Spans,
    fields: readonly number[],
    seed: number,
  ): boolean {
    let q = offset
    if (arenaView.getInt32(q, true) !== seed) return false
    q += 4
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as number
      const start = spans[2 * field] as number
      const end = spans[2 * field + 1] as number
      if (arenaView.getInt32(q, true) !== end - start) return false
      q += 4
      let p = start
      for (; p + 4 <= end; p += 4, q += 4)
        if (arenaView.getInt32(q, true) !== view.getInt32(p, true)) return false
      for (; p < end; p++, q++) if (arena[q] !== bytes[p]) return false
    }
    return true
  }

  function add(
    bytes: Uint8Array,
    spans: Spans,
    fields: readonly number[],
    seed: number,
    hash: number,
  ): number {
    let length = 4
    for (const field of fields) length += 4 + (spans[2 * field + 1] as number) - (spans[2 * field] as number)
    reserve(length)
    if (count === offsets.length) {
      offsets = grown(offsets)
      hashes = grown(hashes)
    }
    offsets[count] = used
    hashes[count] = hash
    arenaView.setInt32(used, seed, true)
    let q = used + 4
    for (const field of fields) {
      const start = spans[2 * field] as number
      const end = spans[2 * field + 1] as number
      arenaView.setInt32(q, end - start, true)
      if (end > start) arena.set(bytes.subarray(start, end), q + 4)
      q += 4 + end - start
    }
    used = q
    return count++
  }

  function reserve(length: number): void {
    if (used + length <= arena.length) return
    const bigger = new Uint8Array(Math.max(arena.length * 2, used + length))
    bigger.set(arena)
    arena = bigger
    arenaView = new DataView(arena.buffer)
  }

  function rehash(): void {
    slots = new Int32Array(slots.length * 2)
    const mask = slots.length - 1
    for (let id = 0; id < count; id++) {
      let slot = (hashes[id] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id + 1
    }
  }

  return {
    find(bytes, view, spans, fields, seed) {
      const hash = hashOf(view, bytes, spans, fields, seed)
      const mask = slots.length - 1
      let slot = hash & mask
      while (true) {
        const id = (slots[slot] as number) - 1
        if (id < 0) break
        if (hashes[id] === hash && isSame(offsets[id] as number, view, bytes, spans, fields, seed)) {
          wasAdded = false
          return id
        }
        slot = (slot + 1) & mask
      }
      const id = add(bytes, spans, fields, seed, hash)
      slots[slot] = id + 1
      if (count * 2 > slots.length) rehash()
      wasAdded = true
      return id
    },
    added: () => wasAdded,
    size: () => count,
    bytes: () => arena.length + slots.byteLength + hashes.byteLength + offsets.byteLength,
    clear() {
      slots = new Int32Array(FIRST_SLOTS)
      hashes = new Int32Array(FIRST_SLOTS)
      offsets = new Int32Array(FIRST_SLOTS)
      arena = new Uint8Array(1 << 16)
      arenaView = new DataView(arena.buffer)
      used = 0
      count = 0
    },
  }
}

/** Numbers of tuples of five integers: the rows of facts. */
export interface TupleTable {
  find(a: number, b: number, c: number, d: number, e: number): number
  /** The five integers of row `id`, from index `5 * id`. */
  values(): Int32Array
  size(): number
  clear(): void
}

const WIDTH = 5

export function tupleTable(): TupleTable {
  let slots = new Int32Array(FIRST_SLOTS)
  let rows = new Int32Array(FIRST_SLOTS * WIDTH)
  let count = 0

  const hashOf = (a: number, b: number, c: number, d: number, e: number) => {
    let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0x27d4eb2f)
    hash = Math.imul(hash ^ (hash >>> 13) ^ e, 0x165667b1)
    return hash ^ (hash >>> 16)
  }

  function rehash(): void {
    slots = new Int32Array(slots.length * 2)
    const mask = slots.length - 1
    for (let id = 0; id < count; id++) {
      const o = id * WIDTH
      const at = (i: number) => rows[o + i] as number
      let slot = hashOf(at(0), at(1), at(2), at(3), at(4)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id + 1
    }
  }

  return {
    find(a, b, c, d, e) {
      const mask = slots.length - 1
      let slot = hashOf(a, b, c, d, e) & mask
      while (true) {
        const id = (slots[slot] as number) - 1
        if (id < 0) break
        const o = id * WIDTH
        if (rows[o] === a && rows[o + 1] === b && rows[o + 2] === c && rows[o + 3] === d && rows[o + 4] === e)
          return id
        slot = (slot + 1) & mask
      }
      if ((count + 1) * WIDTH > rows.length) rows = grown(rows)
      rows.set([a, b, c, d, e], count * WIDTH)
      slots[slot] = ++count
      if (count * 2 > slots.length) rehash()
      return count - 1
    },
    values: () => rows,
    size: () => count,
    clear() {
      slots = new Int32Array(FIRST_SLOTS)
      rows = new Int32Array(FIRST_SLOTS * WIDTH)
      count = 0
    },
  }
}

export function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(array.length * 2)
  bigger.set(array)
  return bigger
}
