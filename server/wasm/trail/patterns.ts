import { added, begun, ended } from './hash'
import { account, cut, holeCount, holeEnd, holeStart, holes, skeleton, skeletonLength } from './holes'
import { allot, copyOver, isEqual } from './memory'
import {
  addEntry,
  clearTable,
  entryOf,
  extend,
  hashAt,
  inSlot,
  newTable,
  OWN,
  offsetAt,
  Table,
} from './table'
import { ACTIONS, CONTEXTS, numberOf, RESOURCES, roomFor, scratch } from './texts'

/**
 * What calls ask that are cut alike. A pattern's bytes are its kind, the length of its skeleton, and the skeleton; its own word is
 * where in the arena stands what JavaScript taught of it (+ 1): how many checks, and for each its kind and three texts. A text is how
 * many pieces, and for each a hole (or none), how many bytes follow it, and these.
 */
let patterns: Table = changetype<Table>(0)

/** Nothing can be said of the record. */
const NOT_CUT: i32 = -1
/** Minus the number of the pattern: JavaScript has taught nothing of it. */
const UNTAUGHT: i32 = -2
const NO_HOLE: u32 = 0xffffffff
const THE_ACCOUNT: u32 = 64
const OF_AN_ACCOUNT: usize = 12

/** Kind, action, resource and context of each check. */
let call: usize = 0
let callRoom: u32 = 0

export function callAt(): usize {
  return call
}

export function beginPatterns(): void {
  patterns = newTable()
}

export function newPatterns(): void {
  clearTable(patterns)
}

/** Bytes of all patterns. */
export function bytesOfPatterns(): usize {
  return patterns.used
}

/** What was cut last: skeleton, its length, holes, their number. */
const found: usize = memory.data(16, 16)
export function cutAt(): usize {
  store<u32>(found, <u32>skeleton)
  store<u32>(found, <u32>skeletonLength, 4)
  store<u32>(found, <u32>holes, 8)
  store<u32>(found, <u32>holeCount, 12)
  return found
}

/** Number of the checks at `callAt`, or `NOT_CUT`, or `UNTAUGHT` minus the number of the pattern. */
export function readCall(record: usize, kind: u32): i32 {
  if (!cut(record)) return NOT_CUT
  const number = find(kind)
  const taught = <usize>load<u32>(entryOf(patterns, number), OWN)
  return taught === 0 ? UNTAUGHT - <i32>number : fill(patterns.arena + taught - 1)
}

/** The first `length` bytes at `scratch` are what a pattern's calls ask. */
export function teach(number: u32, length: usize): void {
  const start = patterns.used
  copyOver(extend(patterns, length), scratch, length)
  store<u32>(entryOf(patterns, number), <u32>start + 1, OWN)
}

function find(kind: u32): u32 {
  const hash = ended(added(begun(kind), skeleton, skeletonLength))
  let slot = <u32>hash & patterns.mask
  for (let id = inSlot(patterns, slot); id !== 0; id = inSlot(patterns, slot)) {
    const entry = entryOf(patterns, id - 1)
    if (hashAt(entry) === hash && isOf(patterns.arena + offsetAt(entry), kind)) return id - 1
    slot = (slot + 1) & patterns.mask
  }
  const start = patterns.used
  const to = extend(patterns, 8 + skeletonLength)
  store<u32>(to, kind)
  store<u32>(to, <u32>skeletonLength, 4)
  copyOver(to + 8, skeleton, skeletonLength)
  return addEntry(patterns, slot, hash, start, 0)
}

function isOf(at: usize, kind: u32): bool {
  return (
    load<u32>(at) === kind &&
    <usize>load<u32>(at, 4) === skeletonLength &&
    isEqual(at + 8, skeleton, skeletonLength)
  )
}

/** Where the next piece of what was taught stands. */
let next: usize = 0

function fill(taught: usize): i32 {
  const checks = load<u32>(taught)
  if (checks > callRoom) {
    callRoom = checks * 2 + 64
    call = allot((<usize>callRoom) << 4)
  }
  next = taught + 4
  for (let i: u32 = 0; i < checks; i++) {
    const to = call + ((<usize>i) << 4)
    store<u32>(to, load<u32>(next))
    next += 4
    store<u32>(to, filled(ACTIONS), 4)
    store<u32>(to, filled(RESOURCES), 8)
    store<u32>(to, filled(CONTEXTS), 12)
  }
  return <i32>checks
}

/** Number of a text whose holes are filled with the words of the record at hand. */
function filled(dimension: i32): u32 {
  const pieces = load<u32>(next)
  next += 4
  let length: usize = 0
  for (let i: u32 = 0; i < pieces; i++) {
    const hole = load<u32>(next)
    const bytes = <usize>load<u32>(next, 4)
    if (hole === THE_ACCOUNT) {
      copyOver(roomFor(length + OF_AN_ACCOUNT) + length, account, OF_AN_ACCOUNT)
      length += OF_AN_ACCOUNT
    } else if (hole !== NO_HOLE) {
      const start = holeStart(hole)
      const word = holeEnd(hole) - start
      copyOver(roomFor(length + word) + length, start, word)
      length += word
    }
    copyOver(roomFor(length + bytes) + length, next + 8, bytes)
    length += bytes
    next += 8 + bytes
  }
  return numberOf(dimension, length)
}
