import type { Spans } from './scan.ts'

/** Exact interning of byte slices: the same bytes always give the same small number. Grows until it is cleared. */
export interface SliceTable {
  /** Open addressing with linear probing: number + 1, 0 is free. */
  slots: Int32Array<ArrayBuffer>
  hashes: Int32Array<ArrayBuffer>
  offsets: Int32Array<ArrayBuffer>
  /** Entries one after the other: seed, then length and bytes of each slice. */
  arena: Uint8Array<ArrayBuffer>
  arenaView: DataView<ArrayBuffer>
  used: number
  count: number
  /** Whether the last `findSlice` made a new number. */
  added: boolean
}

/** Where slices are: a file in memory and the spans of one record. */
export interface Slices {
  bytes: Uint8Array
  /** The same bytes, for reading texts. */
  buffer: Buffer
  view: DataView
  spans: Spans
}

const FIRST_SLOTS = 1 << 12
const FIRST_ARENA = 1 << 16

export function sliceTable(): SliceTable {
  const arena = new Uint8Array(FIRST_ARENA)
  return {
    slots: new Int32Array(FIRST_SLOTS),
    hashes: new Int32Array(FIRST_SLOTS),
    offsets: new Int32Array(FIRST_SLOTS),
    arena,
    arenaView: new DataView(arena.buffer),
    used: 0,
    count: 0,
    added: false,
  }
}

export const clearSlices = (table: SliceTable): void => void Object.assign(table, sliceTable())

/** Bytes that the table holds. */
export const bytesOf = ({ arena, slots, hashes, offsets }: SliceTable): number =>
  arena.length + slots.byteLength + hashes.byteLength + offsets.byteLength

/** Number of the slices of those fields together; `seed` is part of what is compared. */
export function findSlice(table: SliceTable, from: Slices, fields: readonly number[], seed: number): number {
  const hash = hashOf(from, fields, seed)
  const { slots, hashes, offsets } = table
  const mask = slots.length - 1
  let slot = hash & mask
  while (true) {
    const id = (slots[slot] as number) - 1
    if (id < 0) break
    if (hashes[id] === hash && isSame(table, offsets[id] as number, from, fields, seed)) {
      table.added = false
      return id
    }
    slot = (slot + 1) & mask
  }
  slots[slot] = table.count + 1
  addEntry(table, from, fields, seed, hash)
  if (table.count * 2 > slots.length) rehash(table)
  table.added = true
  return table.count - 1
}

function hashOf({ bytes, view, spans }: Slices, fields: readonly number[], seed: number): number {
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

function isSame(
  table: SliceTable,
  offset: number,
  { bytes, view, spans }: Slices,
  fields: readonly number[],
  seed: number,
): boolean {
  const { arena, arenaView } = table
  if (arenaView.getInt32(offset, true) !== seed) return false
  let q = offset + 4
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as number
    const end = spans[2 * field + 1] as number
    let p = spans[2 * field] as number
    if (arenaView.getInt32(q, true) !== end - p) return false
    q += 4
    for (; p + 4 <= end; p += 4, q += 4)
      if (arenaView.getInt32(q, true) !== view.getInt32(p, true)) return false
    for (; p < end; p++, q++) if (arena[q] !== bytes[p]) return false
  }
  return true
}

function addEntry(
  table: SliceTable,
  { bytes, spans }: Slices,
  fields: readonly number[],
  seed: number,
  hash: number,
): void {
  let length = 4
  for (const field of fields) length += 4 + (spans[2 * field + 1] as number) - (spans[2 * field] as number)
  reserve(table, length)
  if (table.count === table.offsets.length) {
    table.offsets = grown(table.offsets)
    table.hashes = grown(table.hashes)
  }
  table.offsets[table.count] = table.used
  table.hashes[table.count] = hash
  table.arenaView.setInt32(table.used, seed, true)
  let q = table.used + 4
  for (const field of fields) {
    const start = spans[2 * field] as number
    const end = spans[2 * field + 1] as number
    table.arenaView.setInt32(q, end - start, true)
    if (end > start) table.arena.set(bytes.subarray(start, end), q + 4)
    q += 4 + end - start
  }
  table.used = q
  table.count++
}

