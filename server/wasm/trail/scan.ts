/**
 * AssemblyScript, not TypeScript: the scan of a CloudTrail file and the numbering of its slices, sixteen bytes at a time.
 * What it accepts is exactly what `analytics/trail/scan.ts` finds (a property test compares them); of whatever it does not
 * read (JSON lines, escaped names, errors) it says so, and that scanner reads the file.
 *
 * Memory: the input with a margin of zeros, the records that were found, and for each table its slots and its slices.
 * Nothing is given back; the instance is thrown away when it has grown too large.
 */

/** Integers of a record: begin and end of each field, then the numbers of its slices, one for each table. */
const FIELDS: i32 = 20
const TABLES: i32 = 5
const RECORD: usize = <usize>((FIELDS * 2 + 8) * 4)
const NUMBERS: usize = <usize>(FIELDS * 2 * 4)
/** Blocks of 64 bytes are read over the end of the input. */
const MARGIN: usize = 128
const NOT_READ: i32 = -1
/** The place of `Records` in the names that JavaScript hands over. */
const RECORDS: i32 = 19

const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const COMMA: u32 = 44
const COLON: u32 = 58
const OPEN: u32 = 123
const CLOSE: u32 = 125
const OPEN_LIST: u32 = 91
const CLOSE_LIST: u32 = 93

let top: usize = (__heap_base + 63) & ~63

function allot(size: usize): usize {
  const at = top
  top = (top + size + 63) & ~63
  const pages = <i32>((top + 0xffff) >>> 16) - memory.size()
  if (pages > 0 && memory.grow(max(pages, memory.size() >> 2)) < 0 && memory.grow(pages) < 0) unreachable()
  return at
}

// --- names of fields -------------------------------------------------------------------------------------------------

/** 256 bytes: field of a slot, or -1. */
const slotsOfNames: usize = memory.data(256, 16)
/** 32 bytes for each name, and its length. */
const names: usize = memory.data(1024, 16)
const lengths: usize = memory.data(128, 16)

export function slotsOfNamesAt(): usize {
  return slotsOfNames
}
export function namesAt(): usize {
  return names
}
export function lengthsAt(): usize {
  return lengths
}

/** Field of the name in `[start, end)`, or -1. */
function fieldOf(start: usize, end: usize): i32 {
  const length = <u32>(end - start)
  const slot = (length + load<u8>(start) + <u32>load<u8>(start, 6) * 3) & 255
  const field = <i32>load<i8>(slotsOfNames + slot)
  if (field < 0 || load<u32>(lengths + ((<usize>field) << 2)) !== length) return -1
  const name = names + ((<usize>field) << 5)
  for (let i: usize = 0; i < <usize>length; i++) if (load<u8>(name + i) !== load<u8>(start + i)) return -1
  return field
}

// --- input -----------------------------------------------------------------------------------------------------------

let input: usize = 0
let capacity: usize = 0
let limit: usize = 0
let at: usize = 0
/** Whether the last string had a backslash. */
let escaped: bool = false

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

function skipSpace(): u32 {
  while (at < limit) {
    const byte = <u32>load<u8>(at)
    if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) return byte
    at++
  }
  return 0
}

/** From behind the opening quote to behind the closing one, or 0. */
function endOfString(start: usize): usize {
  const quotes = i8x16.splat(<i8>QUOTE)
  const slashes = i8x16.splat(<i8>BACKSLASH)
  let p = start
  escaped = false
  while (p < limit) {
    const block = v128.load(p)
    const found = i8x16.bitmask(v128.or(i8x16.eq(block, quotes), i8x16.eq(block, slashes)))
    if (found === 0) {
      p += 16
      continue
    }
    p += ctz(found)
    if (<u32>load<u8>(p) === QUOTE) return p < limit ? p + 1 : 0
    escaped = true
    p += 2
  }
  return 0
}

