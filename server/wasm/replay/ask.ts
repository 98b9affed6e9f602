/**
 * AssemblyScript, not TypeScript: the loops of a replay over millions of checks and values. Each runs as far as it can by what
 * it knows, and says what it lacks (a transition, a class, an outcome); JavaScript finds that out, puts it here, and calls it
 * again. A loop also comes back after some thousand steps: only a new call runs code that was compiled better meanwhile.
 *
 * Memory is given out one piece after the other, all zeros, and never given back; it is shared so that views of it stay
 * valid while it grows. Only the room for the sections of a part is used again, by JavaScript.
 */

/** What a loop says: done; call again; a transition, a class or an outcome is missing. */
const DONE: i32 = 0
const AGAIN: i32 = 1
const STEP: i32 = 2
const CLASS: i32 = 3
/** The text is not of the form that is walked: its class must be asked, and is that of no other. */
const ODD: i32 = 4

const STEPS_AT_ONCE: i32 = 0x4000
/** Texts can be read from each one whose number is a multiple of this (`analytics/trail/texts.ts`). */
const RESTART: i32 = 32

/** Odd factors for hashing; in halves, because a number of JavaScript has no such digits. */
const MIX: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15
const MIX_TOO: u64 = ((<u64>0xbf58476d) << 32) | 0x1ce4e5b9

let top: usize = (__heap_base + 63) & ~63

export function allot(size: usize): usize {
  const at = top
  top = (top + size + 63) & ~63
  const pages = <i32>((top + 0xffff) >>> 16) - memory.size()
  if (pages > 0 && memory.grow(max(pages, 16)) < 0 && memory.grow(pages) < 0) unreachable()
  return at
}

function u32At(base: usize, index: i32): u32 {
  return load<u32>(base + ((<usize>index) << 2))
}

// --- automaton: states after a byte (one more, 0: not made), whether nothing leads out of a state, and what it matches -----

@unmanaged
class Automaton {
  // Read by JavaScript, in this order.
  next: usize
  finals: usize
  matches: usize
  start: i32
  /** Of what matches: its class and one more, 0: not known. */
  classes: usize
  room: i32
}

export function newAutomaton(): usize {
  return allot(offsetof<Automaton>())
}

/** Makes room for so many states. */
export function fitAutomaton(automaton: Automaton, states: i32): void {
  if (states <= automaton.room) return
  const room = <usize>max(2 * automaton.room, states)
  const before = <usize>automaton.room
  automaton.next = moved(automaton.next, before << 9, room << 9)
  automaton.finals = moved(automaton.finals, before, room)
  automaton.matches = moved(automaton.matches, before << 2, room << 2)
  automaton.classes = moved(automaton.classes, before << 2, room << 2)
  automaton.room = <i32>room
}

function moved(from: usize, bytes: usize, room: usize): usize {
  const to = allot(room)
  if (bytes > 0) memory.copy(to, from, bytes)
  return to
}

// --- numbers by keys of 64 bits, none of which is 0 --------------------------------------------------------------------

@unmanaged
class Numbers {
  keys: usize
  values: usize
  mask: u32
  size: u32
}

function newNumbers(capacity: u32): Numbers {
  const made = changetype<Numbers>(allot(offsetof<Numbers>()))
  made.keys = allot((<usize>capacity) << 3)
  made.values = allot((<usize>capacity) << 2)
  made.mask = capacity - 1
  return made
}

function slotOf(numbers: Numbers, key: u64): usize {
  let slot = <u32>((key * MIX) >> 32) & numbers.mask
  while (true) {
    const there = load<u64>(numbers.keys + ((<usize>slot) << 3))
    if (there === key || there === 0) return <usize>slot
    slot = (slot + 1) & numbers.mask
  }
}

/** The number of the key, or -1. */
function numberOf(numbers: Numbers, key: u64): i32 {
  const slot = slotOf(numbers, key)
  return load<u64>(numbers.keys + (slot << 3)) === 0 ? -1 : load<i32>(numbers.values + (slot << 2))
}