function reserve(table: SliceTable, length: number): void {
  if (table.used + length <= table.arena.length) return
  const bigger = new Uint8Array(Math.max(table.arena.length * 2, table.used + length))
  bigger.set(table.arena)
  table.arena = bigger
  table.arenaView = new DataView(bigger.buffer)
}

function rehash(table: SliceTable): void {
  const slots = new Int32Array(table.slots.length * 2)
  const mask = slots.length - 1
  for (let id = 0; id < table.count; id++) {
    let slot = (table.hashes[id] as number) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = id + 1
  }
  table.slots = slots
}

/** Numbers of tuples of five integers: the rows of facts. */
export interface TupleTable {
  find(a: number, b: number, c: number, d: number, e: number): number
  /** The five integers of row `id`, from index `5 * id`. */
  values(): Int32Array
  size(): number
  /** Begins anew; what `values` gave stays as it is. */
  clear(): void
}

const WIDTH = 5

export function tupleTable(): TupleTable {
  let slots: Int32Array<ArrayBuffer>
  let rows: Int32Array<ArrayBuffer>
  let count: number

  const clear = (): void => {
    slots = new Int32Array(FIRST_SLOTS)
    rows = new Int32Array(FIRST_SLOTS * WIDTH)
    count = 0
  }
  clear()

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
      const o = count * WIDTH
      rows[o] = a
      rows[o + 1] = b
      rows[o + 2] = c
      rows[o + 3] = d
      rows[o + 4] = e
      slots[slot] = ++count
      if (count * 2 > slots.length) rehash()
      return count - 1
    },
    values: () => rows,
    size: () => count,
    clear,
  }
}

/** Numbers of lists of integers of any length. */
export interface ListTable {
  /** Number of the first `length` integers of `list`. */
  find(list: Int32Array, length: number): number
  size(): number
  /** List `id` is `flat` from `starts[id]` to `starts[id + 1]`. */
  values(): { readonly flat: Int32Array; readonly starts: Int32Array }
  /** Begins anew; what `values` gave stays as it is. */
  clear(): void
}

export function listTable(): ListTable {
  let slots: Int32Array<ArrayBuffer>
  let hashes: Int32Array<ArrayBuffer>
  let starts: Int32Array<ArrayBuffer>
  let flat: Int32Array<ArrayBuffer>
  let count: number

  const clear = (): void => {
    slots = new Int32Array(FIRST_SLOTS)
    hashes = new Int32Array(FIRST_SLOTS)
    starts = new Int32Array(FIRST_SLOTS)
    flat = new Int32Array(FIRST_SLOTS * 8)
    count = 0
  }
  clear()

  function isSameList(id: number, list: Int32Array, length: number): boolean {
    const start = starts[id] as number
    if ((starts[id + 1] as number) - start !== length) return false
    for (let i = 0; i < length; i++) if (flat[start + i] !== list[i]) return false
    return true
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

  function add(list: Int32Array, length: number, hash: number): number {
    const start = starts[count] as number
    while (start + length > flat.length) flat = grown(flat)
    if (count + 2 > starts.length) {
      starts = grown(starts)
      hashes = grown(hashes)
    }
    for (let i = 0; i < length; i++) flat[start + i] = list[i] as number
    hashes[count] = hash
    starts[++count] = start + length
    return count - 1
  }

  return {
    find(list, length) {
      let hash = length ^ 0x9e3779b9
      for (let i = 0; i < length; i++) {
        hash = Math.imul(hash ^ (list[i] as number), 0x85ebca6b)
        hash ^= hash >>> 15
      }
      const mask = slots.length - 1
      let slot = hash & mask
      while (true) {
        const id = (slots[slot] as number) - 1
        if (id < 0) break
        if (hashes[id] === hash && isSameList(id, list, length)) return id
        slot = (slot + 1) & mask
      }
      slots[slot] = count + 1
      add(list, length, hash)
      if (count * 2 > slots.length) rehash()
      return count - 1
    },
    size: () => count,
    values: () => ({ flat, starts }),
    clear,
  }
}

export function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(array.length * 2)
  bigger.set(array)
  return bigger
}
