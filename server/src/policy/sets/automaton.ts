import { type Codes, ONE, ONE_IN_PART, STAR, STAR_IN_PART } from '../compile/glob.ts'
import { idOf, type PatternSet } from './pattern-set.ts'

/**
 * A set of texts as a deterministic automaton whose states are made when they are first reached. A state is the list of
 * places in the patterns that the text so far can have reached.
 */
export interface Automaton {
  readonly start: number
  /** States that were made so far: the costly part of the work. */
  size(): number
  next(state: number, code: number): number
  accepts(state: number): boolean
  /** No continuation changes whether the text is in the set. */
  isSettled(state: number): boolean
}

const COLON = 58
const REMEMBERED = new Map<number, Automaton>()
const MAX_REMEMBERED = 2_000

export function automatonOf(set: PatternSet): Automaton {
  const key = idOf(set)
  const known = REMEMBERED.get(key)
  if (known !== undefined) return known
  if (REMEMBERED.size >= MAX_REMEMBERED) REMEMBERED.clear()
  const created = createAutomaton(set)
  REMEMBERED.set(key, created)
  return created
}

interface Place {
  readonly pattern: Codes
  readonly at: number
}

interface State {
  readonly places: readonly number[]
  readonly accepts: boolean
  readonly next: Map<number, number>
}

function createAutomaton({ patterns, negated, fold }: PatternSet): Automaton {
  const places: readonly Place[] = patterns.flatMap((pattern) =>
    Array.from({ length: pattern.length + 1 }, (_, at) => ({ pattern, at })),
  )
  const states: State[] = []
  const byKey = new Map<string, number>()
  const stateOf = (reached: ReadonlySet<number>): number => {
    const list = [...withSkipped(reached, places)].sort((a, b) => a - b)
    const key = list.join()
    const known = byKey.get(key)
    if (known !== undefined) return known
    const accepts = list.some((i) => atEnd(places[i])) !== negated
    states.push({ places: list, accepts, next: new Map() })
    byKey.set(key, states.length - 1)
    return states.length - 1
  }
  const starts: number[] = []
  for (let i = 0, first = 0; i < patterns.length; i++) {
    starts.push(first)
    first += (patterns[i]?.length ?? 0) + 1
  }
  const start = stateOf(new Set(starts))
  return {
    start,
    size: () => states.length,
    next(id, given) {
      const state = states[id] as State
      const code = fold ? lower(given) : given
      const known = state.next.get(code)
      if (known !== undefined) return known
      const found = stateOf(new Set(state.places.flatMap((place) => step(place, code, places) ?? [])))
      state.next.set(code, found)
      return found
    },
    accepts: (id) => (states[id] as State).accepts,
    isSettled: (id) => {
      const { places: list } = states[id] as State
      return (
        list.length === 0 ||
        list.some(
          (i) => places[i]?.at === (places[i]?.pattern.length ?? 0) - 1 && places[i]?.pattern.at(-1) === STAR,
        )
      )
    },
  }
}

const atEnd = (place: Place | undefined): boolean => place !== undefined && place.at === place.pattern.length

/** Stars may stand for nothing. */
function withSkipped(reached: ReadonlySet<number>, places: readonly Place[]): ReadonlySet<number> {
  const all = new Set(reached)
  for (const i of all) {
    const code = places[i]?.pattern[places[i]?.at ?? 0]
    if (code === STAR || code === STAR_IN_PART) all.add(i + 1)
  }
  return all
}

function step(place: number, code: number, places: readonly Place[]): number | undefined {
  const { pattern, at } = places[place] as Place
  const wanted = pattern[at]
  if (wanted === undefined) return undefined
  if (wanted === STAR || (wanted === STAR_IN_PART && code !== COLON)) return place
  if (wanted === code || wanted === ONE || (wanted === ONE_IN_PART && code !== COLON)) return place + 1
  return undefined
}

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)

export function contains(set: PatternSet, codes: Codes): boolean {
  const automaton = automatonOf(set)
  let state = automaton.start
  for (const code of codes) state = automaton.next(state, code)
  return automaton.accepts(state)
}
