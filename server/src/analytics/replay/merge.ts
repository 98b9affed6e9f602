import type { Missing } from '../../policy/decision.ts'
import { PARTS, type Part } from './check.ts'
import type { PackedClass } from './classes.ts'
import type { ExemptCalls } from './exempt.ts'
import type { Judge } from './scan.ts'
import type { Share } from './share.ts'
import { SORTS, type Sort, TABLES, type Tallies } from './sorts.ts'
import type { TallyColumns } from './tally.ts'

/**
 * A share as plain data, which goes from thread to thread. Numbers in it (of names, outcomes, samples …) are those of its
 * thread; `addShare` gives them those of another one.
 */
export interface PackedShare {
  readonly worlds: readonly PackedWorld[]
  readonly callers: readonly string[]
  readonly actions: readonly string[]
  readonly accounts: readonly string[]
  /** Two halves of each id. */
  readonly resources: Uint32Array
  readonly places: Int32Array
  readonly sorted: Readonly<Record<Sort, Readonly<Record<keyof Tallies, TallyColumns>>>>
  /** One after the other, `width` numbers each. */
  readonly samples: Int32Array
  readonly exempt: ExemptCalls
}

interface PackedWorld {
  readonly missing: readonly Missing[]
  /** Outcomes that the result speaks of, with what they were found by: a class of each part, and the view. */
  readonly outcomes: readonly number[]
  readonly asked: readonly ReturnType<Judge['askedFor']>[]
  /** Classes of these outcomes, by their numbers. */
  readonly classes: Readonly<Record<Part, ReadonlyMap<number, PackedClass>>>
}

export function packed({ judges, values, sorted, samples, exempt }: Share): PackedShare {
  return {
    worlds: judges.map((judge, world) =>
      packedWorld(judge, [...outcomesIn(samples.rows(), samples.width, world)]),
    ),
    callers: values.callers.list,
    actions: values.actions.list,
    accounts: values.accounts.list,
    resources: values.resources.halves().slice(),
    places: values.resources.places().slice(),
    sorted: byName(SORTS, (sort) => byName(TABLES, (table) => sorted[sort][table].columns())),
    samples: samples.rows().slice(),
    exempt,
  }
}

/** Outcomes of a world that samples have. The last numbers of a sample are its outcomes, one of each world. */
function outcomesIn(rows: Int32Array, width: number, world: number): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at = PLACE_AND_CODES + world; at < rows.length; at += width) found.add(rows[at] as number)
  return found
}

const PLACE_AND_CODES = 2 + PARTS.length

const byName = <N extends string, T>(names: readonly N[], make: (name: N) => T): Readonly<Record<N, T>> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>

/** The key of a group of unknown calls is an outcome, too: that of its sample. */
function packedWorld(judge: Judge, outcomes: readonly number[]): PackedWorld {
  const asked = outcomes.map(judge.askedFor)
  return {
    missing: judge.missing,
    outcomes,
    asked,
    classes: byName(PARTS, (part) => {
      const numbers = new Set(asked.map(({ classes }) => classes[PARTS.indexOf(part)] as number))
      return new Map([...numbers].map((number) => [number, judge.classes.packed(part, number)]))
    }),
  }
}

/**
 * Adds the share of another thread. When its parts come after those that `into` has, all is as if one thread had asked
 * them one after the other: the same order, the same samples.
 */
export function addShare(into: Share, from: PackedShare): void {
  const { values, judges } = into
  for (const [reason, calls] of from.exempt) into.exempt.set(reason, (into.exempt.get(reason) ?? 0) + calls)
  const outcomeOf = judges.map((judge, world) => outcomeNumbers(judge, from.worlds[world] as PackedWorld))
  const missing = judges.map(({ missingNumber }, world) =>
    (from.worlds[world] as PackedWorld).missing.map(missingNumber),
  )
  const callers = from.callers.map(values.callers.numberOf)
  const actions = from.actions.map(values.actions.numberOf)
  const accounts = from.accounts.map(values.accounts.numberOf)
  const resources = resourceNumbers(into, from)
  const same = (number: number) => number
  const numberIn = (numbers: ArrayLike<number>) => (number: number) => numbers[number] as number
  const addSample = (number: number) => {
    const { samples } = into
    const at = samples.add()
    const rows = samples.rows()
    rows.set(from.samples.subarray(number * samples.width, (number + 1) * samples.width), at)
    for (const [world, numbers] of outcomeOf.entries()) {
      const outcome = at + PLACE_AND_CODES + world
      rows[outcome] = numbers.get(rows[outcome] as number) as number
    }
  }
  for (const sort of SORTS) {
    const names: Readonly<Record<Exclude<keyof Tallies, 'group'>, (number: number) => number>> = {
      total: same,
      day: same,
      account: numberIn(accounts),
      principal: numberIn(callers),
      action: numberIn(actions),
      resource: numberIn(resources),
      statement: sort === 'unknown' ? numberIn(missing[0] ?? []) : same,
    }
    for (const table of TABLES)
      if (table !== 'group') addColumns(into.sorted[sort][table], from.sorted[sort][table], names[table])
    const why = sort === 'unknown' ? (number: number) => outcomeOf[0]?.get(number) as number : same
    const { group } = into.sorted[sort]
    const columns = from.sorted[sort].group
    for (let i = 0; i < columns.calls.length; i++) {
      const caller = callers[columns.keys[3 * i] as number] as number
      const action = actions[columns.keys[3 * i + 1] as number] as number
      const decides = why(columns.keys[3 * i + 2] as number)
      const groups = group.size()
      const [calls, already] = [columns.calls[i] as number, columns.already[i] as number]
      const [first, last] = [columns.firsts[i] as number, columns.lasts[i] as number]
      group.add(calls, already, first, last, into.samples.size(), caller, action, decides)
      if (group.size() > groups) addSample(columns.rows[i] as number)
    }
  }
}

function outcomeNumbers(judge: Judge, world: PackedWorld): ReadonlyMap<number, number> {
  const tuple = new Int32Array(PARTS.length)
  const numbers = world.asked.map(({ classes, seen }) => {
    for (const [place, part] of PARTS.entries()) {
      const one = world.classes[part].get(classes[place] as number) as PackedClass
      tuple[place] = judge.classes.adopt(part, one)
    }
    return judge.find(tuple, seen)
  })
  return new Map(world.outcomes.map((outcome, at) => [outcome, numbers[at] as number]))
}

function resourceNumbers({ values }: Share, { resources, places }: PackedShare): Int32Array {
  const numbers = new Int32Array(resources.length / 2)
  const [ids, at] = [resources, places]
  for (let i = 0, j = 0; i < numbers.length; i++, j += 2) {
    const [low, high] = [ids[j] as number, ids[j + 1] as number]
    numbers[i] = values.resources.add(low, high, at[j] as number, at[j + 1] as number)
  }
  return numbers
}

function addColumns(
  into: Tallies[keyof Tallies],
  { keys, calls, already, firsts, lasts }: TallyColumns,
  numberOf: (number: number) => number,
): void {
  for (let i = 0; i < calls.length; i++) {
    const key = numberOf(keys[3 * i] as number)
    const [n, denied] = [calls[i] as number, already[i] as number]
    into.add(n, denied, firsts[i] as number, lasts[i] as number, -1, key, 0, 0)
  }
}
