import { added, begun, ended } from './hash'
import { allot, copyOver, isEqual, MARGIN } from './memory'
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

/** Numbers of texts, for each dimension of checks a table; they begin with 1. Entries have the length as their own word. */
export const ACTIONS: i32 = 0
export const RESOURCES: i32 = 1
export const CONTEXTS: i32 = 2
const TABLES: i32 = 3
const tables: usize = memory.data(16, 16)

export function beginTexts(): void {
  for (let i = 0; i < TABLES; i++) store<usize>(tables + ((<usize>i) << 2), changetype<usize>(newTable()))
}

function tableOf(number: i32): Table {
  return changetype<Table>(load<usize>(tables + ((<usize>number) << 2)))
}

/** Slots, mask, entries, their room, arena, its room, bytes in use, number of texts; a text is where its entry says. */
export function textsAt(number: i32): usize {
  return changetype<usize>(tableOf(number))
}

export function clearTexts(): void {
  for (let i = 0; i < TABLES; i++) clearTable(tableOf(i))
}

/** The text at hand. */
export let scratch: usize = 0
let room: usize = 0

/** Room for a text of `length` bytes; what was there stays. */
export function roomFor(length: usize): usize {
  if (length > room) {
    const wider = allot(length * 2 + MARGIN)
    if (room > 0) memory.copy(wider, scratch, room)
    scratch = wider
    room = length * 2
  }
  return scratch
}

/** Number of the first `length` bytes at `scratch`. */
export function numberOf(dimension: i32, length: usize): u32 {
  const table = tableOf(dimension)
  const hash = ended(added(begun(0), scratch, length))
  let slot = <u32>hash & table.mask
  for (let id = inSlot(table, slot); id !== 0; id = inSlot(table, slot)) {
    const entry = entryOf(table, id - 1)
    if (
      hashAt(entry) === hash &&
      <usize>load<u32>(entry, OWN) === length &&
      isEqual(table.arena + offsetAt(entry), scratch, length)
    )
      return id
    slot = (slot + 1) & table.mask
  }
  const start = table.used
  copyOver(extend(table, length), scratch, length)
  return addEntry(table, slot, hash, start, <u32>length) + 1
}
