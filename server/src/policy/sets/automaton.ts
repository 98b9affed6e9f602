import { type Codes, ONE, ONE_IN_PART, STAR, STAR_IN_PART } from '../compile/glob.ts'
import { type Budget, spend } from './budget.ts'
import { idOf, type PatternSet } from './pattern-set.ts'

/**
 * A set of texts as a deterministic automaton whose states are made when they are first reached. A state is the list of
 * places in the patterns that the text so far can have reached.
 */
export interface Automaton {
  readonly start: number
  next(state: number, code: number): number
  accepts(state: number): boolean
  /** No continuation changes whether the text is in the set. */
  isSettled(state: number): boolean
}

const COLON = 58
/** A place of a state costs about as much as so many known transitions: it is found, sorted, and written into the state's key. */
const PLACE_COST = 5
/** Of each question its own, so that what an answer costs does not hang on what was asked before, and its memory goes with it. */
const REMEMBERED = new WeakMap<Budget, Map<number, Automaton>>()

export function automatonOf(set: PatternSet, budget: Budget): Automaton {
  const own = REMEMBERED.get(budget) ?? new Map<number, Automaton>()
  REMEMBERED.set(budget, own)
  const key = idOf(set)
  const known = own.get(key)
  if (known !== undefined) return known
  const created = createAutomaton(set, budget)
  own.set(key, created)
  return created
}

/** All patterns in one row: each place is a number, and the next place of a pattern is the next number. */
interface Places {
  /** What stands at each place; `END` behind a pattern. */
  readonly codes: Int32Array
  /** The first place of each place's pattern. */
  readonly firsts: Int32Array
}
const END = -5

interface State {
  readonly places: readonly number[]
  readonly accepts: boolean
  readonly isSettled: boolean
  readonly next: Map<number, number>
}

function createAutomaton({ patterns, negated, fold }: PatternSet, budget: Budget): Automaton {
  const row = placesOf(patterns)
  spend(budget, row.codes.length)
  const states: State[] = []
  const byKey = new Map<string, number>()
  const stateOf = (reached: readonly number[]): number => {
    const places = reduced(reached, row)
    spend(budget, PLACE_COST * (reached.length + places.length))
    const key = places.join()
    const known = byKey.get(key)
    if (known !== undefined) return known
    const isSettled = places.length === 0 || places.some((at) => isFinalStar(at, row))
    const accepts = places.some((at) => atEnd(at, row)) !== negated
    states.push({ places, accepts, isSettled, next: new Map() })
    byKey.set(key, states.length - 1)
    return states.length - 1
  }
  const start = stateOf(startsOf(patterns))
  return {
    start,
    next(id, given) {
      const state = states[id] as State
      const code = fold ? lower(given) : given
      const known = state.next.get(code)
      if (known !== undefined) return known
      const found = stateOf(state.places.flatMap((place) => step(place, code, row) ?? []))
      spend(budget, state.places.length)
      state.next.set(code, found)
      return found
    },
    accepts: (id) => (states[id] as State).accepts,
    isSettled: (id) => (states[id] as State).isSettled,
  }
}

function placesOf(patterns: readonly Codes[]): Places {
  const length = patterns.reduce((sum, pattern) => sum + pattern.length + 1, 0)
  const [codes, firsts] = [new Int32Array(length), new Int32Array(length)]
  let at = 0
  for (const pattern of patterns) {
    firsts.fill(at, at, at + pattern.length + 1)
    codes.set(pattern, at)
    at += pattern.length + 1
    codes[at - 1] = END
  }
  return { codes, firsts }
}

function startsOf(patterns: readonly Codes[]): readonly number[] {
  let at = 0
  return patterns.map((pattern) => {
    const start = at
    at += pattern.length + 1
    return start
  })
}

const atEnd = (place: number, { codes }: Places): boolean =>
  codes[place] === END || (codes[place] === STAR && codes[place + 1] === END)
const isFinalStar = (place: number, { codes }: Places): boolean =>
  codes[place] === STAR && codes[place + 1] === END

/**
 * The places that decide what follows, in order. Stars may stand for nothing, so the place behind one is reached, too. Behind a
 * star that takes everything, the places before it in the same pattern add nothing: what they would still match, it takes. And
 * where a star ends a pattern, nothing else matters.
 */
function reduced(reached: readonly number[], row: Places): readonly number[] {
  const all = withSkipped(reached, row).sort((a, b) => a - b)
  const final = all.find((at) => isFinalStar(at, row))
  if (final !== undefined) return [final]
  const kept: number[] = []
  let star: number | null = null
  for (let i = all.length - 1; i >= 0; i--) {
    const at = all[i] ?? 0
    if (star !== null && row.firsts[at] === row.firsts[star]) continue
    kept.push(at)
    star = row.codes[at] === STAR ? at : null
  }
  return kept.reverse()
}

function withSkipped(reached: readonly number[], { codes }: Places): number[] {
  const all = new Set(reached)
  for (const at of all) if (codes[at] === STAR || codes[at] === STAR_IN_PART) all.add(at + 1)
  return [...all]
}

function step(place: number, code: number, { codes }: Places): number | undefined {
  const wanted = codes[place]
  if (wanted === STAR || (wanted === STAR_IN_PART && code !== COLON)) return place
  if (wanted === code || wanted === ONE || (wanted === ONE_IN_PART && code !== COLON)) return place + 1
  return undefined
}

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)

export function contains(set: PatternSet, codes: Codes, budget: Budget): boolean {
  const automaton = automatonOf(set, budget)
  spend(budget, codes.length)
  let state = automaton.start
  for (const code of codes) {
    if (budget.exceeded || automaton.isSettled(state)) break
    state = automaton.next(state, code)
  }
  return automaton.accepts(state)
}
