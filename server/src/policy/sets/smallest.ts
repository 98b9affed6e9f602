import { type Codes, codesOf } from '../compile/glob.ts'
import { type Automaton, automatonOf, contains } from './automaton.ts'
import { type Budget, spend } from './budget.ts'
import { idOf, isAll, isNone, type PatternSet } from './pattern-set.ts'

/**
 * The shortest text that is in all of the sets, and of those the first in the order of `LETTERS`; `null` when there is none.
 * Exact: every text behaves like one over the characters of the patterns and one fresh character.
 */
export function smallestIn(sets: readonly PatternSet[], budget: Budget): string | null {
  if (sets.some(isNone)) return null
  const wanted = unique(sets.filter((set) => !isAll(set)))
  const finite = wanted.find(isFiniteSet)
  if (finite !== undefined) return smallestOf(finite.patterns, wanted, budget)
  return search(wanted, budget)
}

function unique(sets: readonly PatternSet[]): readonly PatternSet[] {
  return [...new Map(sets.map((set) => [idOf(set), set])).values()]
}

const isFiniteSet = ({ patterns, negated, fold }: PatternSet): boolean =>
  !negated && !fold && patterns.every((codes) => codes.every((code) => code >= 0))

/** Nothing once the budget is exceeded: what is said of a text then is no answer. */
function smallestOf(texts: readonly Codes[], sets: readonly PatternSet[], budget: Budget): string | null {
  const isInAll = (codes: Codes) =>
    spend(budget) && sets.every((set) => contains(set, codes, budget)) && !budget.exceeded
  const found = texts.filter(isInAll).map(textOf)
  return found.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null
}

const textOf = (codes: Codes): string => codes.map((code) => String.fromCodePoint(code)).join('')

/** Where a path through the product of the automata stands. */
interface Node {
  readonly states: readonly number[]
  readonly code: number
  readonly before: Node | null
}

function search(sets: readonly PatternSet[], budget: Budget): string | null {
  const automata = sets.map((set) => automatonOf(set, budget))
  const alphabet = alphabetOf(sets)
  const start: Node = { states: automata.map((one) => one.start), code: -1, before: null }
  const seen = new Set([start.states.join()])
  let front: readonly Node[] = [start]
  while (front.length > 0) {
    const found = front.find(({ states }) => automata.every((one, i) => one.accepts(states[i] ?? 0)))
    if (found !== undefined) return textTo(found)
    const next: Node[] = []
    for (const node of front)
      for (const code of alphabet) {
        const states = automata.map((one, i) => one.next(node.states[i] ?? 0, code))
        if (!spend(budget, NODE_COST + automata.length)) return null
        const key = states.join()
        if (seen.has(key) || isHopeless(states, automata)) continue
        seen.add(key)
        next.push({ states, code, before: node })
      }
    front = next
  }
  return null
}

/** What a place in the product costs beside its automata: its key, and the look whether it was seen. */
const NODE_COST = 5

const isHopeless = (states: readonly number[], automata: readonly Automaton[]): boolean =>
  automata.some((one, i) => one.isSettled(states[i] ?? 0) && !one.accepts(states[i] ?? 0))

function textTo(node: Node): string {
  const codes: number[] = []
  for (let at: Node | null = node; at !== null && at.before !== null; at = at.before) codes.push(at.code)
  return textOf(codes.reverse())
}

const LETTERS = codesOf('abcdefghijklmnopqrstuvwxyz0123456789')
const COLON = 58

/** The characters of the patterns and one fresh character, which stands for all others. */
function alphabetOf(sets: readonly PatternSet[]): readonly number[] {
  const own = new Set<number>([COLON])
  for (const set of sets) for (const code of lettersOf(set)) own.add(code)
  const fresh = LETTERS.find((code) => !own.has(code)) ?? freshCode(own)
  return [...own, fresh].sort((a, b) => rank(a) - rank(b))
}

const KNOWN_LETTERS = new WeakMap<PatternSet, ReadonlySet<number>>()

function lettersOf(set: PatternSet): ReadonlySet<number> {
  const known = KNOWN_LETTERS.get(set)
  if (known !== undefined) return known
  const letters = new Set(set.patterns.flat().filter((code) => code >= 0))
  if (set.fold) for (const code of [...letters]) if (code >= 97 && code <= 122) letters.add(code - 32)
  KNOWN_LETTERS.set(set, letters)
  return letters
}

/** Letters and digits first: the smallest text should look like what people write. */
function rank(code: number): number {
  const position = LETTERS.indexOf(code)
  return position >= 0 ? position : LETTERS.length + code
}

function freshCode(own: ReadonlySet<number>): number {
  let code = 0x3042
  while (own.has(code)) code++
  return code
}
