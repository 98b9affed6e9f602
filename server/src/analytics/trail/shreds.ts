import { fit } from './growing.ts'
import { bytesOf, clearSlices, findSlice, type Slices, sliceTable, tupleTable } from './intern.ts'
import { type Texts, type TextsWriter, textsReader, textsWriter } from './texts.ts'

/**
 * Objects of lists of texts (`KeyFacts`), cut up by their keys: what asks one key reads the values of that key alone,
 * each once. An object is its shape and the number of each of its values.
 */
export interface Shreds {
  /** Names of keys; the first is no key: its values are whole texts of another form. */
  readonly keys: readonly string[]
  /** Keys of each shape, in the order of the text. */
  readonly shapes: readonly (readonly number[])[]
  readonly shapeOf: Uint32Array
  /** Of one object after the other, a number for each key of its shape. */
  readonly entries: Uint32Array
  /** Distinct values of a key, as JSON. */
  readonly values: (key: number) => Texts
}

const [QUOTE, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, N, BACKSLASH] = [
  34, 58, 44, 123, 125, 91, 93, 110, 92,
]
/** Equal values beyond this are written again: the memory of an ingest is limited. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024

const EMPTY: Buffer = Buffer.alloc(0)
const ascii = (text: string) => new TextEncoder().encode(text)
const isAt = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

interface Key {
  /** With its quotes and the colon, as it stands in a text. */
  readonly bytes: Uint8Array
  readonly values: TextsWriter
  /** The key that followed it the last time. */
  next: number
}

/** The keys of objects; the first is none. */
function keyTable() {
  const newKey = (name: string): Key => ({ bytes: ascii(`"${name}":`), values: textsWriter(), next: 0 })
  const keys: Key[] = [newKey('')]
  const names: string[] = ['']
  const numbers = new Map<string, number>()
  return {
    keys,
    names,
    /** The key that stands at `at`, or -1. Most texts name the same keys one after the other. */
    at(bytes: Buffer, at: number, end: number, before: Key): number {
      const likely = keys[before.next] as Key
      if (before.next > 0 && isAt(bytes, at, likely.bytes)) return before.next
      if (bytes[at] !== QUOTE) return -1
      const close = bytes.indexOf(QUOTE, at + 1)
      if (close < 0 || close >= end || bytes[close + 1] !== COLON) return -1
      const name = bytes.toString('latin1', at + 1, close)
      const found = numbers.get(name)
      if (found !== undefined) {
        before.next = found
        return found
      }
      if (/[\\\u0080-\u00ff]/.test(name) || name === '') return -1
      before.next = keys.push(newKey(name)) - 1
      names.push(name)
      numbers.set(name, before.next)
      return before.next
    },
  }
}

/** Rows of keys: a path is a row so far, 0 the empty one. */
function shapeTable() {
  const paths = tupleTable()
  const shapes: number[][] = [[0]]
  const shapeAt = new Map<number, number>()
  const keysOf = (path: number): number[] => {
    const found: number[] = []
    for (let at = path; at > 0; at = paths.values()[5 * (at - 1)] as number)
      found.unshift(paths.values()[5 * (at - 1) + 1] as number)
    return found
  }
  return {
    shapes,
    after: (path: number, key: number) => paths.find(path, key, 0, 0, 0) + 1,
    shapeOf(path: number): number {
      const known = shapeAt.get(path)
      if (known !== undefined) return known
      shapeAt.set(path, shapes.length)
      return shapes.push(keysOf(path)) - 1
    },
  }
}

/** The only field of a slice. */
const FIRST = [0] as const