function maskOf(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(a, byte))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(b, byte)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(c, byte)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(d, byte)))) << 48)
  )
}

/**
 * From an opening brace or bracket to behind its match, or 0. Blocks of 64 bytes: a prefix sum of the quotes tells what is in
 * a string, and blocks in which the depth cannot come to its end are counted as a whole.
 */
function endOfNested(start: usize): usize {
  const quotes = i8x16.splat(<i8>QUOTE)
  const slashes = i8x16.splat(<i8>BACKSLASH)
  // `{` and `[`, `}` and `]` differ in one bit alone.
  const bit = i8x16.splat(32)
  const opens = i8x16.splat(<i8>OPEN)
  const closes = i8x16.splat(<i8>CLOSE)
  let p = start
  let depth: i32 = 0
  let inside: u64 = 0
  while (p < limit) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const c = v128.load(p, 32)
    const d = v128.load(p, 48)
    const anySlash = v128.or(
      v128.or(i8x16.eq(a, slashes), i8x16.eq(b, slashes)),
      v128.or(i8x16.eq(c, slashes), i8x16.eq(d, slashes)),
    )
    if (v128.any_true(anySlash)) {
      const end = p + 64
      while (p < end && p < limit) {
        const byte = <u32>load<u8>(p++)
        if (byte === QUOTE) inside = ~inside
        else if (inside !== 0) {
          if (byte === BACKSLASH) p++
        } else if (byte === OPEN || byte === OPEN_LIST) depth++
        else if (byte === CLOSE || byte === CLOSE_LIST) {
          depth--
          if (depth === 0) return p
        }
      }
      continue
    }
    let strings = maskOf(a, b, c, d, quotes)
    strings ^= strings << 1
    strings ^= strings << 2
    strings ^= strings << 4
    strings ^= strings << 8
    strings ^= strings << 16
    strings ^= strings << 32
    strings ^= inside
    const opened =
      maskOf(v128.or(a, bit), v128.or(b, bit), v128.or(c, bit), v128.or(d, bit), opens) & ~strings
    const closed =
      maskOf(v128.or(a, bit), v128.or(b, bit), v128.or(c, bit), v128.or(d, bit), closes) & ~strings
    const down = <i32>popcnt(closed)
    if (depth > down) depth += <i32>popcnt(opened) - down
    else {
      let marks = opened | closed
      while (marks !== 0) {
        const one = marks & (0 - marks)
        if ((opened & one) !== 0) depth++
        else {
          depth--
          if (depth === 0) {
            const end = p + <usize>ctz(one) + 1
            return end <= limit ? end : 0
          }
        }
        marks ^= one
      }
    }
    inside = <u64>(<i64>strings >> 63)
    p += 64
  }
  return 0
}

function endOfScalar(start: usize): usize {
  let p = start
  while (p < limit) {
    const byte = <u32>load<u8>(p)
    if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || byte <= 32) break
    p++
  }
  return p === start ? 0 : p
}

function endOfValue(first: u32): usize {
  if (first === QUOTE) return endOfString(at + 1)
  return first === OPEN || first === OPEN_LIST ? endOfNested(at) : endOfScalar(at)
}

// --- records ---------------------------------------------------------------------------------------------------------

let records: usize = 0
let room: i32 = 0
let count: i32 = 0

export function recordsAt(): usize {
  return records
}

/** Where the next record goes, with no field there. */
function nextRecord(): usize {
  if (count === room) {
    const more = room === 0 ? 512 : room * 2
    const wider = allot(<usize>more * RECORD)
    memory.copy(wider, records, <usize>count * RECORD)
    records = wider
    room = more
  }
  const record = records + <usize>count * RECORD
  memory.fill(record, 0xff, NUMBERS)
  return record
}

