import { Automaton, STATE_SHIFT } from './automaton'
import { AGAIN, allot, CLASS, DONE, ODD, STEP, STEPS_AT_ONCE, u32At } from './memory'
import { Numbers, newNumbers, numberOf, setNumber } from './numbers'

/** Texts can be read from each one whose number is a multiple of this (`analytics/trail/texts.ts`). */
const RESTART: i32 = 32

@unmanaged
class Walk {
  // Set by JavaScript, in this order.
  automaton: Automaton
  shared: usize
  lengths: usize
  starts: usize
  bytes: usize
  count: i32
  /** The class of each text. */
  found: usize
  /** There are no more states to be had: texts are asked as they are. */
  full: i32
  /** Of resources alone: whether a text is read by its places. */
  plain: usize
  // What it stopped at.
  code: i32
  state: i32
  byte: i32
  text: usize
  /** A transition is missing in the midst of a text. */
  resumed: i32
  // Of `text` so many bytes are of the text before, and of `states` so many are of it.
  valid: i32
  walked: i32
  /** Place of the next text. */
  next: i32
  /** After so many bytes all was decided, and the class was this. */
  decided: i32
  before: i32
  room: i32
  /** After how many bytes of the text each state was reached. */
  states: usize
  arnAt: i32
  /** What to remember a class by that is asked for; of resources 0: by nothing. */
  key: u64
  account: u64
  /** Classes of resources by account and by what their ARN matches. */
  known: Numbers
}

const UNREAD: i32 = i32.MAX_VALUE
const ROOM_AT_FIRST: i32 = 1024
/** A text is looked at behind its end where it is shorter than the form that it is compared with. */
const BEHIND: i32 = 16

export function newWalk(): usize {
  const walk = changetype<Walk>(allot(offsetof<Walk>()))
  walk.known = newNumbers(256)
  return changetype<usize>(walk)
}

/** Before the texts of another part. */
export function beginWalk(walk: Walk): void {
  let most: i32 = 0
  for (let i = 0; i < walk.count; i++) most = max(most, <i32>u32At(walk.lengths, i))
  if (most + BEHIND > walk.room) {
    walk.room = 2 * most + ROOM_AT_FIRST
    walk.text = allot(<usize>walk.room)
    walk.states = allot((<usize>walk.room) << 2)
  }
  walk.code = 0
  walk.valid = 0
  walk.walked = 0
  walk.next = 0
  walk.decided = UNREAD
  walk.before = -1
  walk.resumed = 0
}

/** Has text `code`, the next one, in `text`; how many bytes of the one before it begins with. */
function read(walk: Walk, code: i32, length: i32): i32 {
  const same = <i32>load<u16>(walk.shared + ((<usize>code) << 1))
  if (same > walk.valid) walk.next = reload(walk, code)
  else {
    memory.copy(walk.text + <usize>same, walk.bytes + <usize>walk.next, <usize>(length - same))
    walk.next += length - same
  }
  walk.valid = length
  return same
}

/** Puts a text together from where reading can begin; where the next one stands. */
function reload(walk: Walk, code: i32): i32 {
  const restart = code - (code % RESTART)
  const length = <i32>u32At(walk.lengths, code)
  let next = <i32>u32At(walk.starts, restart / RESTART)
  for (let at = restart; at <= code; at++) {
    const same = <i32>load<u16>(walk.shared + ((<usize>at) << 1))
    const end = <i32>u32At(walk.lengths, at)
    const last = min(end, length)
    if (same < last) memory.copy(walk.text + <usize>same, walk.bytes + <usize>next, <usize>(last - same))
    next += end - same
  }
  return next
}

/** The class of the text at which the walk stopped; the walk goes on behind it. */
export function tellClass(walk: Walk, number: i32): void {
  if (walk.resumed) {
    walk.resumed = 0
    walk.key = 0
    walk.decided = UNREAD
    walk.walked = 0
  }
  if (walk.key !== 0) {
    if (walk.plain !== 0) setNumber(walk.known, walk.key, number)
    else store<i32>(walk.automaton.classes + ((<usize>walk.key - 1) << 2), number + 1)
  }
  walk.before = number
  store<i32>(walk.found + ((<usize>walk.code) << 2), number)
  walk.code++
}

function stopAtStep(walk: Walk, code: i32, at: i32, state: i32, byte: i32): i32 {
  walk.code = code
  walk.walked = at
  walk.state = state
  walk.byte = byte
  walk.resumed = 1
  return STEP
}

function stopAt(walk: Walk, code: i32, key: u64, why: i32): i32 {
  walk.code = code
  walk.key = key
  return why
}

/**
 * Places in the text of a resource, which is canonical JSON (`isPlainResource` in `analytics/trail/resource-text.ts`):
 * `{"account":"111122223333","arn":"…","assumed":null}` or `{"account":null,"arn":…`.
 */
const ACCOUNT_AT: usize = 12
const ACCOUNT_DIGITS: usize = 12
const NULL_AT: usize = 11
const ARN_OF_ACCOUNT: i32 = 33
const ARN_OF_NOBODY: i32 = 23
/** Bytes behind the ARN. */
const AFTER_ARN: i32 = 17
/** Of a key that many bits say what an ARN matches; those above, whose it is. */
const MATCH_BITS: u64 = 20
const STAR: u32 = 42
const DIGIT: u32 = 48
const N: u32 = 110

