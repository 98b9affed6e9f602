import { evaluateBriefly } from '../../policy/compile/evaluate.ts'
import type { Decision, Missing } from '../../policy/decision.ts'
import type { PolicySet } from '../../policy/policies.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { fit } from '../trail/growing.ts'
import { ROW_COLUMNS, RUN_COLUMNS } from '../trail/index-rows.ts'
import type { PartIndex } from '../trail/index-sections.ts'
import { listTable } from '../trail/intern.ts'
import { askOf, PARTS } from './check.ts'
import { type Classes, classesOf, type World } from './classes.ts'
import { decider, type Outcome } from './decide.ts'
import { AGAIN, DONE, type Kernel } from './kernel.ts'
import type { PartValues } from './values.ts'

/** Days, both included, as `2026-10-01`. Facts are by day. */
export interface Period {
  readonly since: string | null
  readonly until: string | null
}

/** What one set of policies says of all facts. */
export interface Judge {
  readonly world: World
  readonly classes: Classes
  readonly outcomes: Outcome[]
  /** Their verdicts; another array when there are more. */
  readonly verdicts: () => Uint8Array
  /** Number of the outcome of a tuple of classes. */
  readonly find: (classes: Int32Array, seen: number) => number
  /** What `find` was asked for an outcome. */
  readonly askedFor: (outcome: number) => { readonly classes: readonly number[]; readonly seen: number }
  /** Number in `missing`; new if it was not there. */
  readonly missingNumber: (one: Missing) => number
  /** Numbers in `missing` of what would decide checks of an unknown outcome; the whole engine says it once for each. */
  readonly missingOf: (outcome: number) => readonly number[]
  readonly missing: readonly Missing[]
}

export function judgeOf(world: World, classes = classesOf(world)): Judge {
  const decide = decider(world, classes)
  /** Classes by the order of `PARTS`, then the view. */
  const tuples = listTable()
  const asked = new Int32Array(PARTS.length + 1)
  const outcomes: Outcome[] = []
  let verdicts = new Uint8Array(1024)
  const missing = new Map<string, number>()
  const all: Missing[] = []
  const lists = new Map<number, readonly number[]>()
  const numberOf = (one: Missing): number => {
    const text = JSON.stringify(one)
    const known = missing.get(text)
    if (known !== undefined) return known
    missing.set(text, all.length)
    return all.push(one) - 1
  }
  return {
    askedFor(outcome) {
      const { flat } = tuples.values()
      const at = outcome * asked.length
      return {
        classes: [...flat.subarray(at, at + PARTS.length)],
        seen: flat[at + PARTS.length] as number,
      }
    },
    missing: all,
    missingNumber: numberOf,
    missingOf(number) {
      const known = lists.get(number)
      if (known !== undefined) return known
      const { parts, seen } = outcomes[number] as Outcome
      const { request, set } = askOf(parts, seen, world.estate, world.row.keysFor(parts.action), world.iam)
      const made = missingIn(evaluateBriefly(request, set), set).map(numberOf)
      lists.set(number, made)
      return made
    },
    world,
    classes,
    outcomes,
    verdicts: () => verdicts,
    find(tuple, seen) {
      asked.set(tuple)
      asked[PARTS.length] = seen
      const number = tuples.find(asked, asked.length)
      if (number === outcomes.length) {
        const made = decide([...tuple], VIEWS[seen] as TrailView)
        verdicts = fit(verdicts, number + 1)
        verdicts[number] = made.verdict
        outcomes.push(made)
      }
      return number
    },
  }
}

/**
 * What would decide. Where no RCP denies anything the owner of a resource decides nothing here: whether the call stays within
 * its account is for identity and resource policies, which a replay does not ask.
 */
export function missingIn({ missing }: Pick<Decision, 'missing'>, { rcps }: PolicySet): readonly Missing[] {
  const bindsOwners =
    rcps === 'unknown' ||
    rcps.some(({ policies }) =>
      policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Deny')),
    )
  return bindsOwners ? missing : missing.filter(({ what }) => what !== 'resource_account')
}

/** Checks of a part that not every world allows: their places, and for each world the number of the outcome. */
export interface Kept {
  readonly count: number
  readonly rows: Uint32Array
  readonly runs: Uint32Array
  readonly outcomes: readonly Uint32Array[]
}