/** Reads the file that was put at `reserve`. Number of its records, or `NOT_READ`. */
export function scan(): i32 {
  count = 0
  at = input
  let found = false
  if (skipSpace() !== OPEN) return NOT_READ
  at++
  let byte = skipSpace()
  if (byte === CLOSE) return NOT_READ
  while (true) {
    if (byte !== QUOTE) return NOT_READ
    const key = at + 1
    const end = endOfString(key)
    if (end === 0 || escaped) return NOT_READ
    at = end
    if (skipSpace() !== COLON) return NOT_READ
    at++
    byte = skipSpace()
    if (byte === OPEN_LIST && fieldOf(key, end - 1) === RECORDS) {
      if (!scanList()) return NOT_READ
      found = true
    } else {
      at = endOfValue(byte)
      if (at === 0) return NOT_READ
    }
    byte = skipSpace()
    at++
    if (byte === COMMA) byte = skipSpace()
    else if (byte === CLOSE) break
    else return NOT_READ
  }
  // Behind a document may be another one.
  skipSpace()
  return found && at >= limit ? count : NOT_READ
}

function scanList(): bool {
  at++
  let byte = skipSpace()
  if (byte === CLOSE_LIST) {
    at++
    return true
  }
  while (true) {
    if (byte === OPEN) {
      if (!scanRecord()) return false
    } else {
      at = endOfValue(byte)
      if (at === 0) return false
    }
    byte = skipSpace()
    at++
    if (byte === COMMA) byte = skipSpace()
    else return byte === CLOSE_LIST
  }
}

function scanRecord(): bool {
  const record = nextRecord()
  at++
  let byte = skipSpace()
  if (byte === CLOSE) {
    at++
    numberSlices(record)
    return true
  }
  while (true) {
    if (byte !== QUOTE) return false
    const key = at + 1
    const end = endOfString(key)
    if (end === 0 || escaped) return false
    const field = fieldOf(key, end - 1)
    at = end
    if (skipSpace() !== COLON) return false
    at++
    byte = skipSpace()
    const start = at
    at = endOfValue(byte)
    if (at === 0) return false
    if (field >= 0) {
      const span = record + ((<usize>field) << 3)
      store<i32>(span, <i32>(start - input))
      store<i32>(span, <i32>(at - input), 4)
    }
    byte = skipSpace()
    at++
    if (byte === COMMA) byte = skipSpace()
    else if (byte === CLOSE) {
      numberSlices(record)
      return true
    } else return false
  }
}

/** Room for one record that JavaScript read itself; its spans are written there, then `push` is called. */
export function blank(): usize {
  return nextRecord()
}
export function push(): void {
  numberSlices(records + <usize>count * RECORD)
}
export function restart(): void {
  count = 0
}

// --- tables of slices ------------------------------------------------------------------------------------------------

/** What a table is, in words: its fields, then what grows. */
const SLOTS: usize = 0
const MASK: usize = 4
const ENTRIES: usize = 8
const ENTRIES_ROOM: usize = 12
const ARENA: usize = 16
const ARENA_ROOM: usize = 20
const USED: usize = 24
const COUNT: usize = 28
const WIDTH: usize = 32
const tables: usize = memory.data(160, 16)
/** For each table: how many fields, then the fields. */
const fields: usize = memory.data(320, 16)

export function fieldsAt(): usize {
  return fields
}

export function begin(): void {
  for (let i = 0; i < TABLES; i++) {
    const table = tables + <usize>i * WIDTH
    store<u32>(table, <u32>allot(4096 * 4), SLOTS)
    store<u32>(table, 4095, MASK)
    store<u32>(table, <u32>allot(4096 * 16), ENTRIES)
    store<u32>(table, 4096, ENTRIES_ROOM)
    store<u32>(table, <u32>allot(65536 + MARGIN), ARENA)
    store<u32>(table, 65536, ARENA_ROOM)
    clear(i)
  }
}

