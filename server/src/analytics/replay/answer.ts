import { tupleTable } from '../trail/intern.ts'
import { PARTS } from './check.ts'
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
import { readValues, type Values } from './values.ts'

const tallies = (): Tallies => ({
  total: tally(),
  day: tally(),
  account: tally(),
  principal: tally(),
  action: tally(),
  resource: tally(),
  statement: tally(),
  group: tally(),
})

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
      const values = await readValues(
        reader,
        judges.map(({ classes }) => classes),
      )
      const totals = await totalsOf(reader, options.period)
      const sorted = Object.fromEntries(SORTS.map((sort) => [sort, tallies()])) as unknown as Sorted
      const samples: SampleRows = []
      let done = 0
      for (const part of reader.parts) {
        options.signal?.throwIfAborted()
        const kept = await scanPart(reader, part, options.period, values, judges, (rows) => {
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
  const callOf = new Int32Array(kept.count)
  const verdicts = judges.map(() => new Uint8Array(kept.count))
  const verdictOf = (row: number, world: number): VerdictCode =>
    ((judges[world] as Judge).outcomes[kept.rows[row * WIDTH + OUTCOME_AT + world] as number] as Outcome)
      .verdict
  for (let row = 0; row < kept.count; row++) {
    const at = row * WIDTH
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
  const once = tupleTable()
  for (let row = 0; row < kept.count; row++) {
    const call = callOf[row] as number
    for (const [sort, code, world] of sortsOf(verdicts, call)) {
      if (verdictOf(row, world) !== code) continue
      count(kept, row, call, sort, world, judges, values, sorted, samples, once)
    }
  }
}

/** Sorts that a call belongs to, with the verdict of the checks that put it there and the world that says so. */
function sortsOf(
  verdicts: readonly Uint8Array[],
  call: number,
): readonly (readonly [Sort, VerdictCode, number])[] {
  const now = verdicts[0]?.[call] ?? ALLOWED
  const before = verdicts[1]?.[call]
  const found: (readonly [Sort, VerdictCode, number])[] = []
  if (now === DENIED) found.push(['denied', DENIED, 0])
  if (now === UNKNOWN) found.push(['unknown', UNKNOWN, 0])
  if (before !== undefined && now === DENIED && before !== DENIED) found.push(['newlyDenied', DENIED, 0])
  if (before === DENIED && now !== DENIED) found.push(['newlyAllowed', DENIED, 1])
  return found
}

const TABLES = ['total', 'day', 'account', 'principal', 'action', 'resource', 'statement', 'group'] as const

function count(
  kept: Kept,
  row: number,
  call: number,
  sort: Sort,
  world: number,
  judges: readonly Judge[],
  values: Values,
  sorted: Sorted,
  samples: SampleRows,
  once: ReturnType<typeof tupleTable>,
): void {
  const at = row * WIDTH
  const get = (index: number) => kept.rows[at + index] as number
  const part = (name: (typeof PARTS)[number]) => get(PARTS_AT + PARTS.indexOf(name))
  const outcome = get(OUTCOME_AT + world)
  const caller = values.callers.of[part('principal')] as number
  const judge = judges[world] as Judge
  const { deciding } = judge.outcomes[outcome] as Outcome
  // Unknown checks are told apart by what is open (one outcome each); denied ones by the statement that denies first.
  const reason = sort === 'unknown' ? outcome : (deciding[0] ?? -1)
  const keys: Readonly<Record<(typeof TABLES)[number], readonly (readonly number[])[]>> = {
    total: [[0]],
    day: [[get(AT.day)]],
    account: [[get(AT.account)]],
    principal: [[caller]],
    action: [[part('action')]],
    resource: [[part('resource')]],
    statement:
      sort === 'unknown'
        ? judge.missingOf(outcome).map((one) => [one])
        : deciding.length === 0
          ? [[-1]]
          : deciding.map((one) => [one]),
    group: [[caller, part('action'), reason]],
  }
  let sample = -1
  for (const [table, name] of TABLES.entries())
    for (const key of keys[name]) {
      const [a = 0, b = 0, c = 0] = key
      const seen = once.size()
      if (
        once.find(
          call,
          table * 4 + ['denied', 'unknown', 'newlyDenied', 'newlyAllowed'].indexOf(sort),
          a,
          b,
          c,
        ) !== seen
      )
        continue
      const into = sorted[sort][name]
      const before = into.size()
      const calls = get(AT.calls)
      if (name === 'group' && sample < 0) sample = samples.length
      into.add(calls, get(AT.already) === 1 ? calls : 0, get(AT.first), get(AT.last), sample, key)
      if (name === 'group' && into.size() > before) samples.push([...kept.rows.subarray(at, at + WIDTH)])
    }
}