/** Columns of the checks of a part, and of the runs in which they lie. */
export interface Rows {
  readonly run: Readonly<Record<(typeof RUN_COLUMNS)[number] | 'first', Uint32Array>>
  readonly row: Readonly<Record<(typeof ROW_COLUMNS)[number], Uint32Array>>
}

export const rowsOf = (index: PartIndex): Rows => ({
  run: Object.fromEntries(
    [...RUN_COLUMNS, 'first'].map((name) => [name, index.u32(`run.${name}`)]),
  ) as Rows['run'],
  row: Object.fromEntries(ROW_COLUMNS.map((name) => [name, index.u32(`row.${name}`)])) as Rows['row'],
})

const DAY_MS = 86_400_000
/** First and last day since 1970, both included. */
export const daysIn = ({ since, until }: Period): readonly [number, number] => [
  since === null ? Number.NEGATIVE_INFINITY : Date.parse(since) / DAY_MS,
  until === null ? Number.POSITIVE_INFINITY : Date.parse(until) / DAY_MS,
]

/** Asks every check of a part; numbers alone, no object for a check. What it returns stands as long as the part is open. */
export type Scan = (rows: Rows, period: Period, values: PartValues) => Kept

export function scanWith(kernel: Kernel, judges: readonly Judge[]): Scan {
  const { wasm } = kernel
  const asking = judges.map((judge) => askerOf(kernel, judge))
  const at = wasm.newKept() >>> 0
  return (rows, period, { classOf }) => {
    const days = daysIn(period).map(wholeDay)
    const found = asking.map((ask, world) => ask(rows, days, classOf[world] as PartValues['classOf'][0]))
    const { first } = rows.run
    const { when } = rows.row
    const verdicts = judges.map((judge) => kernel.place(judge.verdicts()))
    const [keptRows, keptRuns, ...outcomes] = [when, when, ...judges].map(() => kernel.take(when.length))
    const [now, before] = outcomes
    kernel.set(at, [
      ...[first.length, when.length, kernel.place(first), kernel.place(when), ...days],
      ...[found[0] ?? 0, found[1] ?? 0, verdicts[0] ?? 0, verdicts[1] ?? 0],
      ...[keptRows, keptRuns, now, before].map((taken) => taken?.byteOffset ?? 0),
    ])
    wasm.beginKept(at)
    while (wasm.keepChecks(at) === AGAIN);
    const count = kernel.ints()[at / 4 + KEPT] as number
    const cut = (taken: Int32Array | undefined) =>
      new Uint32Array((taken as Int32Array).buffer, (taken as Int32Array).byteOffset, count)
    return { count, rows: cut(keptRows), runs: cut(keptRuns), outcomes: outcomes.map(cut) }
  }
}

/** How many are kept, in the structure of that loop. */
const KEPT = 15

const wholeDay = (day: number) => Math.max(-1, Math.min(day, 2 ** 31 - 1))

/** Asks the checks of a part: where the number of the outcome of each one in the period stands. */
function askerOf(kernel: Kernel, judge: Judge) {
  const { wasm } = kernel
  const at = wasm.newChecks() >>> 0
  const tuple = new Int32Array(PARTS.length)
  return ({ run, row }: Rows, days: readonly number[], classOf: PartValues['classOf'][0]): number => {
    const found = kernel.take(row.when.length)
    const codes = PARTS.map((part) => (part === 'context' || part === 'resource' ? row[part] : run[part]))
    kernel.set(at, [
      ...[run.first.length, row.when.length, kernel.place(run.first), kernel.place(run.seen)],
      ...codes.map(kernel.place),
      ...PARTS.map((part) => kernel.place(classOf[part])),
      kernel.place(row.when),
      ...days,
      found.byteOffset,
    ])
    wasm.beginChecks(at)
    while (true) {
      const why = wasm.askChecks(at)
      if (why === DONE) return found.byteOffset
      if (why === AGAIN) continue
      const first = at / 4 + TUPLE
      tuple.set(kernel.ints().subarray(first, first + PARTS.length))
      wasm.tellOutcome(at, judge.find(tuple, kernel.ints()[first + PARTS.length] as number))
    }
  }
}

/** Classes of the check at which the loop stopped, in its structure; behind them its view. */
const TUPLE = 22