/** Forgets all slices of a table; their numbers begin anew. */
export function clear(number: i32): void {
  const table = tables + <usize>number * WIDTH
  memory.fill(load<u32>(table, SLOTS), 0, (<usize>load<u32>(table, MASK) + 1) << 2)
  store<u32>(table, 0, USED)
  store<u32>(table, 0, COUNT)
  if (number === 0) memory.fill(idle, 0, idleRoom)
}

/** Bytes of the slices of a table. */
export function usedOf(number: i32): u32 {
  return load<u32>(tables + <usize>number * WIDTH, USED)
}

/** One byte for each head: 1 when nothing that its parameters say counts. */
let idle: usize = 0
let idleRoom: u32 = 0

export function idleAt(heads: u32): usize {
  if (heads >= idleRoom) {
    const more = max<u32>(heads + 1, idleRoom * 2) + 1024
    const wider = allot(more)
    memory.copy(wider, idle, idleRoom)
    memory.fill(wider + idleRoom, 0, more - idleRoom)
    idle = wider
    idleRoom = more
  }
  return idle
}

function numberSlices(record: usize): void {
  const head = find(0, record, 0)
  store<u32>(record + NUMBERS, head)
  for (let i = 1; i < TABLES - 1; i++) store<u32>(record + NUMBERS + ((<usize>i) << 2), find(i, record, 0))
  const without = head < idleRoom && load<u8>(idle + head) === 1
  store<u32>(record + NUMBERS + 16, without ? 0 : find(TABLES - 1, record, head + 1))
  count++
}

/** Number of the slices of a record in a table; `seed` is part of what is compared. */
function find(number: i32, record: usize, seed: u32): u32 {
  const table = tables + <usize>number * WIDTH
  const hash = hashOf(number, record, seed)
  const mask = load<u32>(table, MASK)
  const slots = <usize>load<u32>(table, SLOTS)
  const entries = <usize>load<u32>(table, ENTRIES)
  let slot = <u32>hash & mask
  while (true) {
    const id = load<u32>(slots + ((<usize>slot) << 2))
    if (id === 0) break
    const entry = entries + ((<usize>(id - 1)) << 4)
    if (load<u64>(entry) === hash && isSame(table, number, load<u32>(entry, 8), record, seed)) return id - 1
    slot = (slot + 1) & mask
  }
  return add(table, number, record, seed, hash, slot)
}

// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K1: u64 = 0x9e3779b185ebca87
// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K2: u64 = 0xc2b2ae3d27d4eb4f
// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K3: u64 = 0x165667b19e3779f9

function hashOf(number: i32, record: usize, seed: u32): u64 {
  const list = fields + <usize>number * 64
  const n = load<i32>(list)
  let h: u64 = (<u64>seed + 1) * K3
  let g: u64 = h ^ K2
  for (let i = 0; i < n; i++) {
    const span = record + ((<usize>load<u32>(list + ((<usize>(i + 1)) << 2))) << 3)
    const length = load<i32>(span, 4) - load<i32>(span)
    let p = input + <usize>load<i32>(span)
    h = (h ^ <u64>length) * K1
    if (length === 0) continue
    const end = p + <usize>length
    for (; p + 16 <= end; p += 16) {
      h = (h ^ load<u64>(p)) * K1
      h ^= h >> 29
      g = (g ^ load<u64>(p, 8)) * K2
      g ^= g >> 31
    }
    if (p + 8 <= end) {
      h = (h ^ load<u64>(p)) * K1
      h ^= h >> 29
      p += 8
    }
    if (p < end) {
      g = (g ^ (load<u64>(p) & (((<u64>1) << ((<u64>(end - p)) << 3)) - 1))) * K2
      g ^= g >> 31
    }
  }
  h = (h ^ rotl(g, 23)) * K3
  h ^= h >> 32
  h *= K1
  return h ^ (h >> 29)
}

