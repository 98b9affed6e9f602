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
}

export function createStore(): Store {
  const slots = new Map<string, Slot>()
  const touched = new Set<string>()
  const slot = (name: string): Slot => {
    const found = slots.get(name) ?? { base: new Map(), overlay: new Map(), added: 0 }
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
    if (value === undefined) slot(name).base.delete(key)
    else slot(name).base.set(key, value)
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
    *values() {
      for (const [, value] of walk(base, overlay)) yield value as T
    },
    *entries() {
      for (const [key, value] of walk(base, overlay)) yield [key, value as T]
    },
    get size() {
      return base.size + slot.added
    },
  }
}

function* walk(base: Slot['base'], overlay: Slot['overlay']): Iterable<[string, unknown]> {
  if (overlay.size === 0) return yield* base
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
