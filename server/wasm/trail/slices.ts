import { added, begun, ended } from './hash'
import { input } from './input'
import { allot, isEqual } from './memory'
import { NUMBERS } from './record'
import { addEntry, clearTable, entryOf, extend, hashAt, inSlot, newTable, offsetAt, Table } from './table'

/** Tables of slices: the same bytes of some fields together, the same number. */
const TABLES: i32 = 5
const HEAD: i32 = 0
/** The last one also tells heads apart. */
export const PARAMETERS: i32 = 4
const tables: usize = memory.data(32, 16)
/** For each table: how many fields, then the fields. */
const fields: usize = memory.data(320, 16)

export function beginSlices(): void {
  for (let i = 0; i < TABLES; i++) store<usize>(tables + ((<usize>i) << 2), changetype<usize>(newTable()))
}

function tableOf(number: i32): Table {
  return changetype<Table>(load<usize>(tables + ((<usize>number) << 2)))
}

export function fieldsAt(): usize {
  return fields
}

export function fieldsOf(number: i32): usize {
  return fields + ((<usize>number) << 6)
}

/** The span of a table's field `i` in a record. */
export function spanOf(record: usize, list: usize, i: i32): usize {
  return record + ((<usize>load<u32>(list + ((<usize>(i + 1)) << 2))) << 3)
}

/** Forgets all slices of a table; their numbers begin anew. */
export function clear(number: i32): void {
  clearTable(tableOf(number))
  if (number === HEAD) memory.fill(idle, 0, idleRoom)
}

/** Bytes of the slices of a table. */
export function usedOf(number: i32): usize {
  return tableOf(number).used
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

export function numberSlices(record: usize): void {
  const head = find(HEAD, record, 0)
  store<u32>(record + NUMBERS, head)
  for (let i = 1; i < PARAMETERS; i++) store<u32>(record + NUMBERS + ((<usize>i) << 2), find(i, record, 0))
  const without = head < idleRoom && load<u8>(idle + head) === 1
  store<u32>(record + NUMBERS + 16, without ? 0 : find(PARAMETERS, record, head + 1))
}

/** Number of the slices of a record in a table; `seed` is part of what is compared. */
function find(number: i32, record: usize, seed: u32): u32 {
  const table = tableOf(number)
  const list = fieldsOf(number)
  const hash = hashOf(list, record, seed)
  let slot = <u32>hash & table.mask
  for (let id = inSlot(table, slot); id !== 0; id = inSlot(table, slot)) {
    const entry = entryOf(table, id - 1)
    if (hashAt(entry) === hash && isSame(table.arena + offsetAt(entry), list, record, seed)) return id - 1
    slot = (slot + 1) & table.mask
  }
  return add(table, list, record, seed, hash, slot)
}

function hashOf(list: usize, record: usize, seed: u32): u64 {
  const n = load<i32>(list)
  let hash = begun(seed)
  for (let i = 0; i < n; i++) {
    const span = spanOf(record, list, i)
    const start = load<i32>(span)
    hash = added(hash, input + <usize>start, <usize>(load<i32>(span, 4) - start))
  }
  return ended(hash)
}

function isSame(at: usize, list: usize, record: usize, seed: u32): bool {
  if (load<u32>(at) !== seed) return false
  let q = at + 4
  const n = load<i32>(list)
  for (let i = 0; i < n; i++) {
    const span = spanOf(record, list, i)
    const length = <usize>(load<i32>(span, 4) - load<i32>(span))
    if (<usize>load<u32>(q) !== length) return false
    q += 4
    if (!isEqual(input + <usize>load<i32>(span), q, length)) return false
    q += length
  }
  return true
}

function add(table: Table, list: usize, record: usize, seed: u32, hash: u64, slot: u32): u32 {
  const n = load<i32>(list)
  let length: usize = 4
  for (let i = 0; i < n; i++) {
    const span = spanOf(record, list, i)
    length += 4 + <usize>(load<i32>(span, 4) - load<i32>(span))
  }
  const start = table.used
  let q = extend(table, length)
  store<u32>(q, seed)
  q += 4
  for (let i = 0; i < n; i++) {
    const span = spanOf(record, list, i)
    const size = <usize>(load<i32>(span, 4) - load<i32>(span))
    store<u32>(q, <u32>size)
    if (size > 0) memory.copy(q + 4, input + <usize>load<i32>(span), size)
    q += 4 + size
  }
  return addEntry(table, slot, hash, start, 0)
}
