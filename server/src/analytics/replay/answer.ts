import { tupleTable } from '../trail/intern.ts'
import { PARTS, type Part } from './check.ts'
import type { Classes, World } from './classes.ts'
import { ALLOWED, DENIED, type Outcome, UNKNOWN, type VerdictCode } from './decide.ts'
import { type FactsReader, readFacts } from './read.ts'
import { type Report, reportOf } from './report.ts'
import {
  AT,
  type Judge,
  judgeOf,
  type Kept,
  OUTCOME_AT,
  PARTS_AT,
  type Period,
  scanPart,
  WIDTH,
  whereOf,
} from './scan.ts'
import { type Sorter, sorterOf } from './sorter.ts'
import {
  type ReplayOptions,
  type SampleRows,
  SORTS,
  type Sort,
  type Sorted,
  type Tallies,
  type Totals,
} from './sorts.ts'
import { tally } from './tally.ts'
import { emptyValues, readValues, type Values } from './values.ts'

const tallies = (): Tallies =>
  Object.fromEntries(TABLES.map((table) => [table, tally(table !== 'group')])) as unknown as Tallies

/**
 * Asks all facts what the policies say. A call is denied when one of its checks is, and unknown when none is denied and
 * one is unknown. Memory: the distinct values, and the rows of one part that are not allowed.
 */
export async function replay(options: ReplayOptions): Promise<Report> {
  return readFacts(
    options.dir,
    async (reader) => {
      const judges = [options.world, ...(options.against === undefined ? [] : [options.against])].map(
        (world) => judgeOf(world),
      )
      const values = emptyValues(judges.length)
      const sorters = judges.map(({ world, classes }) => sortersOf(world, classes))
      const totals = await totalsOf(reader, options.period)
      const sorted = Object.fromEntries(SORTS.map((sort) => [sort, tallies()])) as unknown as Sorted
      const samples: SampleRows = []
      let done = 0
      for (const part of reader.parts) {
        options.signal?.throwIfAborted()
        const codes = await readValues(reader, part, values, sorters)
        const kept = await scanPart(reader, part, options.period, values, codes, judges, (rows) => {
          done += rows
          options.onProgress?.(done, totals.checks)
        })
        sortPart(kept, judges, values, sorted, samples)
      }
      return reportOf({ reader, judges, values, totals, sorted, samples, options })
    },
    options.signal,
  )
}

const sortersOf = (world: World, classes: Classes): Readonly<Record<Part, Sorter>> =>
  Object.fromEntries(PARTS.map((part) => [part, sorterOf(world, classes, part)])) as Record<Part, Sorter>

