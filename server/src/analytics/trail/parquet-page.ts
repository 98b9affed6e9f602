import { fit } from './growing.ts'

/** Bytes of Parquet pages (parquet-format, Encodings.md). */

const bitsOf = (most: number): number => Math.max(1, 32 - Math.clz32(most))

function pushVarint(into: number[], value: number): void {
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) into.push((rest % 128) + 128)
  into.push(rest)
}

/** Runs of equal numbers, each with its length: for columns in order, and for the levels of columns that may be empty. */
function runs(values: Uint32Array, width: number): Uint8Array {
  const bytes: number[] = []
  for (let i = 0; i < values.length; ) {
    let end = i + 1
    while (end < values.length && values[end] === values[i]) end++
    pushVarint(bytes, (end - i) * 2)
    for (let bit = 0; bit < width; bit += 8) bytes.push(((values[i] as number) >>> bit) & 255)
    i = end
  }
  return Uint8Array.from(bytes)
}

const runsOf = (values: Uint32Array): number => {
  let count = values.length === 0 ? 0 : 1
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) count++
  return count
}

/** Each number in `width` bits, in groups of eight. */
function packed(values: Uint32Array, width: number): Uint8Array {
  const groups = Math.ceil(values.length / 8)
  const head: number[] = []
  pushVarint(head, groups * 2 + 1)
  const words = new Uint32Array(Math.ceil((groups * width) / 4))
  let [at, have, word] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    word |= value << have
    have += width
    if (have < 32) continue
    words[at++] = word
    have -= 32
    word = have === 0 ? 0 : value >>> (width - have)
  }
  if (have > 0) words[at] = word
  const bytes = new Uint8Array(head.length + groups * width)
  bytes.set(head)
  bytes.set(new Uint8Array(words.buffer, 0, groups * width), head.length)
  return bytes
}

function hybrid(values: Uint32Array, width: number): Uint8Array {
  const asRuns = runsOf(values) * (3 + Math.ceil(width / 8))
  return asRuns < (values.length * width) / 8 ? runs(values, width) : packed(values, width)
}

/** Places in a dictionary of `size` entries, behind the width of each. */
export function placesPage(places: Uint32Array, size: number): Uint8Array {
  const width = bitsOf(size - 1)
  return joined([Uint8Array.of(width), hybrid(places, width)])
}

/** For a column that may be empty: 1 where there is a value. */
export function levels(present: Uint32Array): Uint8Array {
  const bytes = hybrid(present, 1)
  return joined([littleEndian(bytes.length), bytes])
}

const littleEndian = (value: number): Uint8Array =>
  Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24)

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** Below it a loop is cheaper than a view. */
const SHORT = 64

export interface TextPage {
  add(from: Uint8Array, start: number, end: number): void
  readonly done: () => Uint8Array
}

/** Texts, each behind its length, in UTF-8. */
export function textPage(): TextPage {
  let bytes = new Uint8Array(4096)
  let used = 0
  return {
    add(from, start, end) {
      const length = end - start
      if (used + 4 + length > bytes.length) bytes = fit(bytes, used + 4 + length)
      for (let i = 0; i < 4; i++) bytes[used + i] = (length >>> (8 * i)) & 255
      if (length < SHORT) for (let i = 0; i < length; i++) bytes[used + 4 + i] = from[start + i] as number
      else bytes.set(from.subarray(start, end), used + 4)
      used += 4 + length
    },
    done: () => bytes.subarray(0, used),
  }
}
