import { ONE, ONE_IN_PART, patternCodes, STAR, STAR_IN_PART, withinParts } from '../../policy/compile/glob.ts'
import { compileTemplate } from '../../policy/compile/template.ts'
import type { AtomRow } from './atoms.ts'
import type { Kernel } from './kernel.ts'
import { ASCII, AUTOMATON, MAX_STATES } from './structures.ts'

/**
 * All patterns of ARNs as one automaton over bytes, made as far as ARNs lead into it: an ARN is read once, whatever the
 * number of patterns, and only as far as any of them may still match. Its states are in the memory of a kernel.
 */
export interface ArnAutomaton {
  /** Place of the automaton in the kernel. */
  readonly at: number
  readonly start: number
  /** State after a byte below 128. */
  step(state: number, byte: number): number
  /** ARNs that end in states of the same number match the same patterns. */
  matchesOf(state: number): number
  /** There are more states than it pays to keep: the next one stands for nothing. */
  readonly isFull: () => boolean
}

const COLON = 58

/** `null`: some pattern is not fixed (variables), or reads more than the ARN. */
export function arnAutomaton(row: AtomRow, kernel: Kernel): ArnAutomaton | null {
  if (row.jointResource) return null
  const patterns = new Set<string>()
  for (const { policy, statement } of row.statements)
    for (const pattern of statement.resource?.patterns ?? []) {
      if (pattern === '*') continue
      if (policy.version === '2012-10-17' && compileTemplate(pattern) !== null) return null
      patterns.add(pattern)
    }
  return automatonOf(
    [...patterns].map((pattern) => withinParts(patternCodes(pattern))),
    kernel,
  )
}

/** Positions that each pattern can have reached; a pattern that nothing can change any more is `WON` or empty. */
type Positions = readonly (readonly number[])[]
const WON: readonly number[] = [-1]

export function automatonOf(patterns: readonly (readonly number[])[], kernel: Kernel): ArnAutomaton {
  const numbers = new Map<string, number>()
  const states: Positions[] = []
  const matches = new Map<string, number>()
  const { wasm } = kernel
  const at = wasm.newAutomaton() >>> 0
  // The first fields of the structure say where the tables stand: they move when these grow.
  const { next, finals, matches: matchOf, start: first } = AUTOMATON.at
  const place = (table: number) => kernel.field(at, table)

  const numberOf = (positions: Positions): number => {
    const key = positions.map((one) => one.join()).join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = states.length
    numbers.set(key, number)
    states.push(positions)
    wasm.fitAutomaton(at, number + 1)
    kernel.bytes()[place(finals) + number] = positions.every((one) => one === WON || one.length === 0) ? 1 : 0
    kernel.ints()[place(matchOf) / 4 + number] = numberIn(matches, acceptsOf(patterns, positions))
    return number
  }

  const start = numberOf(patterns.map((codes) => settled(codes, spread(codes, [0]))))
  kernel.put(at, first, start)
  return {
    at,
    start,
    step(state, byte) {
      const step = state * ASCII + byte
      const known = kernel.ints()[place(next) / 4 + step] as number
      if (known > 0) return known - 1
      const made = numberOf((states[state] as Positions).map((at, i) => advance(patterns[i] ?? [], at, byte)))
      kernel.ints()[place(next) / 4 + step] = made + 1
      return made
    },
    matchesOf: (state) => kernel.ints()[place(matchOf) / 4 + state] as number,
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
