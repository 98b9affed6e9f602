import { AGAIN, allot, CLASS, DONE, MIX, MIX_TOO, moved, STEPS_AT_ONCE, u32At } from './memory'

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
