import { ipContains, parseIp } from '../condition/ip.ts'
import { OPERATORS } from '../condition/operators.ts'
import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, PatternElement } from '../policies.ts'
import { includes } from '../sets/algebra.ts'
import { type Budget, spend } from '../sets/budget.ts'
import { conditionId } from '../sets/entry.ts'
import { actions, arnPattern, globs, type PatternSet, resources } from '../sets/pattern-set.ts'
import { type Piece, versionFor } from './piece.ts'

/** Without patterns, values and conditions that say nothing more than their neighbours. Every request is decided the same. */
export function slimmed(piece: Piece, budget: Budget): Piece {
  const { action, resource, conditions, version } = piece
  const seen = new Set<string>()
  const own = conditions.filter((one) => {
    const id = conditionId(one, version)
    return !seen.has(id) && seen.add(id)
  })
  const less: Piece = {
    ...piece,
    action: slimPatterns(action, (text) => actions([text], false), budget),
    resource: resource === null ? null : slimPatterns(resource, (text) => resources([text], false), budget),
    conditions: own.map((condition) => slimValues(condition, budget)),
  }
  return { ...less, version: versionFor(version, less.resource, less.conditions) }
}

function slimPatterns(element: PatternElement, setOf: SetOf, budget: Budget): PatternElement {
  if (element.patterns.includes('*')) return { ...element, patterns: ['*'] }
  return { ...element, patterns: slimGlobs(element.patterns, setOf, budget) }
}

/** `null`: what the text takes is not known, or nothing. */
type SetOf = (text: string) => PatternSet | null

/** To look two sets up, and what they are compared with, before any text is tried. */
const COMPARE_COST = 50

/**
 * What `wide` matches begins and ends with its text before the first and after the last wildcard, so whatever it covers does, too.
 * Comparing these first leaves few pairs to the automata: lists of AWS's own policies have thousands of actions.
 */
function slimGlobs(texts: readonly string[], setOf: SetOf, budget: Budget): readonly string[] {
  // Each is compared with many: what it takes is made once.
  const known = new Map(
    texts.map((text) => [
      text,
      { ...endsOf(text.toLowerCase()), set: hasVariable(text) ? null : setOf(text) },
    ]),
  )
  const covers = (wide: string, narrow: string) => {
    const [w, n] = [known.get(wide), known.get(narrow)]
    if (!w?.set || !n?.set || w.isLiteral) return false
    if (!n.head.startsWith(w.head) || !n.tail.endsWith(w.tail)) return false
    return spend(budget, COMPARE_COST) && includes(w.set, n.set, budget) === true
  }
  return slim(texts, covers, budget)
}

function endsOf(text: string): { readonly head: string; readonly tail: string; readonly isLiteral: boolean } {
  const [head = ''] = text.split(/[*?]/, 1)
  const tail = text.slice(1 + Math.max(text.lastIndexOf('*'), text.lastIndexOf('?')))
  return { head, tail, isLiteral: head === text }
}

/** Texts that no other text covers, as far as the budget goes; of texts that cover each other the first stays. */
export function slim(
  texts: readonly string[],
  covers: (wide: string, narrow: string) => boolean,
  budget: Budget,
): readonly string[] {
  const unique = [...new Set(texts)]
  return unique.filter(
    (text, i) =>
      !spend(budget, PAIR_COST * unique.length) ||
      !unique.some((other, j) => j !== i && covers(other, text) && (j < i || !covers(text, other))),
  )
}

/** To compare the ends of two texts. */
const PAIR_COST = 2

function slimValues(condition: ConditionElement, budget: Budget): ConditionElement {
  const { operator, values } = condition
  const { type } = OPERATORS[operator.name]
  if (type === 'pattern') return { ...condition, values: slimGlobs(values, (text) => globs([text]), budget) }
  if (type === 'arn') return { ...condition, values: slimGlobs(values, arnSet, budget) }
  if (type === 'ip') return { ...condition, values: slimRanges(values, budget) }
  return { ...condition, values: [...new Set(values)] }
}

function arnSet(text: string): PatternSet | null {
  const pattern = arnPattern(text)
  return pattern === null ? null : { patterns: [pattern], negated: false, fold: false }
}

function slimRanges(texts: readonly string[], budget: Budget): readonly string[] {
  const ranges = new Map(texts.map((text) => [text, parseIp(text)]))
  const covers = (wide: string, narrow: string) => {
    const [a, b] = [ranges.get(wide), ranges.get(narrow)]
    return a != null && b != null && ipContains(a, b)
  }
  return slim(texts, covers, budget)
}
