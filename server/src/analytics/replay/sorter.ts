import { bytesOf, clearSlices, findSlice, type Slices, sliceTable, tupleTable } from '../trail/intern.ts'
import { type ArnAutomaton, arnAutomaton } from './arns.ts'
import type { AtomRow } from './atoms.ts'
import { type Part, readPart } from './check.ts'
import { type Classes, tells, type World } from './classes.ts'

/** Class of the value whose text is in bytes `[start, end)`: as `classOf` of the value, without reading all of it. */
export type Sorter = (bytes: Buffer, start: number, end: number) => number

/** The fastest way that a part has; each leaves what it does not know to the slow one. */
export function sorterOf(world: World, classes: Classes, part: Part): Sorter {
  const slow: Sorter = (bytes, start, end) =>
    classes.classOf(part, readPart(part, bytes.toString('utf8', start, end)))
  if (part === 'context' || part === 'network') return entriesSorter(world.row, classes, part, slow)
  if (part !== 'resource') return slow
  const automaton = arnAutomaton(world.row)
  return automaton === null ? slow : resourceSorter(automaton, slow)
}

const ascii = (text: string) => new TextEncoder().encode(text)
const isAt = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

const OF_NOBODY = ascii('{"account":null,"arn":"')
const OF_ACCOUNT = ascii('{"account":"')
const THEN_ARN = ascii('","arn":"')
const END = ascii('","assumed":null}')
const [BACKSLASH, STAR] = [92, 42]

/** Of a resource decides its account, and which patterns its ARN matches. */
function resourceSorter(automaton: ArnAutomaton, slow: Sorter): Sorter {
  const accounts = new Map<number, number>([[-1, 0]])
  const known = new Map<number, number>()
  return (bytes, start, end) => {
    const to = end - END.length
    if (to <= start || !isAt(bytes, to, END)) return slow(bytes, start, end)
    let account = -1
    let at = start + OF_NOBODY.length
    if (!isAt(bytes, start, OF_NOBODY)) {
      account = accountAt(bytes, start)
      if (account < 0) return slow(bytes, start, end)
      at = start + OF_ACCOUNT.length + 12 + THEN_ARN.length
    }
    if (automaton.isFull() || (bytes[at] === STAR && to === at + 1)) return slow(bytes, start, end)
    let state = automaton.start
    for (; at < to && !automaton.isFinal(state); at++) {
      const byte = bytes[at] as number
      if (byte === BACKSLASH || byte > 127) return slow(bytes, start, end)
      state = automaton.step(state, byte)
    }
    const key = numberOf(accounts, account) * 65_536 + automaton.matchesOf(state)
    const before = known.get(key)
    if (before !== undefined) return before
    const made = slow(bytes, start, end)
    known.set(key, made)
    return made
  }
}

function numberOf(numbers: Map<number, number>, value: number): number {
  const known = numbers.get(value)
  if (known !== undefined) return known
  numbers.set(value, numbers.size)
  return numbers.size - 1
}

/** The twelve digits as a number, or -1. */
function accountAt(bytes: Uint8Array, start: number): number {
  if (!isAt(bytes, start, OF_ACCOUNT) || !isAt(bytes, start + OF_ACCOUNT.length + 12, THEN_ARN)) return -1
  let account = 0
  for (let i = 0; i < 12; i++) {
    const digit = (bytes[start + OF_ACCOUNT.length + i] as number) - 48
    if (digit < 0 || digit > 9) return -1
    account = account * 10 + digit
  }
  return account
}

const [QUOTE, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, N] = [34, 58, 44, 123, 125, 91, 93, 110]
const MAX_ENTRY_BYTES = 32 * 1024 * 1024

interface Key {
  /** With its quotes and the colon, as it stands in a text. */
  readonly bytes: Uint8Array
  /** Whether any atom reads a key that this one tells. */
  readonly asked: boolean
  readonly classOf: (values: readonly string[] | null) => number
  /** The key that followed it the last time. */
  next: number
}

