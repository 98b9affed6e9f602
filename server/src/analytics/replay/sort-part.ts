import { fit } from '../trail/growing.ts'
import { PARTS } from './check.ts'
import { ALLOWED, DENIED, type Outcome, UNKNOWN, type VerdictCode } from './decide.ts'
import type { Judge, Kept, Rows } from './scan.ts'
import { type Samples, SORTS, type Sort, type Sorted } from './sorts.ts'
import type { PartValues } from './values.ts'

export interface Counting {
  /** Number of the part. */
  readonly part: number
  readonly rows: Rows
  readonly kept: Kept
  readonly judges: readonly Judge[]
  readonly values: PartValues
  readonly sorted: Sorted
  readonly samples: Samples
}

/** Counts the calls of the kept checks. A part holds all checks of its calls. */
export function sortPart(counting: Counting): void {
  const { kept, judges } = counting
  const verdicts = judges.map((judge) => judge.verdicts())
  const verdictOf = (k: number, world: number): VerdictCode =>
    (verdicts[world] as Uint8Array)[(kept.outcomes[world] as Uint32Array)[k] as number] as VerdictCode
  countAlone(counting, verdictOf)
  countTogether(counting, verdictOf)
}

type VerdictOf = (k: number, world: number) => VerdictCode

/** Calls of several checks: of a call decides the worst verdict of its checks. */
function countTogether(counting: Counting, verdictOf: VerdictOf): void {
  const { kept, judges, rows } = counting
  const several = callsOf(kept, rows.row.call)
  const worstOf = (first: number, world: number): VerdictCode => {
    let verdict: VerdictCode = ALLOWED
    for (let k = first; k >= 0; k = several.after(k))
      verdict = Math.max(verdict, verdictOf(k, world)) as VerdictCode
    return verdict
  }
  const seen = seenOnce()
  for (let first = several.next(); first >= 0; first = several.next()) {
    const found = sortingOf(worstOf(first, 0), judges.length > 1 ? worstOf(first, 1) : undefined)
    for (let i = 0; i < found.length; i++) {
      const { sort, code, world } = found[i] as Sorting[number]
      // A call counts once in each line, however many of its checks put it there.
      seen.forget()
      for (let k = first; k >= 0; k = several.after(k))
        if (verdictOf(k, world) === code) count(counting, k, sort, world, seen.once)
    }
  }
}

/** Calls of one check each. Those of a run with the same outcome differ in day and resource alone: their sum is counted. */
function countAlone(counting: Counting, verdictOf: VerdictOf): void {
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
    for (let i = 0; i < found.length; i++) sums[(found[i] as Sorting[number]).sort].add(k)
  }
  flush()
}

