import { operatorText } from '../condition/operators.ts'
import type { ConditionElement, PatternElement, PrincipalElement } from '../policies.ts'
import type { Piece } from './piece.ts'

/** A statement as the shortest JSON that is always the same: sorted, single values without brackets, no `Sid`. */
export function statementJson({ effect, principal, action, resource, conditions }: Piece): object {
  return {
    Effect: effect,
    ...(principal === null ? {} : { [named('Principal', principal)]: principalJson(principal) }),
    [named('Action', action)]: list(action.patterns),
    ...(resource === null ? {} : { [named('Resource', resource)]: list(resource.patterns) }),
    ...(conditions.length === 0 ? {} : { Condition: conditionsJson(conditions) }),
  }
}

const named = (name: string, { negated }: PatternElement | PrincipalElement): string =>
  negated ? `Not${name}` : name

const byText = (a: string, b: string): number => {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
}

function list(texts: readonly string[]): string | readonly string[] {
  const sorted = [...new Set(texts)].sort(byText)
  return sorted.length === 1 ? (sorted[0] ?? '') : sorted
}

function principalJson({ entries }: PrincipalElement): string | object {
  const types = [...new Set(entries.map(({ type }) => type))].sort()
  const [only] = entries
  if (entries.length === 1 && only?.type === 'AWS' && only.value === '*') return '*'
  return Object.fromEntries(
    types.map((type) => [
      type,
      list(entries.filter((entry) => entry.type === type).map(({ value }) => value)),
    ]),
  )
}

function conditionsJson(conditions: readonly ConditionElement[]): object {
  const operators = [...new Set(conditions.map(({ operator }) => operatorText(operator)))].sort(byText)
  return Object.fromEntries(
    operators.map((operator) => [
      operator,
      keysJson(conditions.filter((condition) => operatorText(condition.operator) === operator)),
    ]),
  )
}

/** One key may stand twice under one operator, when both must hold: JSON needs two spellings, which AWS reads as one key. */
function keysJson(conditions: readonly ConditionElement[]): object {
  const found = new Map<string, string | readonly string[]>()
  for (const { key, values } of [...conditions].sort(
    (a, b) => byText(a.key, b.key) || byText(a.values.join(), b.values.join()),
  )) {
    found.set(freeSpelling(key, found), values.length === 0 ? [] : list(values))
  }
  return Object.fromEntries(found)
}

function freeSpelling(key: string, taken: ReadonlyMap<string, unknown>): string {
  for (let variant = 0; ; variant++) {
    const text = [...key].map((c, i) => ((variant >> i) & 1 ? otherCase(c) : c)).join('')
    if (!taken.has(text)) return text
  }
}

const otherCase = (c: string): string => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())

export const documentText = (statements: readonly string[], version: Piece['version']): string =>
  `{"Version":"${version}","Statement":[${statements.join(',')}]}`
