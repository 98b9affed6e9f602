import { fit } from '../trail/growing.ts'
import { PARTS } from './check.ts'
import { ALLOWED, DENIED, type Outcome, UNKNOWN, type VerdictCode } from './decide.ts'
import type { Kernel } from './kernel.ts'
import type { Resources } from './resources.ts'
import type { Judge, Kept, Rows } from './scan.ts'
import { type Samples, SORTS, type Sort, type Sorted } from './sorts.ts'
import { AGAIN, COUNTING, LINE_WIDTH } from './structures.ts'
import type { PartValues } from './values.ts'

export interface Counting {
  /** Number of the part. */
  readonly part: number
  readonly rows: Rows
  readonly kept: Kept
  readonly judges: readonly Judge[]
  readonly values: PartValues
  /** Those of the result, over all parts. */
  readonly resources: Resources
  readonly sorted: Sorted
  readonly samples: Samples
}

/** Counts the calls of the kept checks. A part holds all checks of its calls. */
export type SortPart = (counting: Counting) => void

export function sorterOf(kernel: Kernel): SortPart {
  const alone = kernel.wasm.newCounting() >>> 0
  return (counting) => {
    const { kept, judges } = counting
    const verdicts = judges.map((judge) => judge.verdicts())
    const verdictOf = (k: number, world: number): VerdictCode =>
      (verdicts[world] as Uint8Array)[(kept.outcomes[world] as Uint32Array)[k] as number] as VerdictCode
    countAlone(counting, kernel, alone)
    const resourceOf = (code: number) => kernel.wasm.resourceOf(alone, code)
    countTogether(counting, verdictOf, resourceOf)
  }
}

type VerdictOf = (k: number, world: number) => VerdictCode

/** Calls of several checks: of a call decides the worst verdict of its checks. */
function countTogether(counting: Counting, verdictOf: VerdictOf, resourceOf: (code: number) => number): void {
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
        if (verdictOf(k, world) === code) count(counting, k, sort, world, seen.once, resourceOf)
    }
  }
}

/** Calls of one check each: the loop counts days and resources, and what is left is a line for each run and outcome. */
function countAlone(counting: Counting, kernel: Kernel, at: number): void {
  const { part, kept, judges, values, sorted, rows } = counting
  const { call, when, calls, first, last, resource } = rows.row
  const ids = values.resourceIds
  const [outcomes = 0, outcomesBefore = 0] = kept.outcomes.map(kernel.place)
  const [verdicts = 0, verdictsBefore = 0] = judges.map((judge) => kernel.place(judge.verdicts()))
  const tables = SORTS.flatMap((sort) => [sorted[sort].day.at, sorted[sort].resource.at])
  kernel.set(at, COUNTING, {
    part,
    kept: kept.count,
    rows: kernel.place(kept.rows),
    runs: kernel.place(kept.runs),
    outcomes,
    outcomesBefore,
    verdicts,
    verdictsBefore,
    call: kernel.place(call),
    when: kernel.place(when),
    calls: kernel.place(calls),
    first: kernel.place(first),
    last: kernel.place(last),
    resource: kernel.place(resource),
    ids: kernel.place(ids),
    numbers: kernel.take(ids.length / 2).fill(0).byteOffset,
    resources: counting.resources.at,
    sorts: kernel.place(SORT_BITS),
    tables: kernel.place(Uint32Array.from(tables)),
  })
  kernel.wasm.beginCounting(at)
  for (let why = AGAIN as number; why === AGAIN; ) {
    why = kernel.wasm.countAlone(at)
    countRuns(counting, kernel, kernel.field(at, COUNTING.at.lines), kernel.field(at, COUNTING.at.size))
  }
}

function countRuns(counting: Counting, kernel: Kernel, lines: number, size: number): void {
  const { buffer } = kernel.bytes()
  const [numbers, sums] = [
    new Int32Array(buffer, lines, 2 * LINE_WIDTH * size),
    new Float64Array(buffer, lines, LINE_WIDTH * size),
  ]
  for (let at = 0; at < sums.length; at += LINE_WIDTH) {
    const sort = SORTS[numbers[2 * at] as number] as Sort
    const k = numbers[2 * at + 1] as number
    const [calls, already] = [sums[at + 1] as number, sums[at + 2] as number]
    const [first, last] = [sums[at + 3] as number, sums[at + 4] as number]
    countLines(counting, k, sort, worldOf(sort), calls, already, first, last, null)
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

/** The same for the loop: bits of the sorts, four for each verdict now: before, and without another version. */
const SORT_BITS = Uint8Array.from(
  VERDICTS.flatMap((now) => [...(COMPARED[now] as readonly Sorting[]), ALONE[now] as Sorting]).map((found) =>
    found.reduce((bits, { sort }) => bits | (1 << SORTS.indexOf(sort)), 0),
  ),
)

const sortingOf = (now: number, before: number | undefined): Sorting =>
  (before === undefined ? ALONE[now] : COMPARED[now]?.[before]) ?? []

const [WHOLE, ACTION, RESOURCE, STATEMENT, GROUP, DAY] = [0, 1, 2, 3, 4, 5]

/** Counts one check of a call of several in all tables. */
function count(
  counting: Counting,
  k: number,
  sort: Sort,
  world: number,
  once: Once,
  resourceOf: (code: number) => number,
): void {
  const { kept, sorted } = counting
  const { row } = counting.rows
  const i = kept.rows[k] as number
  const [when, calls] = [row.when[i] as number, row.calls[i] as number]
  const already = (when & 1) * calls
  const [first, last] = [row.first[i] as number, row.last[i] as number]
  const resource = resourceOf(row.resource[i] as number)
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