/** Gives a key that has none its number. */
function setNumber(numbers: Numbers, key: u64, value: i32): void {
  if (numbers.size * 2 > numbers.mask) {
    const before = numbers.mask + 1
    const wider = newNumbers(before * 2)
    for (let slot: usize = 0; slot < <usize>before; slot++) {
      const one = load<u64>(numbers.keys + (slot << 3))
      if (one !== 0) setNumber(wider, one, load<i32>(numbers.values + (slot << 2)))
    }
    numbers.keys = wider.keys
    numbers.values = wider.values
    numbers.mask = wider.mask
  }
  const slot = slotOf(numbers, key)
  store<u64>(numbers.keys + (slot << 3), key)
  store<i32>(numbers.values + (slot << 2), value)
  numbers.size++
}

// --- texts -----------------------------------------------------------------------------------------------------------

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

export function newWalk(): usize {
  const walk = changetype<Walk>(allot(offsetof<Walk>()))
  walk.known = newNumbers(256)
  return changetype<usize>(walk)
}

/** Before the texts of another part. */
export function beginWalk(walk: Walk): void {
  let most: i32 = 0
  for (let i = 0; i < walk.count; i++) most = max(most, <i32>u32At(walk.lengths, i))
  if (most + 16 > walk.room) {
    walk.room = 2 * most + 1024
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

const ACCOUNT_AT: usize = 12
const ARN_OF_ACCOUNT: i32 = 33
const ARN_OF_NOBODY: i32 = 23
const AFTER_ARN: i32 = 17
const STAR: u32 = 42
const DIGIT: u32 = 48
const N: u32 = 110

/** Where the ARN begins, and whose it is: the account and two more, or 1. */
function readAccount(walk: Walk): void {
  if (<u32>load<u8>(walk.text + <usize>(ARN_OF_NOBODY - 12)) === N) {
    walk.account = 1
    walk.arnAt = ARN_OF_NOBODY
    return
  }
  let account: u64 = 0
  for (let i: usize = 0; i < 12; i++)
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
      const after = load<i32>(automaton.next + ((<usize>state) << 9) + ((<usize>byte) << 2))
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
    const key = (walk.account << 20) | <u64>u32At(automaton.matches, state)
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
      const after = load<i32>(automaton.next + ((<usize>state) << 9) + ((<usize>byte) << 2))
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

// --- objects of context keys -------------------------------------------------------------------------------------------

@unmanaged
class Objects {
  // Set by JavaScript, in this order.
  shapeOf: usize
  entries: usize
  count: i32
  found: usize
  /** Entries of each shape. */
  widths: usize
  /** First of each shape in `places`, and one more. */
  firsts: usize
  /** The place of an asked key among the entries of the shape, and where the kinds of its values are. */
  places: usize
  // What it stopped at.
  code: i32
  at: i32
  path: i32
  /** Kinds of values one after the other are a path: the next path by path and kind. */
  after: Numbers
  paths: i32
  /** Class of each path and one more, 0: not known. */
  classes: usize
  room: i32
}

export function newObjects(): usize {
  const made = changetype<Objects>(allot(offsetof<Objects>()))
  made.after = newNumbers(1024)
  made.paths = 1
  made.room = 1024
  made.classes = allot(4096)
  return changetype<usize>(made)
}

export function beginObjects(objects: Objects): void {
  objects.code = 0
  objects.at = 0
}

function newPath(objects: Objects, key: u64): i32 {
  if (objects.paths === objects.room) {
    const bytes = (<usize>objects.room) << 2
    objects.classes = moved(objects.classes, bytes, bytes * 2)
    objects.room *= 2
  }
  setNumber(objects.after, key, objects.paths)
  return objects.paths++
}

/** Class of each object by the kinds of its asked values; those of the first shape are asked as they are. */
export function walkObjects(objects: Objects): i32 {
  const end = min(objects.count, objects.code + STEPS_AT_ONCE)
  let at = objects.at
  let code = objects.code
  for (; code < end; code++) {
    const shape = <i32>u32At(objects.shapeOf, code)
    const to = u32At(objects.firsts, shape + 1)
    let path: i32 = 0
    for (let place = u32At(objects.firsts, shape); place < to; place++) {
      const here = objects.places + ((<usize>place) << 3)
      const entry = <i32>u32At(objects.entries, at + load<i32>(here))
      const key = ((<u64>path) << 32) | <u64>(u32At(load<u32>(here, 4), entry) + 1)
      const next = numberOf(objects.after, key)
      path = next < 0 ? newPath(objects, key) : next
    }
    const known = shape === 0 ? -1 : load<i32>(objects.classes + ((<usize>path) << 2)) - 1
    if (known < 0) {
      objects.code = code
      objects.at = at
      objects.path = shape === 0 ? -1 : path
      return CLASS
    }
    store<i32>(objects.found + ((<usize>code) << 2), known)
    at += <i32>u32At(objects.widths, shape)
  }
  objects.code = code
  objects.at = at
  return code < objects.count ? AGAIN : DONE
}

export function tellObject(objects: Objects, number: i32): void {
  if (objects.path >= 0) store<i32>(objects.classes + ((<usize>objects.path) << 2), number + 1)
  const shape = <i32>u32At(objects.shapeOf, objects.code)
  store<i32>(objects.found + ((<usize>objects.code) << 2), number)
  objects.code++
  objects.at += <i32>u32At(objects.widths, shape)
}

// --- checks ------------------------------------------------------------------------------------------------------------

@unmanaged
class Checks {
  // Set by JavaScript, in this order.
  runs: i32
  rows: i32
  /** First check of each run. */
  firsts: usize
  seen: usize
  // Codes of runs and checks, and classes of the codes; in the order of the tuple.
  context: usize
  principal: usize
  network: usize
  resource: usize
  region: usize
  action: usize
  contexts: usize
  principals: usize
  networks: usize
  resources: usize
  regions: usize
  actions: usize
  when: usize
  /** Days, both included. */
  since: i32
  until: i32
  found: usize
  // What it stopped at.
  run: i32
  row: i32
  tuple0: i32
  tuple1: i32
  tuple2: i32
  tuple3: i32
  tuple4: i32
  tuple5: i32
  view: i32
  /** Outcomes by tuple and view. */
  slots: usize
  mask: u32
  tuples: usize
  size: u32
}

const TUPLE: usize = 32

export function newChecks(): usize {
  const made = changetype<Checks>(allot(offsetof<Checks>()))
  made.mask = 4095
  made.slots = allot(4096 << 2)
  made.tuples = allot(2048 * TUPLE)
  return changetype<usize>(made)
}

export function beginChecks(checks: Checks): void {
  checks.run = 0
  checks.row = 0
}

function hashOf(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, view: u32): u32 {
  let hash: u64 = <u64>(a ^ 0x9e3779b9) * MIX
  hash = ((hash >> 29) ^ hash ^ (((<u64>b) << 32) | <u64>c)) * MIX_TOO
  hash = ((hash >> 32) ^ hash ^ (((<u64>d) << 32) | <u64>e)) * MIX
  hash = ((hash >> 31) ^ hash ^ (((<u64>f) << 32) | <u64>view)) * MIX
  return <u32>(hash >> 32)
}

/** Where the tuple at which the loop stands has its slot, or would have it. */
function slotOfTuple(checks: Checks): usize {
  let slot =
    hashOf(
      checks.tuple0,
      checks.tuple1,
      checks.tuple2,
      checks.tuple3,
      checks.tuple4,
      checks.tuple5,
      checks.view,
    ) & checks.mask
  while (true) {
    const number = u32At(checks.slots, slot)
    if (number === 0) return <usize>slot
    const tuple = checks.tuples + <usize>(number - 1) * TUPLE
    if (
      load<i32>(tuple) === checks.tuple0 &&
      load<i32>(tuple, 4) === checks.tuple1 &&
      load<i32>(tuple, 8) === checks.tuple2 &&
      load<i32>(tuple, 12) === checks.tuple3 &&
      load<i32>(tuple, 16) === checks.tuple4 &&
      load<i32>(tuple, 20) === checks.tuple5 &&
      load<i32>(tuple, 24) === checks.view
    )
      return <usize>slot
    slot = (slot + 1) & checks.mask
  }
}

function grow(checks: Checks): void {
  checks.mask = checks.mask * 2 + 1
  checks.slots = allot((<usize>checks.mask + 1) << 2)
  checks.tuples = moved(checks.tuples, <usize>checks.size * TUPLE, ((<usize>checks.mask + 1) >> 1) * TUPLE)
  for (let i: u32 = 0; i < checks.size; i++) {
    const tuple = checks.tuples + <usize>i * TUPLE
    let slot =
      hashOf(
        load<u32>(tuple),
        load<u32>(tuple, 4),
        load<u32>(tuple, 8),
        load<u32>(tuple, 12),
        load<u32>(tuple, 16),
        load<u32>(tuple, 20),
        load<u32>(tuple, 24),
      ) & checks.mask
    while (u32At(checks.slots, slot) !== 0) slot = (slot + 1) & checks.mask
    store<u32>(checks.slots + ((<usize>slot) << 2), i + 1)
  }
}

/** The outcome of the tuple at which the loop stopped. */
export function tellOutcome(checks: Checks, outcome: i32): void {
  if ((checks.size + 1) * 2 > checks.mask) grow(checks)
  const slot = slotOfTuple(checks)
  const tuple = checks.tuples + <usize>checks.size * TUPLE
  checks.size++
  store<u32>(checks.slots + (slot << 2), checks.size)
  store<i32>(tuple, checks.tuple0)
  store<i32>(tuple, checks.tuple1, 4)
  store<i32>(tuple, checks.tuple2, 8)
  store<i32>(tuple, checks.tuple3, 12)
  store<i32>(tuple, checks.tuple4, 16)
  store<i32>(tuple, checks.tuple5, 20)
  store<i32>(tuple, checks.view, 24)
  store<i32>(tuple, outcome, 28)
}

function classAt(codes: usize, classes: usize, index: i32): i32 {
  return <i32>u32At(classes, <i32>u32At(codes, index))
}

/** Asks every check in the period; checks lie sorted, so that many ask the same as the one before. */
export function askChecks(checks: Checks): i32 {
  const budget = checks.row + STEPS_AT_ONCE
  const context = checks.context
  const contexts = checks.contexts
  const resource = checks.resource
  const resources = checks.resources
  let run = checks.run
  let row = checks.row
  for (; run < checks.runs; run++) {
    checks.tuple1 = classAt(checks.principal, checks.principals, run)
    checks.tuple2 = classAt(checks.network, checks.networks, run)
    checks.tuple4 = classAt(checks.region, checks.regions, run)
    checks.tuple5 = classAt(checks.action, checks.actions, run)
    checks.view = <i32>u32At(checks.seen, run)
    const end = run + 1 < checks.runs ? <i32>u32At(checks.firsts, run + 1) : checks.rows
    let known: i32 = -1
    for (; row < end; row++) {
      const day = <i32>(u32At(checks.when, row) >> 1)
      if (day < checks.since || day > checks.until) continue
      const one = classAt(context, contexts, row)
      const other = classAt(resource, resources, row)
      if (known < 0 || one !== checks.tuple0 || other !== checks.tuple3) {
        checks.tuple0 = one
        checks.tuple3 = other
        const number = u32At(checks.slots, <i32>slotOfTuple(checks))
        if (number === 0 || row > budget) {
          checks.run = run
          checks.row = row
          return number === 0 ? CLASS : AGAIN
        }
        known = load<i32>(checks.tuples + <usize>(number - 1) * TUPLE, 28)
      }
      store<i32>(checks.found + ((<usize>row) << 2), known)
    }
  }
  return DONE
}

@unmanaged
class Kept {
  // Set by JavaScript, in this order. Of another version of the policies: 0 where there is none.
  runs: i32
  rows: i32
  firsts: usize
  when: usize
  since: i32
  until: i32
  found: usize
  foundBefore: usize
  verdicts: usize
  verdictsBefore: usize
  // What is kept: checks, their runs, their outcomes.
  keptRows: usize
  keptRuns: usize
  outcomes: usize
  outcomesBefore: usize
  // What it stopped at.
  run: i32
  count: i32
}

export function newKept(): usize {
  return allot(offsetof<Kept>())
}

export function beginKept(kept: Kept): void {
  kept.run = 0
  kept.count = 0
}

/** Keeps the checks in the period that not every version allows (verdict 0). */
export function keepChecks(kept: Kept): i32 {
  let count = kept.count
  let run = kept.run
  const last = min(kept.runs, run + (STEPS_AT_ONCE >> 4))
  for (; run < last; run++) {
    const end = run + 1 < kept.runs ? <i32>u32At(kept.firsts, run + 1) : kept.rows
    for (let row = <i32>u32At(kept.firsts, run); row < end; row++) {
      const day = <i32>(u32At(kept.when, row) >> 1)
      if (day < kept.since || day > kept.until) continue
      const outcome = u32At(kept.found, row)
      let verdict = <u32>load<u8>(kept.verdicts + <usize>outcome)
      if (kept.foundBefore !== 0) {
        const before = u32At(kept.foundBefore, row)
        verdict |= <u32>load<u8>(kept.verdictsBefore + <usize>before)
        if (verdict !== 0) store<u32>(kept.outcomesBefore + ((<usize>count) << 2), before)
      }
      if (verdict === 0) continue
      store<i32>(kept.keptRows + ((<usize>count) << 2), row)
      store<i32>(kept.keptRuns + ((<usize>count) << 2), run)
      store<u32>(kept.outcomes + ((<usize>count) << 2), outcome)
      count++
    }
  }
  kept.run = run
  kept.count = count
  return run < kept.runs ? AGAIN : DONE
}

// --- sums of calls by one number each -------------------------------------------------------------------------------

@unmanaged
class Sums {
  // Read by JavaScript, in this order.
  size: i32
  keys: usize
  /** Of each key four: calls, those that AWS denied then, first and last. Exact up to 2^53. */
  sums: usize
  room: i32
  /** By key and one more (keys are from -1 on): its place and one more, 0: none. */
  places: usize
  placeRoom: i32
}

const SUM: usize = 32

export function newSums(): usize {
  const made = changetype<Sums>(allot(offsetof<Sums>()))
  made.room = 64
  made.keys = allot(64 << 2)
  made.sums = allot(64 * SUM)
  made.placeRoom = 64
  made.places = allot(64 << 2)
  return changetype<usize>(made)
}

function newSum(sums: Sums, key: i32, first: f64, last: f64): usize {
  if (sums.size === sums.room) {
    const size = <usize>sums.size
    sums.keys = moved(sums.keys, size << 2, size << 3)
    sums.sums = moved(sums.sums, size * SUM, size * SUM * 2)
    sums.room *= 2
  }
  const place = <usize>sums.size
  store<i32>(sums.keys + (place << 2), key)
  const at = sums.sums + place * SUM
  store<f64>(at, first, 16)
  store<f64>(at, last, 24)
  sums.size++
  return place + 1
}

function addTo(at: usize, calls: f64, already: f64, first: f64, last: f64): void {
  store<f64>(at, load<f64>(at) + calls)
  store<f64>(at, load<f64>(at, 8) + already, 8)
  if (first < load<f64>(at, 16)) store<f64>(at, first, 16)
  if (last > load<f64>(at, 24)) store<f64>(at, last, 24)
}

export function addSum(sums: Sums, key: i32, calls: f64, already: f64, first: f64, last: f64): void {
  const slot = key + 1
  if (slot >= sums.placeRoom) {
    const room = max(2 * sums.placeRoom, slot + 1)
    sums.places = moved(sums.places, (<usize>sums.placeRoom) << 2, (<usize>room) << 2)
    sums.placeRoom = room
  }
  const here = sums.places + ((<usize>slot) << 2)
  let place = <usize>load<u32>(here)
  if (place === 0) {
    place = newSum(sums, key, first, last)
    store<u32>(here, <u32>place)
  }
  addTo(sums.sums + (place - 1) * SUM, calls, already, first, last)
}

// --- resources of the result, over all parts: a number for each id, and where it is to be read ----------------------------

@unmanaged
class Resources {
  // Read by JavaScript, in this order.
  size: i32
  ids: usize
  /** Part and code of each. */
  places: usize
  room: i32
  numbers: Numbers
  /** Of id 0, which is no key: its number and one more. */
  zero: i32
}

export function newResources(): usize {
  const made = changetype<Resources>(allot(offsetof<Resources>()))
  made.numbers = newNumbers(1024)
  made.room = 512
  made.ids = allot(512 << 3)
  made.places = allot(512 << 3)
  return changetype<usize>(made)
}

/** Number of the resource, which is new if it was not there. */
export function addResource(resources: Resources, low: u32, high: u32, part: i32, code: i32): i32 {
  const id = ((<u64>high) << 32) | <u64>low
  const known = id === 0 ? resources.zero - 1 : numberOf(resources.numbers, id)
  if (known >= 0) return known
  const size = <usize>resources.size
  if (resources.size === resources.room) {
    resources.ids = moved(resources.ids, size << 3, size << 4)
    resources.places = moved(resources.places, size << 3, size << 4)
    resources.room *= 2
  }
  store<u64>(resources.ids + (size << 3), id)
  store<i32>(resources.places + (size << 3), part)
  store<i32>(resources.places + (size << 3), code, 4)
  if (id === 0) resources.zero = resources.size + 1
  else setNumber(resources.numbers, id, resources.size)
  return resources.size++
}

// --- counting of calls that are one check each -----------------------------------------------------------------------------

@unmanaged
class Counting {
  // Set by JavaScript, in this order. Of another version of the policies: 0 where there is none.
  part: i32
  kept: i32
  rows: usize
  runs: usize
  outcomes: usize
  outcomesBefore: usize
  verdicts: usize
  verdictsBefore: usize
  call: usize
  when: usize
  calls: usize
  first: usize
  last: usize
  resource: usize
  /** Ids of the resources of the part, and their numbers and one more, 0: not asked yet. */
  ids: usize
  numbers: usize
  resources: Resources
  /** Of each verdict now (times 4) and before (3: no other version): bits of the sorts that it belongs to. */
  sorts: usize
  /** Days and resources of each sort, one after the other. */
  tables: usize
  // Lines that were counted: sort, check, and the four sums.
  lines: usize
  size: i32
  k: i32
  lineRoom: i32
  /** Of each sort the sums of the run so far, by outcome. */
  own: usize
}

const SORTS: i32 = 4
const LINE: usize = 40

@unmanaged
class RunSums {
  sums: Sums
  /** First check of each outcome. */
  checks: usize
  room: i32
}

export function newCounting(): usize {
  const made = changetype<Counting>(allot(offsetof<Counting>()))
  made.own = allot((<usize>SORTS) << 2)
  for (let sort: usize = 0; sort < <usize>SORTS; sort++) {
    const own = changetype<RunSums>(allot(offsetof<RunSums>()))
    own.sums = changetype<Sums>(newSums())
    own.room = 64
    own.checks = allot(64 << 2)
    store<usize>(made.own + (sort << 2), changetype<usize>(own))
  }
  made.lineRoom = 4096
  made.lines = allot(4096 * LINE)
  return changetype<usize>(made)
}

export function beginCounting(counting: Counting): void {
  counting.k = 0
  counting.size = 0
}

function ownOf(counting: Counting, sort: i32): RunSums {
  return changetype<RunSums>(load<usize>(counting.own + ((<usize>sort) << 2)))
}

/** Number of a resource over all parts. */
export function resourceOf(counting: Counting, code: i32): i32 {
  const here = counting.numbers + ((<usize>code) << 2)
  const known = load<i32>(here) - 1
  if (known >= 0) return known
  const id = counting.ids + ((<usize>code) << 3)
  const number = addResource(counting.resources, load<u32>(id), load<u32>(id, 4), counting.part, code)
  store<i32>(here, number + 1)
  return number
}

/** Lines of the sums of a run. False: there is no room for them before others are taken. */
function flush(counting: Counting): bool {
  let wanted: i32 = counting.size
  for (let sort: i32 = 0; sort < SORTS; sort++) wanted += ownOf(counting, sort).sums.size
  if (wanted > counting.lineRoom) {
    if (counting.size > 0) return false
    counting.lineRoom = 2 * wanted
    counting.lines = allot(<usize>counting.lineRoom * LINE)
  }
  let line = counting.lines + <usize>counting.size * LINE
  for (let sort: i32 = 0; sort < SORTS; sort++) {
    const own = ownOf(counting, sort)
    const sums = own.sums
    for (let i: usize = 0; i < <usize>sums.size; i++) {
      store<i32>(line, sort)
      store<i32>(line, load<i32>(own.checks + (i << 2)), 4)
      const sum = sums.sums + i * SUM
      memory.copy(line + 8, sum, SUM)
      memory.fill(sum, 0, SUM)
      store<i32>(sums.places + ((<usize>load<i32>(sums.keys + (i << 2)) + 1) << 2), 0)
      line += LINE
    }
    sums.size = 0
  }
  counting.size = wanted
  return true
}

function addCheck(counting: Counting, sort: i32, k: i32, row: i32): void {
  const calls = <f64>u32At(counting.calls, row)
  const when = u32At(counting.when, row)
  const already = when & 1 ? calls : 0
  const first = <f64>u32At(counting.first, row)
  const last = <f64>u32At(counting.last, row)
  const tables = counting.tables + ((<usize>sort) << 3)
  addSum(changetype<Sums>(load<usize>(tables)), <i32>(when >> 1), calls, already, first, last)
  const resource = resourceOf(counting, <i32>u32At(counting.resource, row))
  addSum(changetype<Sums>(load<usize>(tables, 4)), resource, calls, already, first, last)
  const own = ownOf(counting, sort)
  const size = own.sums.size
  // Only the last sort is of the version before.
  const outcomes = sort === SORTS - 1 ? counting.outcomesBefore : counting.outcomes
  addSum(own.sums, <i32>u32At(outcomes, k), calls, already, first, last)
  if (own.sums.size === size) return
  if (size === own.room) {
    own.checks = moved(own.checks, (<usize>size) << 2, (<usize>size) << 3)
    own.room *= 2
  }
  store<i32>(own.checks + ((<usize>size) << 2), k)
}

/**
 * Counts calls of one check each. Those of a run with the same outcome differ in day and resource alone: their sum is a
 * line, which JavaScript counts in all other tables when this comes back.
 */
export function countAlone(counting: Counting): i32 {
  counting.size = 0
  let run: i32 = counting.k > 0 ? <i32>u32At(counting.runs, counting.k - 1) : -1
  for (let k = counting.k; k < counting.kept; k++) {
    const here = <i32>u32At(counting.runs, k)
    if (here !== run && !flush(counting)) {
      counting.k = k
      return AGAIN
    }
    run = here
    const row = <i32>u32At(counting.rows, k)
    if (u32At(counting.call, row) !== 0) continue
    const now = <usize>load<u8>(counting.verdicts + <usize>u32At(counting.outcomes, k))
    const before =
      counting.verdictsBefore === 0
        ? 3
        : <usize>load<u8>(counting.verdictsBefore + <usize>u32At(counting.outcomesBefore, k))
    const sorts = <u32>load<u8>(counting.sorts + now * 4 + before)
    for (let sort: i32 = 0; sort < SORTS; sort++) if ((sorts >> sort) & 1) addCheck(counting, sort, k, row)
  }
  counting.k = counting.kept
  return flush(counting) ? DONE : AGAIN
}
