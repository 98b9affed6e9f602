import { fit } from './growing.ts'
import type { TextPage } from './parquet-page.ts'

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

/** Puts the text of a UUID into 36 bytes. */
function putText(into: Uint8Array, start: number, { words }: EventIds, at: number): void {
  let digits = 0
  for (let i = 0; i < LENGTH; i++) {
    if (isBreak(i)) into[start + i] = HYPHEN
    else {
      const word = words[4 * at + (digits >> 3)] as number
      into[start + i] = HEX[(word >>> (28 - 4 * (digits & 7))) & 15] as number
      digits++
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
  putText(text, 0, ids, at)
  return text.toString('latin1')
}

/** Adds ids to a page of texts. */
export function addEventIds(page: TextPage, ids: EventIds, at: Uint32Array): void {
  const text = new Uint8Array(LENGTH)
  for (let i = 0; i < at.length; i++) {
    const row = at[i] as number
    if (ids.others.size === 0 && !isNone(ids, row)) {
      putText(text, 0, ids, row)
      page.add(text, 0, LENGTH)
    } else {
      const other = Buffer.from(eventIdText(ids, row))
      page.add(other, 0, other.length)
    }
  }
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
  let words = new Uint32Array(4096)
  const others = new Map<number, string>()
  const ids = (): EventIds => ({ words, others })
  const put = (at: number, from: EventIds, row: number): void => {
    words = fit(words, 4 * at + 4)
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
  }
}
