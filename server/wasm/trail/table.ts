import { allot, MARGIN } from './memory'

/** Numbers for content: slots with open addressing, entries of 16 bytes (hash, offset, a word of its own), and an arena. */
@unmanaged
export class Table {
  slots: usize
  mask: u32
  entries: usize
  room: u32
  arena: usize
  arenaRoom: usize
  used: usize
  count: u32
}

const FIRST: u32 = 4096
const FIRST_ARENA: usize = 65536

export function newTable(): Table {
  const table = changetype<Table>(allot(offsetof<Table>()))
  table.slots = allot((<usize>FIRST) << 2)
  table.mask = FIRST - 1
  table.entries = allot((<usize>FIRST) << 4)
  table.room = FIRST
  table.arena = allot(FIRST_ARENA + MARGIN)
  table.arenaRoom = FIRST_ARENA
  clearTable(table)
  return table
}

/** Forgets all content; numbers begin anew. */
export function clearTable(table: Table): void {
  memory.fill(table.slots, 0, (<usize>table.mask + 1) << 2)
  table.used = 0
  table.count = 0
}

/** What stands in a slot: a number + 1, or 0. */
export function inSlot(table: Table, slot: u32): u32 {
  return load<u32>(table.slots + ((<usize>slot) << 2))
}

export function entryOf(table: Table, number: u32): usize {
  return table.entries + ((<usize>number) << 4)
}

export function hashAt(entry: usize): u64 {
  return load<u64>(entry)
}

export function offsetAt(entry: usize): usize {
  return <usize>load<u32>(entry, 8)
}

/** The word that is an entry's own. */
export const OWN: usize = 12

/** Makes room for `length` bytes at the end of the arena, and says where. */
export function extend(table: Table, length: usize): usize {
  if (table.used + length > table.arenaRoom) {
    const more = max(table.arenaRoom * 2, table.used + length)
    const wider = allot(more + MARGIN)
    memory.copy(wider, table.arena, table.used)
    table.arena = wider
    table.arenaRoom = more
  }
  const at = table.arena + table.used
  table.used += length
  return at
}

/** Number of new content whose bytes are those from `start` in the arena on. */
export function addEntry(table: Table, slot: u32, hash: u64, start: usize, own: u32): u32 {
  if (table.count === table.room) {
    const entries = allot((<usize>table.room) << 5)
    memory.copy(entries, table.entries, (<usize>table.room) << 4)
    table.entries = entries
    table.room *= 2
  }
  const number = table.count++
  const entry = entryOf(table, number)
  store<u64>(entry, hash)
  store<u32>(entry, <u32>start, 8)
  store<u32>(entry, own, OWN)
  store<u32>(table.slots + ((<usize>slot) << 2), number + 1)
  if (table.count * 2 > table.mask) rehash(table)
  return number
}

function rehash(table: Table): void {
  const size = (table.mask + 1) * 2
  const slots = allot((<usize>size) << 2)
  memory.fill(slots, 0, (<usize>size) << 2)
  for (let number: u32 = 0; number < table.count; number++) {
    let slot = <u32>hashAt(entryOf(table, number)) & (size - 1)
    while (load<u32>(slots + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & (size - 1)
    store<u32>(slots + ((<usize>slot) << 2), number + 1)
  }
  table.slots = slots
  table.mask = size - 1
}
