/**
 * Tables with one open transaction at a time. Writes go to an overlay; `commit` applies them and returns what the
 * journal must hold, `rollback` forgets them. Values are stored as frozen plain JSON, so that what a handler sees is
 * exactly what a replay would give, and mutating a stored value by accident throws.
 */
import type { Table } from './contract.ts'

/** table, key, value; no value: deleted. */
export type Change = readonly [table: string, key: string, value?: unknown]

export interface Store {
  table<T>(name: string): Table<T>
  /** Tables written to since the last commit. */
  touched(): ReadonlySet<string>
  /** What a commit would apply, for the journal, which must have it first. */
  pending(): readonly Change[]
  commit(): void
  rollback(): void
  /** Replays a commit, or loads a snapshot. */
  apply(changes: readonly Change[]): void
  tables(): Iterable<[string, ReadonlyMap<string, unknown>]>
}

interface Slot {
  readonly base: Map<string, unknown>
  readonly overlay: Map<string, { readonly value: unknown } | null>
  added: number
  /** Keys of `base` in order with their places, for `after`; null until asked for, or when keys came or went. */
  order: { readonly keys: readonly string[]; readonly places: ReadonlyMap<string, number> } | null
}

export function createStore(): Store {
  const slots = new Map<string, Slot>()
  const touched = new Set<string>()
  const slot = (name: string): Slot => {
    const found = slots.get(name) ?? { base: new Map(), overlay: new Map(), added: 0, order: null }
    slots.set(name, found)
    return found
  }
  const pending = () => [...touched].flatMap((name) => changesOf(name, slot(name)))
  const tables = new Map<string, Table<unknown>>()
  return {
    table<T>(name: string) {
      const known = tables.get(name) ?? tableOf<unknown>(slot(name), () => void touched.add(name))
      tables.set(name, known)
      return known as Table<T>
    },
    touched: () => touched,
    pending,
    commit() {
      const changes = pending()
      for (const name of touched) forget(slot(name))
      touched.clear()
      applyTo(slot, changes)
    },
    rollback() {
      for (const name of touched) forget(slot(name))
      touched.clear()
    },
    apply: (changes) =>
      applyTo(
        slot,
        changes.map(([t, k, v]) => (v === undefined ? [t, k] : [t, k, deepFreeze(v)])),
      ),
    *tables() {
      for (const [name, { base }] of slots) yield [name, base]
    },
  }
}

function applyTo(slot: (name: string) => Slot, changes: readonly Change[]): void {
  for (const [name, key, value] of changes) {
    const at = slot(name)
    if (value === undefined || !at.base.has(key)) at.order = null
    if (value === undefined) at.base.delete(key)
    else at.base.set(key, value)
  }
}

const changesOf = (name: string, { overlay }: Slot): Change[] =>
  [...overlay].map(([key, entry]) => (entry ? [name, key, entry.value] : [name, key]))

function forget(slot: Slot): void {
  slot.overlay.clear()
  slot.added = 0
}

function tableOf<T>(slot: Slot, touch: () => void): Table<T> {
  const { base, overlay } = slot
  const has = (key: string) => (overlay.has(key) ? overlay.get(key) !== null : base.has(key))
  return {
    has,
    get(key) {
      const entry = overlay.get(key)
      if (entry !== undefined) return entry === null ? undefined : (entry.value as T)
      return base.get(key) as T | undefined
    },
    put(key, value) {
      touch()
      if (!has(key)) slot.added++
      overlay.set(key, { value: plain(value) })
    },
    delete(key) {
      if (!has(key)) return false
      touch()
      slot.added--
      if (base.has(key)) overlay.set(key, null)
      else overlay.delete(key)
      return true
    },
    // Writes go to the overlay, so the plain map does not move while a handler iterates over it.
    values: () =>
      overlay.size === 0 ? (base.values() as Iterable<T>) : (valuesOf(walk(base, overlay)) as Iterable<T>),
    entries: () => (overlay.size === 0 ? base : walk(base, overlay)) as Iterable<[string, T]>,
    after(key) {
      if (!has(key)) return null
      if (overlay.size > 0) return behind(walk(base, overlay), key) as Iterable<[string, T]>
      const { keys, places } = orderOf(slot)
      return fromPlace(base, keys, (places.get(key) ?? 0) + 1) as Iterable<[string, T]>
    },
    get size() {
      return base.size + slot.added
    },
  }
}

function orderOf(slot: Slot): NonNullable<Slot['order']> {
  if (slot.order) return slot.order
  const keys = [...slot.base.keys()]
  slot.order = { keys, places: new Map(keys.map((key, i) => [key, i])) }
  return slot.order
}

function* fromPlace(base: Slot['base'], keys: readonly string[], start: number): Iterable<[string, unknown]> {
  for (let i = start; i < keys.length; i++) {
    const key = keys[i] ?? ''
    yield [key, base.get(key)]
  }
}

function* behind(rows: Iterable<[string, unknown]>, key: string): Iterable<[string, unknown]> {
  let seen = false
  for (const row of rows) {
    if (seen) yield row
    else seen = row[0] === key
  }
}

function* valuesOf(rows: Iterable<[string, unknown]>): Iterable<unknown> {
  for (const [, value] of rows) yield value
}

function* walk(base: Slot['base'], overlay: Slot['overlay']): Iterable<[string, unknown]> {
  // A copy, because the handler may write while it iterates.
  const written = [...overlay]
  const replaced = new Map(written)
  for (const [key, value] of base) {
    const entry = replaced.get(key)
    if (entry === undefined) yield [key, value]
    else if (entry !== null) yield [key, entry.value]
  }
  for (const [key, entry] of written) if (entry !== null && !base.has(key)) yield [key, entry.value]
}

function plain(value: unknown): unknown {
  const text = JSON.stringify(value)
  if (text === undefined)
    throw new TypeError('A table holds plain JSON; this value is undefined or a function.')
  return deepFreeze(JSON.parse(text))
}

function deepFreeze(value: unknown): unknown {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
