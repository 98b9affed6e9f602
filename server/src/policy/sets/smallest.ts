import { type Codes, codesOf } from '../compile/glob.ts'
import { type Automaton, automatonOf, contains } from './automaton.ts'
import { idOf, isAll, isNone, type PatternSet } from './pattern-set.ts'

/** How much work a question may cost. Once it is exceeded an empty answer proves nothing any more. */
export interface Budget {
  steps: number
  exceeded: boolean
}

export const budgetOf = (steps: number): Budget => ({ steps, exceeded: false })

/** Spends one step; false when there is none left. */
export function spend(budget: Budget, steps = 1): boolean {
  budget.steps -= steps
  if (budget.steps < 0) budget.exceeded = true
  return !budget.exceeded
}

/**
 * The shortest text that is in all of the sets, and of those the first in the order of `LETTERS`; `null` when there is none.
 * Exact: every text behaves like one over the characters of the patterns and one fresh character.
 */
export function smallestIn(sets: readonly PatternSet[], budget: Budget): string | null {
  if (sets.some(isNone)) return null
  const wanted = unique(sets.filter((set) => !isAll(set)))
  const finite = wanted.find(isFiniteSet)
  if (finite !== undefined) return smallestOf(finite.patterns, wanted)
  return search(wanted, budget)
}

function unique(sets: readonly PatternSet[]): readonly PatternSet[] {
  return [...new Map(sets.map((set) => [idOf(set), set])).values()]
}

const isFiniteSet = ({ patterns, negated, fold }: PatternSet): boolean =>
  !negated && !fold && patterns.every((codes) => codes.every((code) => code >= 0))

function smallestOf(texts: readonly Codes[], sets: readonly PatternSet[]): string | null {
  const found = texts.filter((codes) => sets.every((set) => contains(set, codes))).map(textOf)
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
  const automata = sets.map(automatonOf)
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
        const before = sizeOf(automata)
        const states = automata.map((one, i) => one.next(node.states[i] ?? 0, code))
        if (!spend(budget, 1 + STATE_COST * (sizeOf(automata) - before))) return null
        const key = states.join()
        if (seen.has(key) || isHopeless(states, automata)) continue
        seen.add(key)
        next.push({ states, code, before: node })
      }
    front = next
  }
  return null
}

/** A new state of an automaton costs about as much as so many known ones. */
const STATE_COST = 20
const sizeOf = (automata: readonly Automaton[]): number => automata.reduce((sum, one) => sum + one.size(), 0)

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
