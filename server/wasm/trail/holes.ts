import { input } from './input'
import { fieldsOf, PARAMETERS, spanOf } from './slices'

/**
 * Parameters and `resources` of a record, cut into what stands and holes: words that look like ids, and the account of the trail.
 * Two records that are cut alike ask the same but for the words in their holes.
 *
 * A hole is a word of at least five lower-case hexadecimal digits that stands alone in a text, a whole UUID, or the twelve digits of
 * the record's own account. Other words of twelve digits are accounts, and six behind a hyphen end the ARN of a secret: no holes.
 * Nothing in the tables is such a word, and the mapping treats all such words alike: it joins texts, cuts them at other characters, and
 * asks whether they are equal. So equal words have one number here.
 */

/** Kinds of holes, as they stand in a skeleton: below 32, as nothing in it does but these. The account has no number. */
const WORD: u8 = 1
const UUID: u8 = 2
/** Stands between the two members. */
const BETWEEN: u8 = 3
const ACCOUNT: u8 = 4

const MAX_HOLES: i32 = 64
const MAX_BYTES: usize = 8192
const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const PERCENT: u32 = 37
const COLON: u32 = 58
const SPACE: u32 = 32
const DASH: u32 = 45
const LETTER_U: u32 = 117
/** Digits of a word that is a hole. */
const SHORTEST: usize = 5
const OF_AN_ACCOUNT: usize = 12
/** Characters behind the hyphen of a secret's ARN; by their number the mapping tells a whole ARN. */
const OF_A_SECRET: usize = 6
const OF_A_UUID: usize = 36

/** Of each byte: 0 ends a word, 1 is of a word, 2 a hexadecimal letter, 3 a digit. */
const classes: usize = memory.data(256, 16)
/** Bytes that stand, with two bytes (kind, number) for each hole, one for the account. */
export const skeleton: usize = memory.data(8320, 16)
/** Where each hole begins and ends in the input. */
export const holes: usize = memory.data(512, 16)
export let skeletonLength: usize = 0
export let holeCount: i32 = 0
/** Where the account of the record at hand stands. */
export let account: usize = 0

export function beginHoles(): void {
  for (let byte: u32 = 0; byte < 256; byte++) store<u8>(classes + byte, classOf(byte))
}

function classOf(byte: u32): u8 {
  if (byte >= 48 && byte <= 57) return 3
  if (byte >= 97 && byte <= 102) return 2
  const letter = byte | 32
  return byte > 127 || byte === 95 || (letter >= 97 && letter <= 122) ? 1 : 0
}

function classAt(at: usize): u32 {
  return <u32>load<u8>(classes + <usize>load<u8>(at))
}

export function holeStart(hole: i32): usize {
  return <usize>load<u32>(holes + ((<usize>hole) << 3))
}

export function holeEnd(hole: i32): usize {
  return <usize>load<u32>(holes + ((<usize>hole) << 3), 4)
}

/** Cuts a record whose account is written as twelve digits. False where nothing can be said. */
export function cut(record: usize): bool {
  holeCount = 0
  // The last field of a head is its account, in quotes.
  const recipient = spanOf(record, fieldsOf(0), 4)
  if (load<i32>(recipient, 4) - load<i32>(recipient) !== <i32>OF_AN_ACCOUNT + 2) return false
  account = input + <usize>load<i32>(recipient) + 1
  const list = fieldsOf(PARAMETERS)
  let to = cutSpan(skeleton, spanOf(record, list, 0))
  if (to === 0) return false
  store<u8>(to, BETWEEN)
  to = cutSpan(to + 1, spanOf(record, list, 1))
  if (to === 0) return false
  skeletonLength = to - skeleton
  return true
}

/**
 * Cuts one member to `to` and says where it ends there, or 0: holes in names or in texts with escapes, where a word may be written in
 * other ways, percent signs, or too much of it. Texts with escapes and without such words (documents of policies) stand as they are,
 * but for the account, whose digits no escape before them changes.
 */
