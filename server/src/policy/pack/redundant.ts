import { ipContains, parseIp } from '../condition/ip.ts'
import { OPERATORS } from '../condition/operators.ts'
import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, PatternElement } from '../policies.ts'
import { includes } from '../sets/algebra.ts'
import { conditionId } from '../sets/entry.ts'
import { actions, arnPattern, globs, type PatternSet, resources } from '../sets/pattern-set.ts'
import { type Piece, versionFor } from './piece.ts'

/** Without patterns, values and conditions that say nothing more than their neighbours. Every request is decided the same. */
export function slimmed(piece: Piece): Piece {
  const { action, resource, conditions, version } = piece
  const seen = new Set<string>()
  const own = conditions.filter((one) => {
    const id = conditionId(one, version)
    return !seen.has(id) && seen.add(id)
  })
  const less: Piece = {
    ...piece,
    action: slimPatterns(action, (text) => actions([text], false)),
    resource: resource === null ? null : slimPatterns(resource, (text) => resources([text], false)),
    conditions: own.map(slimValues),
  }
  return { ...less, version: versionFor(version, less.resource, less.conditions) }
}

function slimPatterns(element: PatternElement, setOf: (text: string) => PatternSet): PatternElement {
  if (element.patterns.includes('*')) return { ...element, patterns: ['*'] }
  const covers = (wide: string, narrow: string) =>
    /[*?]/.test(wide) &&
    !hasVariable(wide) &&
    !hasVariable(narrow) &&
    includes(setOf(wide), setOf(narrow)) === true
  return { ...element, patterns: slim(element.patterns, covers) }
}

/** Texts that no other text covers; of texts that cover each other the first stays. */
export function slim(
  texts: readonly string[],
  covers: (wide: string, narrow: string) => boolean,
): readonly string[] {
  const unique = [...new Set(texts)]
  return unique.filter(
    (text, i) =>
      !unique.some((other, j) => j !== i && covers(other, text) && (j < i || !covers(text, other))),
  )
}

function slimValues(condition: ConditionElement): ConditionElement {
  const { operator, values } = condition
  const { type } = OPERATORS[operator.name]
  if (type === 'pattern')
    return {
      ...condition,
      values: slim(
        values,
        (wide, narrow) => plain(wide, narrow) && includes(globs([wide]), globs([narrow])) === true,
      ),
    }
  if (type === 'arn') return { ...condition, values: slim(values, coversArn) }
  if (type === 'ip') return { ...condition, values: slim(values, coversRange) }
  return { ...condition, values: [...new Set(values)] }
}

const plain = (...texts: readonly string[]): boolean => !texts.some(hasVariable)

function coversArn(wide: string, narrow: string): boolean {
  const [a, b] = [arnPattern(wide), arnPattern(narrow)]
  if (a === null || b === null || !plain(wide, narrow)) return false
  const set = (pattern: PatternSet['patterns'][number]): PatternSet => ({
    patterns: [pattern],
    negated: false,
    fold: false,
  })
  return includes(set(a), set(b)) === true
}

function coversRange(wide: string, narrow: string): boolean {
  const [a, b] = [parseIp(wide), parseIp(narrow)]
  return a !== null && b !== null && ipContains(a, b)
}
