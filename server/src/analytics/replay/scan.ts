import { bug } from '../../kernel/errors.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import type { Missing } from '../../policy/decision.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { CODE_COLUMNS } from '../trail/index-part.ts'
import { tupleTable } from '../trail/intern.ts'
import { askOf, PARTS, type Part } from './check.ts'
import { type Classes, classesOf, type World } from './classes.ts'
import { ALLOWED, decider, type Outcome } from './decide.ts'
import { type FactsReader, quoted } from './read.ts'
import type { Codes, Values } from './values.ts'

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
  /** Number of the outcome of a tuple of classes. */
  readonly find: (classes: Int32Array, seen: number) => number
  /** Numbers in `missing` of what would decide checks of an unknown outcome; the whole engine says it once for each. */
  readonly missingOf: (outcome: number) => readonly number[]
  readonly missing: readonly Missing[]
}

export function judgeOf(world: World, classes = classesOf(world)): Judge {
  const decide = decider(world, classes)
  const tuples = tupleTable()
  const outcomes: Outcome[] = []
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
      const { request, set } = askOf(parts, seen, world.estate, world.row.keys, world.iam)
      const made = evaluate(request, set).missing.map(numberOf)
      lists.set(number, made)
      return made
    },
    world,
    classes,
    outcomes,
    find(tuple, seen) {
      const [context = 0, principal = 0, network = 0, resource = 0, region = 0, action = 0] = tuple
      const number = tuples.find(context, principal, resource, action * 4 + seen, region * 65_536 + network)
      if (number === outcomes.length) {
        if (network >= 65_536 || region >= 16_384) throw bug('Too many classes of networks or regions.')
        outcomes.push(decide([...tuple], VIEWS[seen] as TrailView))
      }
      return number
    },
  }
}

/** Rows of a part that not every world allows; `WIDTH` numbers each. */
export interface Kept {
  rows: Uint32Array
  count: number
}

/**
 * Positions in a kept row, the first ones as in `CODE_COLUMNS`. The six parts (value numbers) begin at `PARTS_AT`,
 * outcomes of the worlds at `OUTCOME_AT`.
 */
export const AT = {
  shapeLo: 0,
  shapeHi: 1,
  several: 2,
  day: 3,
  seen: 4,
  calls: 5,
  first: 6,
  last: 7,
  already: 8,
  account: 9,
} as const
export const PARTS_AT = 10
export const OUTCOME_AT = PARTS_AT + PARTS.length
export const WIDTH = OUTCOME_AT + 2

export const whereOf = ({ since, until }: Period): string =>
  [
    'kind is not null',
    ...(since === null ? [] : [`day >= date ${quoted(since)}`]),
    ...(until === null ? [] : [`day <= date ${quoted(until)}`]),
  ].join(' and ')

const daysOf = ({ since, until }: Period): string =>
  [
    'true',
    ...(since === null ? [] : [`day >= date ${quoted(since)} - date '1970-01-01'`]),
    ...(until === null ? [] : [`day <= date ${quoted(until)} - date '1970-01-01'`]),
  ].join(' and ')

/** Asks every fact of a part; the hot loop: numbers alone, no object for a fact. */
export async function scanPart(
  reader: FactsReader,
  part: string,
  period: Period,
  values: Values,
  codes: Codes,
  judges: readonly Judge[],
  onRows: (rows: number) => void,
): Promise<Kept> {
  const kept: Kept = { rows: new Uint32Array(WIDTH * 1024), count: 0 }
  const askers = judges.map((judge, world) => askerOf(judge, values, codes, world))
  const outcome = new Int32Array(judges.length)
  const sql = `select ${CODE_COLUMNS.join(', ')} from read_parquet(${quoted(`${part}/codes.parquet`)}) where ${daysOf(period)}`
  await reader.numbers(sql, (columns, rows) => {
    const asked = PARTS.map((name) => columnOf(columns, name))
    const seen = columnOf(columns, 'seen')
    for (let i = 0; i < rows; i++) {
      let allowed = true
      for (let w = 0; w < askers.length; w++) {
        const found = (askers[w] as Asker)(asked, i, seen[i] as number)
        outcome[w] = found
        if (((judges[w] as Judge).outcomes[found] as Outcome).verdict !== ALLOWED) allowed = false
      }
      if (!allowed) keep(kept, columns, asked, i, values, codes, outcome)
    }
    onRows(rows)
  })
  return kept
}

const columnOf = (columns: readonly Uint32Array[], name: (typeof CODE_COLUMNS)[number]): Uint32Array =>
  columns[CODE_COLUMNS.indexOf(name)] as Uint32Array

/** Number of the outcome of row `i`; `asked` are the columns of `PARTS`. */
type Asker = (asked: readonly Uint32Array[], i: number, seen: number) => number

function askerOf(judge: Judge, values: Values, codes: Codes, world: number): Asker {
  const classOf = PARTS.map((name) =>
    classesIn((values.classOf[world] as Values['classOf'][0])[name].list, codes[name]),
  )
  const tuple = new Int32Array(PARTS.length).fill(-1)
  let [before, known] = [-1, -1]
  return (asked, i, seen) => {
    let same = seen === before
    for (let p = 0; p < PARTS.length; p++) {
      const here = (classOf[p] as Int32Array)[(asked[p] as Uint32Array)[i] as number] as number
      if (tuple[p] === here) continue
      tuple[p] = here
      same = false
    }
    // Facts lie sorted: many rows ask the same as the row before.
    if (same) return known
    before = seen
    known = judge.find(tuple, seen)
    return known
  }
}

const classesIn = (classes: Int32Array, codes: Int32Array): Int32Array =>
  codes.map((value) => classes[value] as number)

function keep(
  kept: Kept,
  columns: readonly Uint32Array[],
  asked: readonly Uint32Array[],
  i: number,
  values: Values,
  codes: Codes,
  outcome: Int32Array,
): void {
  const at = place(kept)
  const { rows } = kept
  for (let column = 0; column < AT.already; column++)
    rows[at + column] = (columns[column] as Uint32Array)[i] as number
  const error = codes.error[columnOf(columns, 'error')[i] as number] as number
  rows[at + AT.already] = values.deniedThen.list[error] as number
  rows[at + AT.account] = codes.account[columnOf(columns, 'account')[i] as number] as number
  for (let p = 0; p < PARTS.length; p++)
    rows[at + PARTS_AT + p] = codes[PARTS[p] as Part][(asked[p] as Uint32Array)[i] as number] as number
  for (let w = 0; w < outcome.length; w++) rows[at + OUTCOME_AT + w] = outcome[w] as number
}

/** Where the next kept row goes. */
function place(kept: Kept): number {
  const at = kept.count++ * WIDTH
  if (at + WIDTH > kept.rows.length) {
    const wider = new Uint32Array(kept.rows.length * 2)
    wider.set(kept.rows)
    kept.rows = wider
  }
  return at
}
