import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, PatternElement, Policy } from '../policies.ts'
import { includes } from '../sets/algebra.ts'
import { type Budget, spend, within } from '../sets/budget.ts'
import { askOf, conditionId } from '../sets/entry.ts'
import { actions, resources } from '../sets/pattern-set.ts'
import { complementOf, valueIn } from '../sets/value-set.ts'
import { type Piece, principalKey, resourceKey } from './piece.ts'

/** For one condition against another: about a tenth of a second. */
const STEPS = 1_000_000

/**
 * Whether `wide` holds wherever `narrow` does, element by element. This is stricter than inclusion of what the two take, so
 * that it also keeps what is unknown: where `narrow` is `yes`, `wide` is `yes`; where it is `unknown`, `wide` is not `no`.
 */
export function covers(wide: Piece, narrow: Piece, budget: Budget): boolean {
  return (
    spend(budget, 10) &&
    wide.effect === narrow.effect &&
    coversPrincipal(wide, narrow) &&
    // Conditions first: most differ in their keys, and lists of actions and resources are long.
    wide.conditions.every((condition) =>
      narrow.conditions.some((other) => implies(other, narrow.version, condition, wide.version, budget)),
    ) &&
    coversResource(wide, narrow, budget) &&
    includes(
      actions(wide.action.patterns, wide.action.negated),
      actions(narrow.action.patterns, narrow.action.negated),
      budget,
    ) === true
  )
}

function coversPrincipal(wide: Piece, narrow: Piece): boolean {
  if (principalKey(wide) === principalKey(narrow)) return true
  const [w, n] = [wide.principal, narrow.principal]
  if (w === null || n === null || w.negated || n.negated) return false
  const named = new Set(w.entries.map(({ type, value }) => `${type} ${value}`))
  return n.entries.every(({ type, value }) => named.has(`${type} ${value}`))
}

function coversResource(wide: Piece, narrow: Piece, budget: Budget): boolean {
  if (resourceKey(wide) === resourceKey(narrow)) return true
  const [w, n] = [wide.resource, narrow.resource]
  if (w === null || n === null) return false
  if (!w.negated && w.patterns.includes('*')) return true
  if (![...w.patterns, ...n.patterns].every((text) => !hasVariable(text))) return false
  return includes(resources(w.patterns, w.negated), resources(n.patterns, n.negated), budget) === true
}

/** To compare two keys costs as much as so many steps of a search. */
const KEY_COST = 3

/** One condition holds wherever another on the same key does. */
function implies(
  narrow: ConditionElement,
  narrowVersion: Policy['version'],
  wide: ConditionElement,
  wideVersion: Policy['version'],
  budget: Budget,
): boolean {
  if (!spend(budget, KEY_COST) || narrow.key.toLowerCase() !== wide.key.toLowerCase()) return false
  spend(budget, narrow.values.length + wide.values.length)
  if (conditionId(narrow, narrowVersion) === conditionId(wide, wideVersion)) return true
  if (narrow.operator.name === 'Null' || wide.operator.name === 'Null') return false
  const [n, w] = [askOf(narrow, narrowVersion), askOf(wide, wideVersion)]
  if (n === null || w === null || n.quantifier !== w.quantifier || n.values.family !== w.values.family)
    return false
  if (n.absent && !w.absent) return false
  return within(budget, STEPS, () => valueIn([n.values, complementOf(w.values)], budget) === null) === true
}

const leavesNothing = (element: PatternElement | null): boolean =>
  element?.negated === true && element.patterns.includes('*')

/** `NotAction` or `NotResource` with `*`. */
export const neverMatches = ({ action, resource }: Piece): boolean =>
  leavesNothing(action) || leavesNothing(resource)
