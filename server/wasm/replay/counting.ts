import { AGAIN, allot, DONE, moved, u32At } from './memory'
import { addResource, Resources } from './resources'
import { addSum, newSums, SUM, Sums } from './sums'

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