/**
 * Of context keys decide those that atoms read, and of their values the classes that they have alone: contexts with
 * the same asked keys in the same classes are one class. Texts are canonical JSON; the others go the slow way.
 */
function entriesSorter(row: AtomRow, classes: Classes, part: 'context' | 'network', slow: Sorter): Sorter {
  const asked = [...new Set(row.atoms.flatMap(({ inputs }) => inputs))]
  const newKey = (name: string): Key => ({
    bytes: ascii(`"${name}":`),
    asked: asked.some((one) => tells(name, one)),
    classOf: classes.classOfEntry(part, name),
    next: 0,
  })
  const keys: Key[] = [newKey('')]
  const numbers = new Map<string, number>()
  const entries = sliceTable()
  let entryClass: number[] = []
  const paths = tupleTable()
  const classAt: number[] = []
  const from: Slices = {
    bytes: new Uint8Array(0),
    buffer: Buffer.alloc(0),
    view: new DataView(new ArrayBuffer(0)),
    spans: new Int32Array(2),
  }

  /** The key that stands at `at`, or -1. Most texts name the same keys one after the other. */
  const keyAt = (bytes: Buffer, at: number, end: number, before: Key): number => {
    const likely = keys[before.next] as Key
    if (before.next > 0 && isAt(bytes, at, likely.bytes)) return before.next
    if (bytes[at] !== QUOTE) return -1
    const close = bytes.indexOf(QUOTE, at + 1)
    if (close < 0 || close >= end || bytes[close + 1] !== COLON) return -1
    const name = bytes.toString('latin1', at + 1, close)
    const known = numbers.get(name)
    if (known !== undefined) {
      before.next = known
      return known
    }
    if (/[\\\u0080-\u00ff]/.test(name)) return -1
    before.next = keys.push(newKey(name)) - 1
    numbers.set(name, before.next)
    return before.next
  }

  const classOfEntry = (bytes: Buffer, start: number, end: number, key: number): number => {
    if (from.buffer !== bytes) {
      from.buffer = bytes
      from.bytes = bytes
      from.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    from.spans[0] = start
    from.spans[1] = end
    const id = findSlice(entries, from, [0], key)
    if (!entries.added) return entryClass[id] as number
    const values = JSON.parse(bytes.toString('utf8', start, end)) as readonly string[] | null
    const made = (keys[key] as Key).classOf(values)
    entryClass[id] = made
    return made
  }

  return (bytes, start, end) => {
    if (bytes[start] !== OPEN) return slow(bytes, start, end)
    if (bytesOf(entries) > MAX_ENTRY_BYTES) {
      clearSlices(entries)
      entryClass = []
    }
    let path = 0
    let key = 0
    let at = start + 1
    while (bytes[at] !== CLOSE) {
      key = keyAt(bytes, at, end, keys[key] as Key)
      if (key < 0) return slow(bytes, start, end)
      const { bytes: name, asked: isAsked } = keys[key] as Key
      at += name.length
      const value = at
      at = endOfEntry(bytes, at, end)
      if (at < 0) return slow(bytes, start, end)
      if (isAsked) path = paths.find(path, key, classOfEntry(bytes, value, at, key), 0, 0) + 1
      if (bytes[at] === COMMA) at++
      else if (bytes[at] !== CLOSE) return slow(bytes, start, end)
    }
    const known = classAt[path]
    if (known !== undefined) return known
    const made = slow(bytes, start, end)
    classAt[path] = made
    return made
  }
}

/** From a value, `null` or a list of texts, to behind it; -1 when it is neither. */
function endOfEntry(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === N) return start + 4
  if (bytes[start] !== OPEN_LIST) return -1
  let at = start + 1
  while (at < end) {
    const byte = bytes[at++] as number
    if (byte === CLOSE_LIST) return at
    if (byte !== QUOTE) continue
    while (at < end) {
      const inner = bytes[at++] as number
      if (inner === QUOTE) break
      if (inner === BACKSLASH) at++
    }
  }
  return -1
}
