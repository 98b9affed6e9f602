/**
 * AssemblyScript, not TypeScript: the scan of a CloudTrail file and the numbering of its slices, sixteen bytes at a time.
 * What it accepts is exactly what `analytics/trail/scan.ts` finds (a property test compares them); of whatever it does not
 * read (JSON lines, escaped names, errors) it says so, and that scanner reads the file.
 *
 * Memory: the input with a margin of zeros, the records that were found, and for each table its slots and its slices.
 * Nothing is given back; the instance is thrown away when it has grown too large.
 */

import { beginHoles } from './holes'
import { input, limit, reserve } from './input'
import { allot } from './memory'
import { beginPatterns, bytesOfPatterns, callAt, cutAt, newPatterns, readCall, teach } from './patterns'
import { NUMBERS, RECORD } from './record'
import { beginSlices, clear, fieldsAt, idleAt, numberSlices, usedOf } from './slices'
import { beginTexts, clearTexts, numberOf, roomFor, textsAt } from './texts'

export {
  bytesOfPatterns,
  callAt,
  clear,
  clearTexts,
  cutAt,
  fieldsAt,
  idleAt,
  newPatterns,
  numberOf,
  reserve,
  roomFor,
  teach,
  textsAt,
  usedOf,
}

export function begin(): void {
  beginSlices()
  beginTexts()
  beginHoles()
  beginPatterns()
}

/** What the record of that number asks; as `readCall`. */
export function read(record: i32, kind: u32): i32 {
  return readCall(records + <usize>record * RECORD, kind)
}

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

// --- values ----------------------------------------------------------------------------------------------------------

let at: usize = 0
/** Whether the last string had a backslash. */
let escaped: bool = false

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

function numbered(record: usize): void {
  numberSlices(record)
  count++
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
    numbered(record)
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
      numbered(record)
      return true
    } else return false
  }
}

/** Room for one record that JavaScript read itself; its spans are written there, then `push` is called. */
export function blank(): usize {
  return nextRecord()
}
export function push(): void {
  numbered(records + <usize>count * RECORD)
}
export function restart(): void {
  count = 0
}
