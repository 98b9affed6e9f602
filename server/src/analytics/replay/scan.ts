import { bug } from '../../kernel/errors.ts'
import { evaluateBriefly } from '../../policy/compile/evaluate.ts'
import type { Decision, Missing } from '../../policy/decision.ts'
import type { PolicySet } from '../../policy/policies.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { fit } from '../trail/growing.ts'
import { ROW_COLUMNS, RUN_COLUMNS } from '../trail/index-rows.ts'
import type { PartIndex } from '../trail/index-sections.ts'
import { tupleTable } from '../trail/intern.ts'
import { askOf, PARTS } from './check.ts'
import { type Classes, classesOf, type World } from './classes.ts'
import { ALLOWED, decider, type Outcome } from './decide.ts'
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
      const made = missingIn(evaluateBriefly(request, set), set).map(numberOf)
      lists.set(number, made)
      return made
    },
    world,
    classes,
    outcomes,
    verdicts: () => verdicts,
    find(tuple, seen) {
      const [context, principal, network] = [tuple[0] as number, tuple[1] as number, tuple[2] as number]
      const [resource, region, action] = [tuple[3] as number, tuple[4] as number, tuple[5] as number]
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

/** Asks every check of a part; numbers alone, no object for a check. */
export function scanPart(
  rows: Rows,
  period: Period,
  { classOf }: PartValues,
  judges: readonly Judge[],
): Kept {
  const days = daysIn(period)
  const asked = judges.map((judge, world) =>
    outcomesOf(judge, rows, days, classOf[world] as PartValues['classOf'][0]),
  )
  return keptOf(rows, days, judges, asked)
}

/** Number of the outcome of each check in the period. */
function outcomesOf(
  judge: Judge,
  { run, row }: Rows,
  [since, until]: readonly [number, number],
  classOf: PartValues['classOf'][0],
): Uint32Array {
  const { context, resource, when } = row
  const { context: ofContext, resource: ofResource } = classOf
  const tuple = new Int32Array(PARTS.length)
  const fixed = PARTS.flatMap((part, place) =>
    part === 'context' || part === 'resource' ? [] : [{ place, codes: run[part], classes: classOf[part] }],
  )
  const [atContext, atResource] = [PARTS.indexOf('context'), PARTS.indexOf('resource')]
  const found = new Uint32Array(when.length)
  for (let r = 0; r < run.first.length; r++) {
    for (let i = 0; i < fixed.length; i++) {
      const { place, codes, classes } = fixed[i] as (typeof fixed)[number]
      tuple[place] = classes[codes[r] as number] as number
    }
    const seen = run.seen[r] as number
    const end = r + 1 < run.first.length ? (run.first[r + 1] as number) : when.length
    let [known, inContext, onResource] = [-1, -1, -1]
    for (let i = run.first[r] as number; i < end; i++) {
      const day = (when[i] as number) >>> 1
      if (day < since || day > until) continue
      const one = ofContext[context[i] as number] as number
      const other = ofResource[resource[i] as number] as number
      // Checks lie sorted: many ask the same as the one before.
      if (known < 0 || one !== inContext || other !== onResource) {
        inContext = one
        onResource = other
        tuple[atContext] = one
        tuple[atResource] = other
        known = judge.find(tuple, seen)
      }
      found[i] = known
    }
  }
  return found
}

/** The checks that not every world allows. */
function keptOf(
  { run, row: { when } }: Rows,
  [since, until]: readonly [number, number],
  judges: readonly Judge[],
  asked: readonly Uint32Array[],
): Kept {
  const verdicts = judges.map((judge) => judge.verdicts())
  let rows = new Uint32Array(4096)
  let runs = new Uint32Array(4096)
  let count = 0
  let r = -1
  for (let i = 0; i < when.length; i++) {
    while (r + 1 < run.first.length && (run.first[r + 1] as number) <= i) r++
    const day = (when[i] as number) >>> 1
    if (day < since || day > until) continue
    let allowed = true
    for (let w = 0; w < asked.length; w++)
      if ((verdicts[w] as Uint8Array)[(asked[w] as Uint32Array)[i] as number] !== ALLOWED) allowed = false
    if (allowed) continue
    if (count === rows.length) {
      rows = fit(rows, count + 1)
      runs = fit(runs, count + 1)
    }
    rows[count] = i
    runs[count++] = r
  }
  const outcomes = asked.map((of) => {
    const own = new Uint32Array(count)
    for (let k = 0; k < count; k++) own[k] = of[rows[k] as number] as number
    return own
  })
  return { count, rows, runs, outcomes }
}
