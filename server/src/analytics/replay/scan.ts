import { evaluateBriefly } from '../../policy/compile/evaluate.ts'
import type { Decision, Missing } from '../../policy/decision.ts'
import type { PolicySet } from '../../policy/policies.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { fit } from '../trail/growing.ts'
import { ROW_COLUMNS, RUN_COLUMNS } from '../trail/index-rows.ts'
import type { PartIndex } from '../trail/index-sections.ts'
import { askOf, PARTS } from './check.ts'
import { type Classes, classesOf } from './classes.ts'
import { type ClassTuple, decider, type Outcome } from './decide.ts'
import type { Kernel } from './kernel.ts'
import { AGAIN, CHECKS, DONE, KEPT } from './structures.ts'
import type { PartValues } from './values.ts'
import type { World } from './world.ts'

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
  /** Decides a tuple of classes that was not asked before; the number of its outcome. Who asks remembers it. */
  readonly decide: (classes: ClassTuple, seen: number) => number
  /** Numbers in `missing` of what would decide checks of an unknown outcome; the whole engine says it once for each. */
  readonly missingOf: (outcome: number) => readonly number[]
  readonly missing: readonly Missing[]
}

export function judgeOf(world: World, classes = classesOf(world)): Judge {
  const decide = decider(world, classes)
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
    missing: all,
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
    decide(tuple, seen) {
      const outcome = decide(tuple, VIEWS[seen] as TrailView)
      const number = outcomes.push(outcome) - 1
      verdicts = fit(verdicts, number + 1)
      verdicts[number] = outcome.verdict
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
    const [since, until] = daysIn(period).map(wholeDay) as [number, number]
    const found = asking.map((ask, world) =>
      ask(rows, { since, until }, classOf[world] as PartValues['classOf'][0]),
    )
    const { first } = rows.run
    const { when } = rows.row
    const verdicts = judges.map((judge) => kernel.place(judge.verdicts()))
    const [keptRows, keptRuns] = [kernel.take(when.length), kernel.take(when.length)]
    const outcomes = judges.map(() => kernel.take(when.length))
    kernel.set(at, KEPT, {
      runs: first.length,
      rows: when.length,
      firsts: kernel.place(first),
      when: kernel.place(when),
      since,
      until,
      found: found[0] ?? 0,
      foundBefore: found[1] ?? 0,
      verdicts: verdicts[0] ?? 0,
      verdictsBefore: verdicts[1] ?? 0,
      keptRows: keptRows.byteOffset,
      keptRuns: keptRuns.byteOffset,
      outcomes: outcomes[0]?.byteOffset ?? 0,
      outcomesBefore: outcomes[1]?.byteOffset ?? 0,
    })
    wasm.beginKept(at)
    while (wasm.keepChecks(at) === AGAIN);
    const count = kernel.field(at, KEPT.at.count)
    const cut = ({ buffer, byteOffset }: Int32Array) => new Uint32Array(buffer, byteOffset, count)
    return { count, rows: cut(keptRows), runs: cut(keptRuns), outcomes: outcomes.map(cut) }
  }
}

const wholeDay = (day: number) => Math.max(-1, Math.min(day, 2 ** 31 - 1))

/** Asks the checks of a part: where the number of the outcome of each one in the period stands. */
function askerOf(kernel: Kernel, judge: Judge) {
  const { wasm } = kernel
  const at = wasm.newChecks() >>> 0
  return (
    { run, row }: Rows,
    days: { readonly since: number; readonly until: number },
    classOf: PartValues['classOf'][0],
  ): number => {
    const found = kernel.take(row.when.length)
    kernel.set(at, CHECKS, {
      ...days,
      runs: run.first.length,
      rows: row.when.length,
      firsts: kernel.place(run.first),
      seen: kernel.place(run.seen),
      context: kernel.place(row.context),
      principal: kernel.place(run.principal),
      network: kernel.place(run.network),
      resource: kernel.place(row.resource),
      region: kernel.place(run.region),
      action: kernel.place(run.action),
      contexts: kernel.place(classOf.context),
      principals: kernel.place(classOf.principal),
      networks: kernel.place(classOf.network),
      resources: kernel.place(classOf.resource),
      regions: kernel.place(classOf.region),
      actions: kernel.place(classOf.action),
      when: kernel.place(row.when),
      found: found.byteOffset,
    })
    wasm.beginChecks(at)
    while (true) {
      const why = wasm.askChecks(at)
      if (why === DONE) return found.byteOffset
      if (why === AGAIN) continue
      const first = at / 4 + CHECKS.at.tuple0
      const tuple = [...kernel.ints().subarray(first, first + PARTS.length)]
      wasm.tellOutcome(at, judge.decide(tuple, kernel.field(at, CHECKS.at.view)))
    }
  }
}
