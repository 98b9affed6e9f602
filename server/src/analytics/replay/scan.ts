import { bug } from '../../kernel/errors.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import type { Missing } from '../../policy/decision.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import { VIEWS } from '../trail/collect.ts'
import { tupleTable } from '../trail/intern.ts'
import { askOf, PARTS } from './check.ts'
import { type Classes, classesOf, type World } from './classes.ts'
import { ALLOWED, decider, type Outcome } from './decide.ts'
import { type FactsReader, quoted } from './read.ts'
import type { Values } from './values.ts'

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

/** Positions in a kept row. The six parts (value numbers) begin at `PARTS_AT`, outcomes of the worlds at `OUTCOME_AT`. */
export const AT = {
  shapeLo: 0,
  shapeHi: 1,
  day: 2,
  calls: 3,
  first: 4,
  last: 5,
  already: 6,
  account: 7,
} as const
export const PARTS_AT = 8
export const OUTCOME_AT = PARTS_AT + PARTS.length
export const WIDTH = OUTCOME_AT + 2

const COLUMNS = [
  'shape',
  ...PARTS.map((part) => `coalesce(${part}, 0)`),
  'coalesce(account, 0)',
  'coalesce(error, 0)',
  'count',
  'epoch(first)::ubigint * 4294967296 + epoch(last)::ubigint',
  `(day - date '1970-01-01')::ubigint * 4294967296 + case seen when 1 then 1 when 2 then 2 else 0 end`,
]

export const factsOf = (part: string) => `read_parquet(${quoted(`${part}/facts.parquet`)})`

export const whereOf = ({ since, until }: Period): string =>
  [
    'kind is not null',
    ...(since === null ? [] : [`day >= date ${quoted(since)}`]),
    ...(until === null ? [] : [`day <= date ${quoted(until)}`]),
  ].join(' and ')

/** Asks every fact of a part; the hot loop: numbers alone, no object for a fact. */
export async function scanPart(
  reader: FactsReader,
  part: string,
  period: Period,
  values: Values,
  judges: readonly Judge[],
  onRows: (rows: number) => void,
): Promise<Kept> {
  const kept: Kept = { rows: new Uint32Array(WIDTH * 1024), count: 0 }
  const value = new Int32Array(PARTS.length)
  const last = new Float64Array(2 * PARTS.length).fill(-1)
  const tuple = new Int32Array(PARTS.length)
  const outcome = new Int32Array(judges.length)
  const tables = PARTS.map((name) => values.ids[name])
  const classOf = judges.map((_, world) =>
    PARTS.map((name) => (values.classOf[world] as Values['classOf'][0])[name]),
  )
  const columns = COLUMNS.map((column) => `cast(${column} as ubigint)`).join(', ')
  await reader.numbers(`select ${columns} from ${factsOf(part)} where ${whereOf(period)}`, (column, rows) => {
    const account = 1 + PARTS.length
    for (let i = 0; i < rows; i++) {
      const [lo, hi] = [2 * i, 2 * i + 1]
      for (let p = 0; p < PARTS.length; p++) {
        const ids = column[1 + p] as Uint32Array
        const [low, high] = [ids[lo] as number, ids[hi] as number]
        // Facts lie sorted: most rows repeat values of the row before.
        if (low === last[2 * p] && high === last[2 * p + 1]) continue
        last[2 * p] = low
        last[2 * p + 1] = high
        value[p] = (tables[p] as (typeof tables)[0]).find(low, high)
      }
      const bits = column[account + 4] as Uint32Array
      let allowed = true
      for (let w = 0; w < judges.length; w++) {
        const judge = judges[w] as Judge
        const classes = classOf[w] as Int32Array[]
        for (let p = 0; p < PARTS.length; p++)
          tuple[p] = (classes[p] as Int32Array)[value[p] as number] as number
        outcome[w] = judge.find(tuple, bits[lo] as number)
        if ((judge.outcomes[outcome[w] as number] as Outcome).verdict !== ALLOWED) allowed = false
      }
      if (allowed) continue
      const at = place(kept)
      const row = kept.rows
      const of = (index: number, half: number) => (column[index] as Uint32Array)[half] as number
      row[at + AT.shapeLo] = of(0, lo)
      row[at + AT.shapeHi] = of(0, hi)
      row[at + AT.day] = bits[hi] as number
      row[at + AT.calls] = of(account + 2, lo)
      row[at + AT.first] = of(account + 3, hi)
      row[at + AT.last] = of(account + 3, lo)
      row[at + AT.already] =
        values.deniedThen[values.ids.error.find(of(account + 1, lo), of(account + 1, hi))] ?? 0
      row[at + AT.account] = values.ids.account.find(of(account, lo), of(account, hi))
      for (let p = 0; p < PARTS.length; p++) row[at + PARTS_AT + p] = value[p] as number
      for (let w = 0; w < judges.length; w++) row[at + OUTCOME_AT + w] = outcome[w] as number
    }
    onRows(rows)
  })
  return kept
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