/** Where the ARN begins, and whose it is: the account and two more, or 1. */
function readAccount(walk: Walk): void {
  if (<u32>load<u8>(walk.text + NULL_AT) === N) {
    walk.account = 1
    walk.arnAt = ARN_OF_NOBODY
    return
  }
  let account: u64 = 0
  for (let i: usize = 0; i < ACCOUNT_DIGITS; i++)
    account = account * 10 + <u64>(<u32>load<u8>(walk.text + ACCOUNT_AT + i) - DIGIT)
  walk.account = account + 2
  walk.arnAt = ARN_OF_ACCOUNT
}

/**
 * Of a resource decides its account, and which patterns its ARN matches. The automaton goes on where a text leaves the
 * one before; a text that leaves it behind the place where all was decided is of its class, and is not read.
 */
export function walkResources(walk: Walk): i32 {
  const automaton = walk.automaton
  const end = min(walk.count, walk.code + STEPS_AT_ONCE)
  let code = walk.code
  for (; code < end; code++) {
    const length = <i32>u32At(walk.lengths, code)
    if (!walk.resumed) {
      const isPlain = load<u8>(walk.plain + <usize>code) === 1
      const shared = <i32>load<u16>(walk.shared + ((<usize>code) << 1))
      if (isPlain && shared >= walk.decided) {
        store<i32>(walk.found + ((<usize>code) << 2), walk.before)
        walk.next += length - shared
        walk.valid = min(walk.valid, shared)
        walk.walked = min(walk.walked, shared)
        continue
      }
      walk.walked = min(walk.walked, read(walk, code, length))
      if (!isPlain || walk.full) {
        walk.decided = UNREAD
        walk.walked = 0
        return stopAt(walk, code, 0, ODD)
      }
      if (walk.walked <= ARN_OF_ACCOUNT) {
        readAccount(walk)
        walk.walked = walk.arnAt
        store<i32>(walk.states + ((<usize>walk.arnAt) << 2), automaton.start)
      }
    }
    walk.resumed = 0
    const to = length - AFTER_ARN
    let at = min(walk.walked, to)
    let state = load<i32>(walk.states + ((<usize>at) << 2))
    while (at < to && load<u8>(automaton.finals + <usize>state) === 0) {
      const byte = <i32>load<u8>(walk.text + <usize>at)
      const after = load<i32>(automaton.next + ((<usize>state) << STATE_SHIFT) + ((<usize>byte) << 2))
      if (after === 0) return stopAtStep(walk, code, at, state, byte)
      state = after - 1
      at++
      store<i32>(walk.states + ((<usize>at) << 2), state)
    }
    walk.walked = at
    // The one ARN that is no ARN, `*`, is told from others by the byte behind it.
    const isAll = to === walk.arnAt + 1 && <u32>load<u8>(walk.text + <usize>walk.arnAt) === STAR
    walk.decided = at < to && !isAll ? max(at, walk.arnAt + 2) : UNREAD
    if (isAll) return stopAt(walk, code, 0, CLASS)
    const key = (walk.account << MATCH_BITS) | <u64>u32At(automaton.matches, state)
    const known = numberOf(walk.known, key)
    if (known < 0) return stopAt(walk, code, key, CLASS)
    walk.before = known
    store<i32>(walk.found + ((<usize>code) << 2), known)
  }
  walk.code = code
  return code < walk.count ? AGAIN : DONE
}

const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const OPEN_LIST: u32 = 91
const CLOSE_LIST: u32 = 93

/** Values of a context key as JSON: those of one plain text are walked. */
export function walkEntries(walk: Walk): i32 {
  const automaton = walk.automaton
  const text = walk.text
  const end = min(walk.count, walk.code + STEPS_AT_ONCE)
  let code = walk.code
  for (; code < end; code++) {
    const length = <i32>u32At(walk.lengths, code)
    const to = length - 2
    let at: i32 = 2
    let state = automaton.start
    if (walk.resumed) {
      at = walk.walked
      state = walk.state
      walk.resumed = 0
    } else {
      read(walk, code, length)
      if (
        to < 2 ||
        walk.full ||
        <u32>load<u8>(text) !== OPEN_LIST ||
        <u32>load<u8>(text, 1) !== QUOTE ||
        <u32>load<u8>(text + <usize>to) !== QUOTE ||
        <u32>load<u8>(text + <usize>to, 1) !== CLOSE_LIST
      )
        return stopAt(walk, code, 0, ODD)
    }
    let open = load<u8>(automaton.finals + <usize>state) === 0
    for (; at < to; at++) {
      const byte = <u32>load<u8>(text + <usize>at)
      if (byte === QUOTE || byte === BACKSLASH || byte >= 128) return stopAt(walk, code, 0, ODD)
      if (!open) continue
      const after = load<i32>(automaton.next + ((<usize>state) << STATE_SHIFT) + ((<usize>byte) << 2))
      if (after === 0) return stopAtStep(walk, code, at, state, <i32>byte)
      state = after - 1
      open = load<u8>(automaton.finals + <usize>state) === 0
    }
    const match = u32At(automaton.matches, state)
    const known = load<i32>(automaton.classes + ((<usize>match) << 2)) - 1
    if (known < 0) return stopAt(walk, code, <u64>match + 1, CLASS)
    store<i32>(walk.found + ((<usize>code) << 2), known)
  }
  walk.code = code
  return code < walk.count ? AGAIN : DONE
}