function cutSpan(to: usize, span: usize): usize {
  const start = load<i32>(span)
  if (start < 0) return to
  let p = input + <usize>start
  const end = input + <usize>load<i32>(span, 4)
  if (end - p + to > skeleton + MAX_BYTES) return 0
  let q = to
  let inText = false
  // Of the text at hand.
  let hasHoles = false
  let hasAccount = false
  let hasEscapes = false
  while (p < end) {
    const byte = <u32>load<u8>(p)
    if (inText && load<u8>(classes + <usize>byte) !== 0) {
      const word = endOfWord(p, end)
      if (isHole) {
        const number = hasEscapes ? -1 : numberOfHole(p, word)
        if (number < 0) return 0
        store<u8>(q, word - p === OF_A_UUID && <u32>load<u8>(p, 8) === DASH ? UUID : WORD)
        store<u8>(q, <u8>number, 1)
        q += 2
        hasHoles = true
        p = word
      } else if (word - p === OF_AN_ACCOUNT && isAccount(p)) {
        store<u8>(q++, ACCOUNT)
        hasAccount = true
        p = word
      } else while (p < word) store<u8>(q++, load<u8>(p++))
      continue
    }
    if (byte < SPACE || (inText && byte === PERCENT)) return 0
    store<u8>(q++, <u8>byte)
    p++
    if (inText && byte === BACKSLASH) {
      if (hasHoles || <u32>load<u8>(p) === LETTER_U) return 0
      hasEscapes = true
      store<u8>(q++, load<u8>(p++))
    }
    if (byte !== QUOTE) continue
    if ((hasHoles || hasAccount) && isName(p, end)) return 0
    inText = !inText
    hasHoles = false
    hasAccount = false
    hasEscapes = false
  }
  return q
}

function isAccount(p: usize): bool {
  return load<u64>(p) === load<u64>(account) && load<u32>(p, 8) === load<u32>(account, 8)
}

/** Whether the text that ended before `p` is the name of a member. */
function isName(p: usize, end: usize): bool {
  let at = p
  while (at < end && <u32>load<u8>(at) === SPACE) at++
  return <u32>load<u8>(at) === COLON
}

/** Whether the word that `endOfWord` saw is a hole. */
let isHole: bool = false

function endOfWord(p: usize, end: usize): usize {
  let at = p
  let digits: usize = 0
  let isHex = true
  for (; at < end; at++) {
    const kind = classAt(at)
    if (kind === 0) break
    if (kind === 1) isHex = false
    else if (kind === 3) digits++
  }
  const length = at - p
  isHole =
    isHex &&
    length >= SHORTEST &&
    !(length === OF_A_SECRET && <u32>load<u8>(p - 1) === DASH) &&
    !(length === OF_AN_ACCOUNT && digits === OF_AN_ACCOUNT)
  return isHole && length === 8 && isRestOfUuid(at, end) ? p + OF_A_UUID : at
}

/** `-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, and then no more of a word. */
function isRestOfUuid(p: usize, end: usize): bool {
  if (end - p < 28 || (end - p > 28 && classAt(p + 28) !== 0)) return false
  for (let i: usize = 0; i < 28; i++) {
    const isBreak = i < 20 && i % 5 === 0
    if (isBreak ? <u32>load<u8>(p + i) !== DASH : classAt(p + i) < 2) return false
  }
  return true
}

/** Number of the hole, that of an equal one before it, or -1 when there are too many. */
function numberOfHole(start: usize, end: usize): i32 {
  const length = end - start
  for (let hole = 0; hole < holeCount; hole++) {
    const at = holeStart(hole)
    if (holeEnd(hole) - at !== length) continue
    let i: usize = 0
    while (i < length && load<u8>(at + i) === load<u8>(start + i)) i++
    if (i === length) return hole
  }
  if (holeCount === MAX_HOLES) return -1
  store<u32>(holes + ((<usize>holeCount) << 3), <u32>start)
  store<u32>(holes + ((<usize>holeCount) << 3), <u32>end, 4)
  return holeCount++
}
