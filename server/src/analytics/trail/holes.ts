import type { Slices } from './dimensions.ts'
import { FIELD } from './scan.ts'

/**
 * Parameters and `resources` of a record, cut into what stands and holes: words that look like ids. Two records that are cut alike
 * ask the same but for the words in their holes.
 *
 * A hole is a word of at least five lower-case hexadecimal digits that stands alone in a text, or a whole UUID. Twelve digits are
 * an account, and six behind a hyphen end the ARN of a secret: no holes. Nothing in the tables is such a word, and the mapping treats all such words alike: it joins texts,
 * cuts them at other characters, and asks whether they are equal. So equal words have one number here.
 */
export interface Cut {
  /** Bytes that stand, with two bytes (kind, number) for each hole; filled up with zeros to words of 32 bits. */
  readonly skeleton: Int32Array
  /** Words of `skeleton` in use. */
  words: number
  hash: number
  /** Begin and end of each hole in the bytes of the file. */
  readonly spans: Int32Array
  holes: number
}

export const MAX_HOLES = 64
const MAX_BYTES = 8192
/** Kinds of holes, as they stand in a skeleton: below 32, as nothing in it does but these. */
export const [WORD, UUID] = [1, 2]
/** Stands between the two members. */
export const BETWEEN = 3
const [QUOTE, BACKSLASH, PERCENT, COLON, SPACE, DASH, LETTER_U] = [34, 92, 37, 58, 32, 45, 117]
/** Digits of a word that is a hole. */
export const SHORTEST = 5
/** Characters behind the hyphen of a secret's ARN; by their number the mapping tells a whole ARN. */
const OF_A_SECRET = 6

/** Of each byte: 0 ends a word, 1 is of a word, 2 a hexadecimal letter, 3 a digit. */
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if (/[0-9]/.test(char)) return 3
  if (/[a-f]/.test(char)) return 2
  return byte > 127 || /[A-Za-z_]/.test(char) ? 1 : 0
})

export function cutter() {
  const bytes = new Uint8Array(MAX_BYTES + 8)
  const cut: Cut = {
    skeleton: new Int32Array(bytes.buffer),
    words: 0,
    hash: 0,
    spans: new Int32Array(2 * MAX_HOLES),
    holes: 0,
  }
  /** The cut of the record at hand, which lives until the next one; `null` where nothing can be said. */
  return (from: Slices): Cut | null => {
    cut.holes = 0
    let used = cutSpan(cut, bytes, 0, from, FIELD.requestParameters)
    if (used < 0) return null
    bytes[used++] = BETWEEN
    used = cutSpan(cut, bytes, used, from, FIELD.resources)
    if (used < 0) return null
    bytes.fill(0, used, used + 4)
    cut.words = (used + 3) >> 2
    cut.hash = hashOf(cut)
    return cut
  }
}

function hashOf({ skeleton, words }: Cut): number {
  let hash = words
  for (let i = 0; i < words; i++) {
    hash = Math.imul(hash ^ (skeleton[i] as number), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

/**
 * Cuts one member and gives the bytes in use, or -1: holes in names or in texts with escapes, where a word may be written in other
 * ways, percent signs, or too much of it. Texts with escapes and without such words (documents of policies) stand as they are.
 */
function cutSpan(cut: Cut, into: Uint8Array, at: number, { bytes, spans }: Slices, field: number): number {
  const [start, end] = [spans[2 * field] as number, spans[2 * field + 1] as number]
  if (start < 0) return at
  if (end - start > MAX_BYTES - at) return -1
  let [used, p] = [at, start]
  // Of the text at hand.
  let [isText, hasHoles, hasEscapes] = [false, false, false]
  while (p < end) {
    const byte = bytes[p] as number
    if (isText && CLASS[byte] !== 0) {
      const word = endOfWord(bytes, p, end)
      if (word < 0) {
        const number = hasEscapes ? -1 : holeNumber(cut, bytes, p, -word)
        if (number < 0) return -1
        into[used++] = -word - p === 36 && bytes[p + 8] === DASH ? UUID : WORD
        into[used++] = number
        hasHoles = true
        p = -word
      } else while (p < word) into[used++] = bytes[p++] as number
      continue
    }
    if (byte < SPACE || (isText && byte === PERCENT)) return -1
    into[used++] = byte
    p++
    if (isText && byte === BACKSLASH) {
      if (hasHoles || bytes[p] === LETTER_U) return -1
      hasEscapes = true
      into[used++] = bytes[p++] as number
    }
    if (byte !== QUOTE) continue
    if (hasHoles && isName(bytes, p, end)) return -1
    isText = !isText
    hasHoles = false
    hasEscapes = false
  }
  return used
}

/** Whether the text that ended before `p` is the name of a member. */
function isName(bytes: Uint8Array, p: number, end: number): boolean {
  let at = p
  while (at < end && bytes[at] === SPACE) at++
  return bytes[at] === COLON
}

/** Behind the word at `p`; negative when the word is a hole. */
function endOfWord(bytes: Uint8Array, p: number, end: number): number {
  let [at, digits] = [p, 0]
  let isHex = true
  for (; at < end; at++) {
    const kind = CLASS[bytes[at] as number]
    if (kind === 0) break
    if (kind === 1) isHex = false
    else if (kind === 3) digits++
  }
  if (!isHex || at - p < SHORTEST) return at
  if (at - p === OF_A_SECRET && bytes[p - 1] === DASH) return at
  if (at - p === 8 && isRestOfUuid(bytes, at, end)) return -(p + 36)
  return at - p === 12 && digits === 12 ? at : -at
}

/** `-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, and then no more of a word. */
function isRestOfUuid(bytes: Uint8Array, p: number, end: number): boolean {
  if (end - p < 28 || (end - p > 28 && CLASS[bytes[p + 28] as number] !== 0)) return false
  for (let i = 0; i < 28; i++) {
    const byte = bytes[p + i] as number
    if (i % 5 === 0 && i < 20 ? byte !== DASH : (CLASS[byte] as number) < 2) return false
  }
  return true
}

/** Number of the hole `[start, end)`, that of an equal one before it, or -1 when there are too many. */
function holeNumber(cut: Cut, bytes: Uint8Array, start: number, end: number): number {
  const { spans } = cut
  for (let number = 0; number < cut.holes; number++) {
    const at = spans[2 * number] as number
    if ((spans[2 * number + 1] as number) - at !== end - start) continue
    let i = 0
    while (i < end - start && bytes[at + i] === bytes[start + i]) i++
    if (i === end - start) return number
  }
  if (cut.holes === MAX_HOLES) return -1
  spans[2 * cut.holes] = start
  spans[2 * cut.holes + 1] = end
  return cut.holes++
}
