import { fit } from '../trail/growing.ts'
import { PARTS } from './check.ts'
import { ALLOWED, DENIED, type Outcome, UNKNOWN, type VerdictCode } from './decide.ts'
import type { Judge, Kept, Rows } from './scan.ts'
import { type SampleRow, SORTS, type Sort, type Sorted } from './sorts.ts'
import type { PartValues } from './values.ts'

export interface Counting {
  /** Number of the part. */
  readonly part: number
  readonly rows: Rows
  readonly kept: Kept
  readonly judges: readonly Judge[]
  readonly values: PartValues
  readonly sorted: Sorted
  readonly samples: SampleRow[]
}

/** Counts the calls of the kept checks. A part holds all checks of its calls. */
export function sortPart(counting: Counting): void {
  const { kept, judges, rows } = counting
  const verdictOf = (k: number, world: number): VerdictCode => {
    const outcome = (kept.outcomes[world] as Uint32Array)[k] as number
    return ((judges[world] as Judge).outcomes[outcome] as Outcome).verdict
  }
  countAlone(counting, verdictOf)
  const several = callsOf(kept, rows.row.call)
  for (let first = several.next(); first >= 0; first = several.next()) {
    const worst = judges.map((_, world) => {
      let verdict: VerdictCode = ALLOWED
      for (let k = first; k >= 0; k = several.after(k))
        verdict = Math.max(verdict, verdictOf(k, world)) as VerdictCode
      return verdict
    })
    for (const [sort, code, world] of sortingOf(worst[0] ?? ALLOWED, worst[1])) {
      // A call counts once in each line, however many of its checks put it there.
      const once = seenOnce()
      for (let k = first; k >= 0; k = several.after(k))
        if (verdictOf(k, world) === code) count(counting, k, sort, world, once)
    }
  }
}

/** Calls of one check each. Those of a run with the same outcome differ in day and resource alone: their sum is counted. */
function countAlone(counting: Counting, verdictOf: (k: number, world: number) => VerdictCode): void {
  const { kept, judges, rows } = counting
  const { call } = rows.row
  const sums = Object.fromEntries(
    SORTS.map((sort) => [sort, runSums(counting, sort)]),
  ) as unknown as Readonly<Record<Sort, ReturnType<typeof runSums>>>
  const flush = () => {
    for (const sort of SORTS) sums[sort].flush()
  }
  let run = -1
  for (let k = 0; k < kept.count; k++) {
    if (call[kept.rows[k] as number] !== 0) continue
    if (kept.runs[k] !== run) {
      flush()
      run = kept.runs[k] as number
    }
    const found = sortingOf(verdictOf(k, 0), judges.length > 1 ? verdictOf(k, 1) : undefined)
    for (let i = 0; i < found.length; i++) {
      const [sort, , world] = found[i] as Sorting[number]
      sums[sort].add(k, world)
    }
  }
  flush()
}

/** Sums of the checks of a run, by their outcome. */
function runSums(counting: Counting, sort: Sort) {
  const { kept, values, sorted } = counting
  const { when, calls, first, last, resource } = counting.rows.row
  const { day, resource: resources } = sorted[sort]
  /** Of each outcome, in the order in which they came: outcome, world, calls, already, first, last, the first check. */
  let sums = new Float64Array(7 * 64)
  let places = new Int32Array(64)
  let size = 0
  const placeOf = (outcome: number): number => {
    places = fit(places, outcome + 1)
    const known = places[outcome] as number
    // What a place holds of an earlier run is told by what stands there.
    if (known < size && sums[7 * known] === outcome) return known
    places[outcome] = size
    return size
  }
  return {
    add(k: number, world: number): void {
      const i = kept.rows[k] as number
      const outcome = (kept.outcomes[world] as Uint32Array)[k] as number
      const n = calls[i] as number
      const already = (when[i] as number) & 1 ? n : 0
      const [from, to] = [first[i] as number, last[i] as number]
      day.add(n, already, from, to, -1, (when[i] as number) >>> 1, 0, 0)
      resources.add(n, already, from, to, -1, values.resourceOf(resource[i] as number), 0, 0)
      const place = placeOf(outcome)
      const at = 7 * place
      if (place === size) {
        if (at === sums.length) {
          const wider = new Float64Array(2 * sums.length)
          wider.set(sums)
          sums = wider
        }
        size++
        sums.set([outcome, world, n, already, from, to, k], at)
        return
      }
      sums[at + 2] = (sums[at + 2] as number) + n
      sums[at + 3] = (sums[at + 3] as number) + already
      if (from < (sums[at + 4] as number)) sums[at + 4] = from
      if (to > (sums[at + 5] as number)) sums[at + 5] = to
    },
    flush(): void {
      for (let place = 0; place < size; place++) {
        const [, world = 0, n = 0, already = 0, from = 0, to = 0, k = 0] = sums.subarray(
          7 * place,
          7 * place + 7,
        )
        countLines(counting, k, sort, world, { calls: n, already, first: from, last: to }, null)
      }
      size = 0
    },
  }
}

/** Kept checks of the same call, one call after the other, for calls of several checks. */
function callsOf({ count, rows }: Kept, call: Uint32Array) {
  let firsts = new Int32Array(1024)
  let lasts = new Int32Array(1024)
  const afters = new Int32Array(count).fill(-1)
  let largest = 0
  for (let k = 0; k < count; k++) {
    const number = call[rows[k] as number] as number
    if (number === 0) continue
    firsts = fit(firsts, number + 1)
    lasts = fit(lasts, number + 1)
    if (firsts[number] === 0) firsts[number] = k + 1
    else afters[lasts[number] as number] = k
    lasts[number] = k
    largest = Math.max(largest, number)
  }
  let at = 0
  return {
    /** First check of the next call, or -1. */
    next(): number {
      while (++at <= largest) if (firsts[at] !== 0) return (firsts[at] as number) - 1
      return -1
    },
    /** The next check of the call, or -1. */
    after: (k: number) => afters[k] as number,
  }
}