function isSame(table: usize, number: i32, offset: u32, record: usize, seed: u32): bool {
  let q = <usize>load<u32>(table, ARENA) + offset
  if (load<u32>(q) !== seed) return false
  q += 4
  const list = fields + <usize>number * 64
  const n = load<i32>(list)
  for (let i = 0; i < n; i++) {
    const span = record + ((<usize>load<u32>(list + ((<usize>(i + 1)) << 2))) << 3)
    const length = <usize>(load<i32>(span, 4) - load<i32>(span))
    if (<usize>load<u32>(q) !== length) return false
    q += 4
    if (length === 0) continue
    const p = input + <usize>load<i32>(span)
    let done: usize = 0
    for (; done + 16 <= length; done += 16)
      if (v128.any_true(v128.xor(v128.load(p + done), v128.load(q + done)))) return false
    for (; done < length; done++) if (load<u8>(p + done) !== load<u8>(q + done)) return false
    q += length
  }
  return true
}

function add(table: usize, number: i32, record: usize, seed: u32, hash: u64, slot: u32): u32 {
  const list = fields + <usize>number * 64
  const n = load<i32>(list)
  let length: usize = 4
  for (let i = 0; i < n; i++) {
    const span = record + ((<usize>load<u32>(list + ((<usize>(i + 1)) << 2))) << 3)
    length += 4 + <usize>(load<i32>(span, 4) - load<i32>(span))
  }
  const id = load<u32>(table, COUNT)
  const used = <usize>load<u32>(table, USED)
  grow(table, length)
  const entry = <usize>load<u32>(table, ENTRIES) + ((<usize>id) << 4)
  store<u64>(entry, hash)
  store<u32>(entry, <u32>used, 8)
  let q = <usize>load<u32>(table, ARENA) + used
  store<u32>(q, seed)
  q += 4
  for (let i = 0; i < n; i++) {
    const span = record + ((<usize>load<u32>(list + ((<usize>(i + 1)) << 2))) << 3)
    const size = <usize>(load<i32>(span, 4) - load<i32>(span))
    store<u32>(q, <u32>size)
    if (size > 0) memory.copy(q + 4, input + <usize>load<i32>(span), size)
    q += 4 + size
  }
  store<u32>(table, <u32>(used + length), USED)
  store<u32>(table, id + 1, COUNT)
  store<u32>(<usize>load<u32>(table, SLOTS) + ((<usize>slot) << 2), id + 1)
  if ((id + 1) * 2 > load<u32>(table, MASK)) rehash(table)
  return id
}

function grow(table: usize, length: usize): void {
  const used = <usize>load<u32>(table, USED)
  const arenaRoom = <usize>load<u32>(table, ARENA_ROOM)
  if (used + length > arenaRoom) {
    const more = max(arenaRoom * 2, used + length)
    const wider = allot(more + MARGIN)
    memory.copy(wider, load<u32>(table, ARENA), used)
    store<u32>(table, <u32>wider, ARENA)
    store<u32>(table, <u32>more, ARENA_ROOM)
  }
  const room = load<u32>(table, ENTRIES_ROOM)
  if (load<u32>(table, COUNT) < room) return
  const entries = allot((<usize>room) << 5)
  memory.copy(entries, load<u32>(table, ENTRIES), (<usize>room) << 4)
  store<u32>(table, <u32>entries, ENTRIES)
  store<u32>(table, room * 2, ENTRIES_ROOM)
}

function rehash(table: usize): void {
  const size = (load<u32>(table, MASK) + 1) * 2
  const slots = allot((<usize>size) << 2)
  memory.fill(slots, 0, (<usize>size) << 2)
  const entries = <usize>load<u32>(table, ENTRIES)
  const n = load<u32>(table, COUNT)
  for (let id: u32 = 0; id < n; id++) {
    let slot = <u32>load<u64>(entries + ((<usize>id) << 4)) & (size - 1)
    while (load<u32>(slots + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & (size - 1)
    store<u32>(slots + ((<usize>slot) << 2), id + 1)
  }
  store<u32>(table, <u32>slots, SLOTS)
  store<u32>(table, size - 1, MASK)
}
