import { fit } from '../trail/growing.ts'
import { PARTS } from './check.ts'
import { ALLOWED, DENIED, type Outcome, UNKNOWN, type VerdictCode } from './decide.ts'
import type { Judge, Kept, Rows } from './scan.ts'
import type { SampleRow, Sort, Sorted } from './sorts.ts'
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
  const several = callsOf(kept, rows.row.call)
  for (let k = 0; k < kept.count; k++) {
    if (rows.row.call[kept.rows[k] as number] !== 0) continue
    const found = sortingOf(verdictOf(k, 0), judges.length > 1 ? verdictOf(k, 1) : undefined)
    for (const [sort, , world] of found) count(counting, k, sort, world, null)
  }
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

const [WHOLE, ACTION, RESOURCE, STATEMENT, GROUP] = [0, 1, 2, 3, 4]

/** Counts one check of a call in all tables; `once` is `null` when the call has no other. */
function count(counting: Counting, k: number, sort: Sort, world: number, once: Once | null): void {
  const { kept, judges, values, sorted, samples } = counting
  const { run, row } = counting.rows
  const [i, r] = [kept.rows[k] as number, kept.runs[k] as number]
  const outcome = (kept.outcomes[world] as Uint32Array)[k] as number
  const judge = judges[world] as Judge
  const { deciding } = judge.outcomes[outcome] as Outcome
  const caller = values.callerOf[run.principal[r] as number] as number
  const action = values.actionOf[run.action[r] as number] as number
  const resource = values.resourceOf(row.resource[i] as number)
  const [when, calls] = [row.when[i] as number, row.calls[i] as number]
  const already = (when & 1) * calls
  const [first, last] = [row.first[i] as number, row.last[i] as number]
  const into = sorted[sort]
  if (once === null || once(WHOLE, 0, 0, 0)) {
    into.total.add(calls, already, first, last, -1, 0, 0, 0)
    into.day.add(calls, already, first, last, -1, when >>> 1, 0, 0)
    into.account.add(
      calls,
      already,
      first,
      last,
      -1,
      values.accountOf[run.account[r] as number] as number,
      0,
      0,
    )
    into.principal.add(calls, already, first, last, -1, caller, 0, 0)
  }
  if (once === null || once(ACTION, action, 0, 0))
    into.action.add(calls, already, first, last, -1, action, 0, 0)
  if (once === null || once(RESOURCE, resource, 0, 0))
    into.resource.add(calls, already, first, last, -1, resource, 0, 0)
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
