import { ONE, ONE_IN_PART, patternCodes, STAR, STAR_IN_PART, withinParts } from '../../policy/compile/glob.ts'
import { compileTemplate } from '../../policy/compile/template.ts'
import type { AtomRow } from './atoms.ts'

/**
 * All patterns of ARNs as one automaton over bytes, made as far as ARNs lead into it: an ARN is read once, whatever the
 * number of patterns, and only as far as any of them may still match.
 */
export interface ArnAutomaton {
  readonly start: number
  /** State after a byte below 128. */
  step(state: number, byte: number): number
  /** States after a byte as far as they are made (`128 * state + byte`), else -1; another array when it has grown. */
  readonly steps: () => Int32Array
  /** Whether no byte leads out of the state. */
  readonly isFinal: (state: number) => boolean
  /** ARNs that end in states of the same number match the same patterns. */
  matchesOf(state: number): number
  /** There are more states than it pays to keep: the next one stands for nothing. */
  readonly isFull: () => boolean
}

const MAX_STATES = 20_000
export const ASCII = 128
const COLON = 58

/** `null`: some pattern is not fixed (variables), or reads more than the ARN. */
export function arnAutomaton(row: AtomRow): ArnAutomaton | null {
  if (row.jointResource) return null
  const patterns = new Set<string>()
  for (const { policy, statement } of row.statements)
    for (const pattern of statement.resource?.patterns ?? []) {
      if (pattern === '*') continue
      if (policy.version === '2012-10-17' && compileTemplate(pattern) !== null) return null
      patterns.add(pattern)
    }
  return automatonOf([...patterns].map((pattern) => withinParts(patternCodes(pattern))))
}

/** Positions that each pattern can have reached; a pattern that nothing can change any more is `WON` or empty. */
type Positions = readonly (readonly number[])[]
const WON: readonly number[] = [-1]

export function automatonOf(patterns: readonly (readonly number[])[]): ArnAutomaton {
  const numbers = new Map<string, number>()
  const states: Positions[] = []
  const matches = new Map<string, number>()
  const matchOf: number[] = []
  const finals: boolean[] = []
  let next = new Int32Array(ASCII * 64).fill(-1)

  const numberOf = (positions: Positions): number => {
    const key = positions.map((one) => one.join()).join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = states.length
    numbers.set(key, number)
    states.push(positions)
    finals.push(positions.every((one) => one === WON || one.length === 0))
    matchOf.push(numberIn(matches, acceptsOf(patterns, positions)))
    if ((number + 1) * ASCII > next.length) {
      const wider = new Int32Array(next.length * 2).fill(-1)
      wider.set(next)
      next = wider
    }
    return number
  }

  const start = numberOf(patterns.map((codes) => settled(codes, spread(codes, [0]))))
  return {
    start,
    step(state, byte) {
      const known = next[state * ASCII + byte] as number
      if (known >= 0) return known
      const made = numberOf((states[state] as Positions).map((at, i) => advance(patterns[i] ?? [], at, byte)))
      next[state * ASCII + byte] = made
      return made
    },
    steps: () => next,
    isFinal: (state) => finals[state] === true,
    matchesOf: (state) => matchOf[state] as number,
    isFull: () => states.length >= MAX_STATES,
  }
}

function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text)
  if (known !== undefined) return known
  numbers.set(text, numbers.size)
  return numbers.size - 1
}

const acceptsOf = (patterns: readonly (readonly number[])[], positions: Positions): string =>
  positions.map((one, i) => (one === WON || one.includes(patterns[i]?.length ?? 0) ? '1' : '0')).join('')

/** Positions after a byte, as `matchCodes` of the policy engine steps through a pattern. */
function advance(codes: readonly number[], positions: readonly number[], byte: number): readonly number[] {
  if (positions === WON || positions.length === 0) return positions
  const next: number[] = []
  for (const at of positions) {
    const code = codes[at]
    if (code === undefined) continue
    if (code === STAR || (code === STAR_IN_PART && byte !== COLON)) next.push(at)
    else if (code === byte || code === ONE || (code === ONE_IN_PART && byte !== COLON)) next.push(at + 1)
  }
  return settled(codes, spread(codes, next))
}

/** A wildcard for any text may stand for no text. */
function spread(codes: readonly number[], positions: readonly number[]): readonly number[] {
  const all = new Set(positions)
  for (const at of all) if (codes[at] === STAR || codes[at] === STAR_IN_PART) all.add(at + 1)
  return [...all].sort((a, b) => a - b)
}

/** A star at the end takes all that comes. */
const settled = (codes: readonly number[], positions: readonly number[]): readonly number[] =>
  codes.at(-1) === STAR && positions.includes(codes.length - 1) ? WON : positions