async function totalsOf(reader: FactsReader, period: Period): Promise<Totals> {
  const all = `read_parquet([${reader.parts.map((part) => `'${part.replaceAll("'", "''")}/facts.parquet'`).join(', ')}])`
  const days = whereOf(period).replace('kind is not null', 'true')
  const [sum] = await reader.rows(
    `select cast(coalesce(sum(count) filter (where check_no = 0), 0) as double) as events,
      cast(coalesce(sum(count) filter (where check_no = 0 and kind is not null), 0) as double) as calls,
      cast(count(*) filter (where kind is not null) as double) as checks from ${all} where ${days}`,
  )
  const skips = await reader.rows(
    `select s.value as reason, cast(sum(count) as double) as n from ${all} f
     join (select distinct id, value from read_parquet([${reader.parts.map((part) => `'${part.replaceAll("'", "''")}/dims.parquet'`).join(', ')}]) where dim = 'skip') s on s.id = f.skip
     where check_no = 0 and kind is null and ${days} group by 1 order by 1`,
  )
  return {
    events: Number(sum?.events ?? 0),
    calls: Number(sum?.calls ?? 0),
    checks: Number(sum?.checks ?? 0),
    skipped: Object.fromEntries(skips.map((row) => [String(row.reason), Number(row.n)])),
  }
}

/** Puts the checks of each call together and counts the call. A part holds all checks of its calls. */
export function sortPart(
  kept: Kept,
  judges: readonly Judge[],
  values: Values,
  sorted: Sorted,
  samples: SampleRows,
): void {
  const calls = tupleTable()
  // A check that is the only one of its call needs no other to be looked for.
  const callOf = new Int32Array(kept.count).fill(-1)
  const verdicts = judges.map(() => new Uint8Array(kept.count))
  const verdictOf = (row: number, world: number): VerdictCode =>
    ((judges[world] as Judge).outcomes[kept.rows[row * WIDTH + OUTCOME_AT + world] as number] as Outcome)
      .verdict
  for (let row = 0; row < kept.count; row++) {
    const at = row * WIDTH
    if (kept.rows[at + AT.several] === 0) continue
    const call = calls.find(
      (kept.rows[at] as number) | 0,
      (kept.rows[at + 1] as number) | 0,
      kept.rows[at + AT.day] as number,
      0,
      0,
    )
    callOf[row] = call
    judges.forEach((_, world) => {
      const worst = verdicts[world] as Uint8Array
      worst[call] = Math.max(worst[call] as number, verdictOf(row, world))
    })
  }
  const rowsOf = new Int32Array(calls.size())
  for (const call of callOf) if (call >= 0) rowsOf[call] = (rowsOf[call] as number) + 1
  const counting: Counting = { kept, judges, values, sorted, samples, once: tupleTable() }
  for (let row = 0; row < kept.count; row++) {
    const call = callOf[row] as number
    const found =
      call < 0
        ? sortingOf(verdictOf(row, 0), judges.length > 1 ? verdictOf(row, 1) : undefined)
        : sortingOf(verdicts[0]?.[call] ?? ALLOWED, verdicts[1]?.[call])
    for (const [sort, code, world] of found)
      if (verdictOf(row, world) === code)
        count(counting, row, call >= 0 && (rowsOf[call] as number) > 1 ? call : -1, sort, world)
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

const TABLES = ['total', 'day', 'account', 'principal', 'action', 'resource', 'statement', 'group'] as const
type Table = (typeof TABLES)[number]

interface Counting {
  readonly kept: Kept
  readonly judges: readonly Judge[]
  readonly values: Values
  readonly sorted: Sorted
  readonly samples: SampleRows
  /** What a call with several checks was counted under already. */
  readonly once: ReturnType<typeof tupleTable>
}

/** Counts one check of a call in all tables; `call` is -1 when it has no other check that may have been counted. */
function count(counting: Counting, row: number, call: number, sort: Sort, world: number): void {
  const { kept, judges, values, sorted, samples } = counting
  const at = row * WIDTH
  const numbers = kept.rows
  const outcome = numbers[at + OUTCOME_AT + world] as number
  const caller = values.callers.of.list[numbers[at + PRINCIPAL_AT] as number] as number
  const action = numbers[at + ACTION_AT] as number
  const judge = judges[world] as Judge
  const { deciding } = judge.outcomes[outcome] as Outcome
  const calls = numbers[at + AT.calls] as number
  const already = numbers[at + AT.already] === 1 ? calls : 0
  const [first, last] = [numbers[at + AT.first] as number, numbers[at + AT.last] as number]
  const into = sorted[sort]
  const add = (table: Table, sample: number, a: number, b: number, c: number) => {
    if (call >= 0 && isCounted(counting, call, table, sort, a, b, c)) return
    into[table].add(calls, already, first, last, sample, a, b, c)
  }
  add('total', -1, 0, 0, 0)
  add('day', -1, numbers[at + AT.day] as number, 0, 0)
  add('account', -1, numbers[at + AT.account] as number, 0, 0)
  add('principal', -1, caller, 0, 0)
  add('action', -1, action, 0, 0)
  add('resource', -1, numbers[at + RESOURCE_AT] as number, 0, 0)
  const statements = sort === 'unknown' ? judge.missingOf(outcome) : deciding
  for (let i = 0; i < statements.length; i++) add('statement', -1, statements[i] as number, 0, 0)
  if (sort !== 'unknown' && deciding.length === 0) add('statement', -1, -1, 0, 0)
  // Unknown checks are told apart by what is open (one outcome each); denied ones by the statement that denies first.
  const groups = into.group.size()
  add('group', samples.length, caller, action, sort === 'unknown' ? outcome : (deciding[0] ?? -1))
  if (into.group.size() > groups) samples.push([...numbers.subarray(at, at + WIDTH)])
}

const PRINCIPAL_AT = PARTS_AT + PARTS.indexOf('principal')
const ACTION_AT = PARTS_AT + PARTS.indexOf('action')
const RESOURCE_AT = PARTS_AT + PARTS.indexOf('resource')

function isCounted(
  { once }: Counting,
  call: number,
  table: Table,
  sort: Sort,
  a: number,
  b: number,
  c: number,
): boolean {
  const seen = once.size()
  return once.find(call, TABLES.indexOf(table) * 4 + SORTS.indexOf(sort), a, b, c) !== seen
}