const SUMS = 4
/** Sums of the checks of a run, by their outcome, in the order in which these came. */
function runSums(counting: Counting, sort: Sort) {
  const { kept, values, sorted } = counting
  const { when, calls, first, last, resource } = counting.rows.row
  const { day, resource: resources } = sorted[sort]
  const world = worldOf(sort)
  const outcomes = kept.outcomes[world] as Uint32Array
  /** Of each outcome its number, its first check, and calls, already, first and last. */
  let [numbers, checks] = [new Uint32Array(64), new Uint32Array(64)]
  let sums = new Float64Array(SUMS * 64)
  let places = new Int32Array(64)
  let size = 0
  const placeOf = (outcome: number): number => {
    places = fit(places, outcome + 1)
    const known = places[outcome] as number
    // What stands there of an earlier run is of another outcome.
    if (known < size && numbers[known] === outcome) return known
    places[outcome] = size
    return size
  }
  const begin = (outcome: number, k: number, from: number, to: number): void => {
    numbers = fit(numbers, size + 1)
    checks = fit(checks, size + 1)
    sums = fit(sums, SUMS * (size + 1))
    numbers[size] = outcome
    checks[size] = k
    const at = SUMS * size++
    sums[at] = 0
    sums[at + 1] = 0
    sums[at + 2] = from
    sums[at + 3] = to
  }
  return {
    add(k: number): void {
      const i = kept.rows[k] as number
      const n = calls[i] as number
      const already = (when[i] as number) & 1 ? n : 0
      const from = first[i] as number
      const to = last[i] as number
      day.add(n, already, from, to, -1, (when[i] as number) >>> 1, 0, 0)
      resources.add(n, already, from, to, -1, values.resourceOf(resource[i] as number), 0, 0)
      const outcome = outcomes[k] as number
      const place = placeOf(outcome)
      if (place === size) begin(outcome, k, from, to)
      const at = SUMS * place
      sums[at] = (sums[at] as number) + n
      sums[at + 1] = (sums[at + 1] as number) + already
      if (from < (sums[at + 2] as number)) sums[at + 2] = from
      if (to > (sums[at + 3] as number)) sums[at + 3] = to
    },
    flush(): void {
      for (let place = 0, at = 0; place < size; place++, at += SUMS)
        countLines(
          counting,
          checks[place] as number,
          sort,
          world,
          sums[at] as number,
          sums[at + 1] as number,
          sums[at + 2] as number,
          sums[at + 3] as number,
          null,
        )
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

function seenOnce(): { readonly once: Once; forget(): void } {
  const seen: number[] = []
  return {
    once(table, a, b, c) {
      for (let i = 0; i < seen.length; i += 4)
        if (seen[i] === table && seen[i + 1] === a && seen[i + 2] === b && seen[i + 3] === c) return false
      seen.push(table, a, b, c)
      return true
    },
    forget() {
      seen.length = 0
    },
  }
}

/** Sorts that a call belongs to, with the verdict of the checks that put it there and the world that says so. */
type Sorting = readonly { readonly sort: Sort; readonly code: VerdictCode; readonly world: number }[]

const worldOf = (sort: Sort) => (sort === 'newlyAllowed' ? 1 : 0)

function sorting(now: VerdictCode, before: VerdictCode | undefined): Sorting {
  const found: Sort[] = []
  if (now === DENIED) found.push('denied')
  if (now === UNKNOWN) found.push('unknown')
  if (before !== undefined && now === DENIED && before !== DENIED) found.push('newlyDenied')
  if (before === DENIED && now !== DENIED) found.push('newlyAllowed')
  return found.map((sort) => ({ sort, code: sort === 'unknown' ? UNKNOWN : DENIED, world: worldOf(sort) }))
}

const VERDICTS = [ALLOWED, UNKNOWN, DENIED] as const
/** By the verdict now, and the verdict of another version where there is one. */
const ALONE = VERDICTS.map((now) => sorting(now, undefined))
const COMPARED = VERDICTS.map((now) => VERDICTS.map((before) => sorting(now, before)))

const sortingOf = (now: number, before: number | undefined): Sorting =>
  (before === undefined ? ALONE[now] : COMPARED[now]?.[before]) ?? []

const [WHOLE, ACTION, RESOURCE, STATEMENT, GROUP, DAY] = [0, 1, 2, 3, 4, 5]

/** Counts one check of a call of several in all tables. */
function count(counting: Counting, k: number, sort: Sort, world: number, once: Once): void {
  const { kept, values, sorted } = counting
  const { row } = counting.rows
  const i = kept.rows[k] as number
  const [when, calls] = [row.when[i] as number, row.calls[i] as number]
  const already = (when & 1) * calls
  const [first, last] = [row.first[i] as number, row.last[i] as number]
  const resource = values.resourceOf(row.resource[i] as number)
  if (once(DAY, 0, 0, 0)) sorted[sort].day.add(calls, already, first, last, -1, when >>> 1, 0, 0)
  if (once(RESOURCE, resource, 0, 0))
    sorted[sort].resource.add(calls, already, first, last, -1, resource, 0, 0)
  countLines(counting, k, sort, world, calls, already, first, last, once)
}

/** Counts a sum in all tables but those of days and resources; `once` is `null` when its calls have no other checks. */
function countLines(
  counting: Counting,
  k: number,
  sort: Sort,
  world: number,
  calls: number,
  already: number,
  first: number,
  last: number,
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
  into.group.add(calls, already, first, last, samples.size(), caller, action, why)
  if (into.group.size() > groups) addSample(counting, k)
}

/** No statement denies, and none allows. */
const IMPLICITLY = [-1] as const

function addSample({ part, rows: { run, row }, kept, samples }: Counting, k: number): void {
  const i = kept.rows[k] as number
  const r = kept.runs[k] as number
  let at = samples.add()
  const into = samples.rows()
  into[at++] = part
  into[at++] = i
  for (const name of PARTS)
    into[at++] =
      name === 'context' || name === 'resource' ? (row[name][i] as number) : (run[name][r] as number)
  for (const outcomes of kept.outcomes) into[at++] = outcomes[k] as number
}
