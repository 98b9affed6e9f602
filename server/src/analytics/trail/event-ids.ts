import { fit } from './growing.ts'
import { textPage } from './parquet-page.ts'

/**
 * Ids of events, one for each row. UUIDs as CloudTrail writes them take four words each, the first digits first, so that
 * words are in the order of texts; no id is four times 0. Any other text stands beside them.
 */
export interface EventIds {
  readonly words: Uint32Array<ArrayBuffer>
  readonly others: ReadonlyMap<number, string>
}

const LENGTH = 36
const HYPHEN = 45
/** Where hyphens are. */
const isBreak = (at: number) => at === 8 || at === 13 || at === 18 || at === 23
/** Values of digits by their codes, 255 for all others. */
const DIGITS = new Uint8Array(128).fill(255)
const HEX = new Uint8Array(16)
for (let digit = 0; digit < 16; digit++) {
  HEX[digit] = digit.toString(16).charCodeAt(0)
  DIGITS[HEX[digit] as number] = digit
}

/** Puts a UUID at `4 * at` if `text` has one from `start`, or says that it has none. */
export function putUuid(words: Uint32Array, at: number, text: string, start: number): boolean {
  let [word, digits] = [0, 0]
  for (let i = 0; i < LENGTH; i++) {
    const code = text.charCodeAt(start + i)
    if (isBreak(i)) {
      if (code !== HYPHEN) return false
      continue
    }
    const digit = code < 128 ? (DIGITS[code] as number) : 255
    if (digit === 255) return false
    word = (word << 4) | digit
    digits++
    if ((digits & 7) === 0) words[4 * at + (digits >> 3) - 1] = word
  }
  return true
}

/** Two digits of each byte, the first one lower. */
const PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => (HEX[byte >>> 4] as number) | ((HEX[byte & 15] as number) << 8),
)

/** Puts the text of a UUID into 36 bytes. */
function putText(into: Uint8Array, start: number, words: Uint32Array, at: number): void {
  let to = start
  for (let i = 0; i < 4; i++) {
    const word = words[4 * at + i] as number
    for (let shift = 24; shift >= 0; shift -= 8) {
      const pair = PAIRS[(word >>> shift) & 255] as number
      into[to++] = pair & 255
      into[to++] = pair >>> 8
      if ((shift === 16 && i > 0 && i < 3) || (shift === 0 && i < 2)) into[to++] = HYPHEN
    }
  }
}

const isNone = ({ words }: EventIds, at: number): boolean =>
  ((words[4 * at] as number) |
    (words[4 * at + 1] as number) |
    (words[4 * at + 2] as number) |
    (words[4 * at + 3] as number)) ===
  0

/** The text of id `at`, '' where there is none. */
export function eventIdText(ids: EventIds, at: number): string {
  const other = ids.others.get(at)
  if (other !== undefined) return other
  if (isNone(ids, at)) return ''
  const text = Buffer.allocUnsafe(LENGTH)
  putText(text, 0, ids.words, at)
  return text.toString('latin1')
}

/** A page of the texts of ids, as `textPage` makes it. */
export function pageOfEventIds(ids: EventIds, at: Uint32Array): Uint8Array {
  const size = 4 + LENGTH
  if (ids.others.size > 0 || at.some((row) => isNone(ids, row))) return pageOfTexts(ids, at)
  const bytes = new Uint8Array(at.length * size)
  for (let i = 0; i < at.length; i++) {
    bytes[size * i] = LENGTH
    putText(bytes, size * i + 4, ids.words, at[i] as number)
  }
  return bytes
}

function pageOfTexts(ids: EventIds, at: Uint32Array): Uint8Array {
  const page = textPage()
  for (const row of at) {
    const text = Buffer.from(eventIdText(ids, row))
    page.add(text, 0, text.length)
  }
  return page.done()
}

/** Whether id `a` of one comes before id `b` of the other, by their texts. */
function isBefore(one: EventIds, a: number, other: EventIds, b: number): boolean {
  if (one.others.size > 0 || other.others.size > 0) return eventIdText(one, a) < eventIdText(other, b)
  for (let i = 0; i < 4; i++) {
    const x = one.words[4 * a + i] as number
    const y = other.words[4 * b + i] as number
    if (x !== y) return x < y
  }
  return false
}

/** Ids of rows that are added one after the other, each changed as long as a smaller one is found. */
export function eventIdKeeper() {
  let words: Uint32Array<ArrayBuffer>
  let others: Map<number, string>
  /** Begins anew; what `ids` gave stays as it is. */
  const clear = (): void => {
    words = new Uint32Array(4096)
    others = new Map()
  }
  clear()
  const ids = (): EventIds => ({ words, others })
  const put = (at: number, from: EventIds, row: number): void => {
    if (4 * at + 4 > words.length) words = fit(words, 4 * at + 4)
    for (let i = 0; i < 4; i++) words[4 * at + i] = from.words[4 * row + i] as number
    if (from.others.size === 0 && others.size === 0) return
    const other = from.others.get(row)
    if (other === undefined) others.delete(at)
    else others.set(at, other)
  }
  return {
    ids,
    put,
    putSmaller(at: number, from: EventIds, row: number): void {
      if (isBefore(from, row, ids(), at)) put(at, from, row)
    },
    clear,
  }
}