/** Codes of values, a row of them for each key. */
function valueTable(keys: readonly Key[]) {
  const known = sliceTable()
  let codes = new Uint32Array(1024)
  const from: Slices = {
    bytes: new Uint8Array(0),
    buffer: Buffer.alloc(0),
    view: new DataView(new ArrayBuffer(0)),
    spans: new Int32Array(2),
  }
  return (bytes: Buffer, start: number, end: number, key: number): number => {
    if (from.buffer !== bytes) {
      from.buffer = bytes
      from.bytes = bytes
      from.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    if (bytesOf(known) > MAX_VALUE_BYTES) clearSlices(known)
    from.spans[0] = start
    from.spans[1] = end
    const id = findSlice(known, from, FIRST, key)
    if (!known.added) return codes[id] as number
    const { values } = keys[key] as Key
    codes = fit(codes, id + 1)
    codes[id] = values.size()
    values.add(bytes, start, end)
    return codes[id] as number
  }
}

/** The object before: texts come sorted, and most begin as the one before them does. `ends` are of its entries, from its start. */
const noObject = () => ({
  bytes: EMPTY,
  start: 0,
  end: 0,
  from: 0,
  ends: [] as number[],
  keys: [] as number[],
  paths: [] as number[],
})

/** How many bytes an object begins with that the one before it begins with, too. */
function sameBytes(before: ReturnType<typeof noObject>, bytes: Buffer, start: number, end: number): number {
  if (before.bytes !== bytes) return 0
  const most = Math.min(end - start, before.end - before.start)
  let same = 0
  while (same < most && bytes[start + same] === bytes[before.start + same]) same++
  return same
}

/** Cuts texts of canonical JSON, one after the other; `add` takes any buffer that holds the next one. */
export function shredder() {
  const keys = keyTable()
  const codeOf = valueTable(keys.keys)
  const shapes = shapeTable()
  let shapeOf = new Uint32Array(1024)
  let entries = new Uint32Array(4096)
  let [count, used] = [0, 0]

  const before = noObject()

  /** Puts the entries of an object behind the others; the path of its keys, or -1 when it is no such object. */
  const shred = (bytes: Buffer, start: number, end: number): number => {
    if (bytes[start] !== OPEN) return -1
    const same = sameBytes(before, bytes, start, end)
    before.bytes = EMPTY
    let path = 0
    let key = 0
    let at = start + 1
    let to = used
    let isSame = true
    for (let i = 0; bytes[at] !== CLOSE; i++) {
      entries = fit(entries, to + 1)
      isSame = isSame && i < before.ends.length && (before.ends[i] as number) <= same
      if (isSame) {
        entries[to++] = entries[before.from + i] as number
        key = before.keys[i] as number
        path = before.paths[i] as number
        at = start + (before.ends[i] as number)
      } else {
        key = keys.at(bytes, at, end, keys.keys[key] as Key)
        if (key < 0) return -1
        const value = at + (keys.keys[key] as Key).bytes.length
        at = endOfEntry(bytes, value, end)
        if (at < 0) return -1
        entries[to++] = codeOf(bytes, value, at, key)
        path = shapes.after(path, key)
        before.ends[i] = at - start
        before.keys[i] = key
        before.paths[i] = path
      }
      if (bytes[at] === COMMA) at++
      else if (bytes[at] !== CLOSE) return -1
    }
    if (at !== end - 1) return -1
    before.bytes = bytes
    before.start = start
    before.end = end
    before.from = used
    before.ends.length = before.keys.length = before.paths.length = to - used
    used = to
    return path
  }

  return {
    add(bytes: Buffer, start: number, end: number): void {
      const path = shred(bytes, start, end)
      if (path < 0) {
        entries = fit(entries, used + 1)
        entries[used++] = codeOf(bytes, start, end, 0)
      }
      shapeOf = fit(shapeOf, count + 1)
      shapeOf[count++] = path < 0 ? 0 : shapes.shapeOf(path)
    },
    done: (): Shreds => {
      const values = keys.keys.map((key) => key.values.done())
      return {
        keys: keys.names,
        shapes: shapes.shapes,
        shapeOf: shapeOf.subarray(0, count),
        entries: entries.subarray(0, used),
        values: (key) => values[key] as Texts,
      }
    },
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

/** Objects by their codes, as they were before they were cut up; the values of a key are read when an object has it. */
export function objectsReader({ keys, shapes, shapeOf, entries, values }: Shreds): (code: number) => string {
  const readers: ((code: number) => string)[] = []
  const starts = new Uint32Array(shapeOf.length)
  const sizes = Uint32Array.from(shapes, ({ length }) => length)
  for (let code = 1; code < starts.length; code++)
    starts[code] = (starts[code - 1] as number) + (sizes[shapeOf[code - 1] as number] as number)
  return (code) => {
    const shape = shapeOf[code] as number
    const texts = (shapes[shape] as readonly number[]).map((key, place) => {
      readers[key] ??= textsReader(values(key)).text
      const value = readers[key](entries[(starts[code] as number) + place] as number)
      return key === 0 ? value : `"${keys[key]}":${value}`
    })
    return shape === 0 ? (texts[0] as string) : `{${texts.join()}}`
  }
}