/** Whether a line is new for a call. */
type Once = (table: number, a: number, b: number, c: number) => boolean

function seenOnce(): Once {
  const seen: number[] = []
  return (table, a, b, c) => {
    for (let i = 0; i < seen.length; i += 4)
      if (seen[i] === table && seen[i + 1] === a && seen[i + 2] === b && seen[i + 3] === c) return false
    seen.push(table, a, b, c)
    return true
  }
}

type Sorting = readonly (readonly [Sort, VerdictCode, number])[]

/** Sorts that a call belongs to, with the verdict of the checks that put it there and the world that says so. */
function sorting(now: VerdictCode, before: VerdictCode | undefined): Sorting {
  const found: (readonly [Sort, VerdictCode, number])[] = []
  if (now === DENIED) found.push(['denied', DENIED, 0])
  if (now === UNKNOWN) found.push(['unknown', UNKNOWN, 0])
  if (before !== undefined && now === DENIED && before !== DENIED) found.push(['newlyDenied', DENIED, 0])
  if (before === DENIED && now !== DENIED) found.push(['newlyAllowed', DENIED, 1])
  return found
}

const VERDICTS = [ALLOWED, UNKNOWN, DENIED] as const
/** By the verdict now, and the verdict of another version where there is one. */
const ALONE = VERDICTS.map((now) => sorting(now, undefined))
const COMPARED = VERDICTS.map((now) => VERDICTS.map((before) => sorting(now, before)))

const sortingOf = (now: number, before: number | undefined): Sorting =>
  (before === undefined ? ALONE[now] : COMPARED[now]?.[before]) ?? []

const [WHOLE, ACTION, RESOURCE, STATEMENT, GROUP, DAY] = [0, 1, 2, 3, 4, 5]

interface Sum {
  readonly calls: number
  readonly already: number
  readonly first: number
  readonly last: number
}

/** Counts one check of a call of several in all tables. */
function count(counting: Counting, k: number, sort: Sort, world: number, once: Once): void {
  const { kept, values, sorted } = counting
  const { row } = counting.rows
  const i = kept.rows[k] as number
  const [when, calls] = [row.when[i] as number, row.calls[i] as number]
  const sum = {
    calls,
    already: (when & 1) * calls,
    first: row.first[i] as number,
    last: row.last[i] as number,
  }
  const { already, first, last } = sum
  const resource = values.resourceOf(row.resource[i] as number)
  if (once(DAY, 0, 0, 0)) sorted[sort].day.add(calls, already, first, last, -1, when >>> 1, 0, 0)
  if (once(RESOURCE, resource, 0, 0))
    sorted[sort].resource.add(calls, already, first, last, -1, resource, 0, 0)
  countLines(counting, k, sort, world, sum, once)
}

/** Counts a sum in all tables but those of days and resources; `once` is `null` when its calls have no other checks. */
function countLines(
  counting: Counting,
  k: number,
  sort: Sort,
  world: number,
  { calls, already, first, last }: Sum,
  once: Once | null,
): void {
  const { kept, judges, values, sorted, samples } = counting
  const { run } = counting.rows
  const r = kept.runs[k] as number
  const outcome = (kept.outcomes[world] as Uint32Array)[k] as number
  const judge = judges[world] as Judge
  const { deciding } = judge.outcomes[outcome] as Outcome
  const caller = values.callerOf[run.principal[r] as number] as number
  const action = values.actionOf[run.action[r] as number] as number
  const into = sorted[sort]
  if (once === null || once(WHOLE, 0, 0, 0)) {
    const account = values.accountOf[run.account[r] as number] as number
    into.total.add(calls, already, first, last, -1, 0, 0, 0)
    into.account.add(calls, already, first, last, -1, account, 0, 0)
    into.principal.add(calls, already, first, last, -1, caller, 0, 0)
  }
  if (once === null || once(ACTION, action, 0, 0))
    into.action.add(calls, already, first, last, -1, action, 0, 0)
  const statements =
    sort === 'unknown' ? judge.missingOf(outcome) : deciding.length === 0 ? IMPLICITLY : deciding
  for (let s = 0; s < statements.length; s++) {
    const statement = statements[s] as number
    if (once === null || once(STATEMENT, statement, 0, 0))
      into.statement.add(calls, already, first, last, -1, statement, 0, 0)
  }
  // Unknown checks are told apart by what is open (one outcome each); denied ones by the statement that denies first.
  const why = sort === 'unknown' ? outcome : (deciding[0] ?? -1)
  if (once !== null && !once(GROUP, caller, action, why)) return
  const groups = into.group.size()
  into.group.add(calls, already, first, last, samples.length, caller, action, why)
  if (into.group.size() > groups) samples.push(sampleOf(counting, k))
}

/** No statement denies, and none allows. */
const IMPLICITLY = [-1] as const

function sampleOf({ part, rows: { run, row }, kept }: Counting, k: number): SampleRow {
  const [i, r] = [kept.rows[k] as number, kept.runs[k] as number]
  return {
    part,
    row: i,
    codes: PARTS.map((name) =>
      name === 'context' || name === 'resource' ? (row[name][i] as number) : (run[name][r] as number),
    ),
    outcomes: kept.outcomes.map((one) => one[k] as number),
  }
}
