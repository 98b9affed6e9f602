import { bug } from '../../kernel/errors.ts'
import { evaluateBriefly } from '../../policy/compile/evaluate.ts'
import type { Missing } from '../../policy/decision.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { fit } from '../trail/growing.ts'
import { ROW_COLUMNS, RUN_COLUMNS } from '../trail/index-rows.ts'
import type { PartIndex } from '../trail/index-sections.ts'
import { tupleTable } from '../trail/intern.ts'
import { askOf, PARTS } from './check.ts'
import { type Classes, classesOf, type World } from './classes.ts'
import { ALLOWED, decider, type Outcome, type VerdictCode } from './decide.ts'
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
  const tuples = tupleTable()
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
      const [context = 0, principal = 0, resource = 0, action = 0, rest = 0] = tuples
        .values()
        .subarray(outcome * 5, outcome * 5 + 5)
      const classes = [context, principal, rest & 65_535, resource, rest >>> 16, action >>> 2]
      return { classes, seen: action & 3 }
    },
    missing: all,
    missingNumber: numberOf,
    missingOf(number) {
      const known = lists.get(number)
      if (known !== undefined) return known
      const { parts, seen } = outcomes[number] as Outcome
      const { request, set } = askOf(parts, seen, world.estate, world.row.keysFor(parts.action), world.iam)
      const made = evaluateBriefly(request, set).missing.map(numberOf)
      lists.set(number, made)
      return made
    },
    world,
    classes,
    outcomes,
    verdicts: () => verdicts,
    find(tuple, seen) {
      const [context = 0, principal = 0, network = 0, resource = 0, region = 0, action = 0] = tuple
      const number = tuples.find(context, principal, resource, action * 4 + seen, region * 65_536 + network)
      if (number === outcomes.length) {
        if (network >= 65_536 || region >= 16_384) throw bug('Too many classes of networks or regions.')
        const made = decide([...tuple], VIEWS[seen] as TrailView)
        verdicts = fit(verdicts, number + 1)
        verdicts[number] = made.verdict
        outcomes.push(made)
      }
      return number
    },
  }
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

/** Asks every check of a part; the hot loop: numbers alone, no object for a check. */
export function scanPart(
  { run, row }: Rows,
  period: Period,
  { classOf }: PartValues,
  judges: readonly Judge[],
): Kept {
  const kept = keeper(judges.length)
  const askers = judges.map((judge, world) => askerOf(judge, run, classOf[world] as PartValues['classOf'][0]))
  const [since, until] = daysIn(period)
  const { context, resource, when } = row
  for (let r = 0; r < run.first.length; r++) {
    for (const asker of askers) asker.enter(r)
    const end = r + 1 < run.first.length ? (run.first[r + 1] as number) : when.length
    for (let i = run.first[r] as number; i < end; i++) {
      const day = (when[i] as number) >>> 1
      if (day < since || day > until) continue
      let allowed = true
      for (let w = 0; w < askers.length; w++)
        if ((askers[w] as Asker).ask(context[i] as number, resource[i] as number) !== ALLOWED) allowed = false
      if (!allowed) kept.add(i, r, askers)
    }
  }
  return kept.done()
}

interface Asker {
  /** Goes to a run. */
  enter(run: number): void
  /** Verdict of a check of the run, by the codes of its context and resource; `outcome()` tells more of it. */
  ask(context: number, resource: number): VerdictCode
  readonly outcome: () => number
}

function askerOf(judge: Judge, run: Rows['run'], classOf: PartValues['classOf'][0]): Asker {
  const tuple = new Int32Array(PARTS.length).fill(-1)
  const fixed = PARTS.flatMap((part, place) =>
    part === 'context' || part === 'resource' ? [] : [{ place, codes: run[part], classes: classOf[part] }],
  )
  const [atContext, atResource] = [PARTS.indexOf('context'), PARTS.indexOf('resource')]
  let [seen, known] = [-1, 0]
  let verdict: VerdictCode = ALLOWED
  let changed = true
  const put = (place: number, one: number) => {
    if (tuple[place] === one) return
    tuple[place] = one
    changed = true
  }
  return {
    enter(r) {
      for (const { place, codes, classes } of fixed) put(place, classes[codes[r] as number] as number)
      if (seen === run.seen[r]) return
      seen = run.seen[r] as number
      changed = true
    },
    ask(context, resource) {
      put(atContext, classOf.context[context] as number)
      put(atResource, classOf.resource[resource] as number)
      // Checks lie sorted: many ask the same as the one before.
      if (!changed) return verdict
      changed = false
      known = judge.find(tuple, seen)
      verdict = judge.verdicts()[known] as VerdictCode
      return verdict
    },
    outcome: () => known,
  }
}

function keeper(worlds: number) {
  let rows = new Uint32Array(4096)
  let runs = new Uint32Array(4096)
  const outcomes = Array.from({ length: worlds }, () => new Uint32Array(4096))
  let count = 0
  return {
    add(row: number, run: number, askers: readonly Asker[]): void {
      rows = fit(rows, count + 1)
      runs = fit(runs, count + 1)
      rows[count] = row
      runs[count] = run
      for (let w = 0; w < worlds; w++) {
        const own = fit(outcomes[w] as Uint32Array<ArrayBuffer>, count + 1)
        outcomes[w] = own
        own[count] = (askers[w] as Asker).outcome()
      }
      count++
    },
    done: (): Kept => ({ count, rows, runs, outcomes }),
  }
}
