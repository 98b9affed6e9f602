import { isList } from '../document/value.ts'
import type { BinaryOperator } from '../parse/ast.ts'
import { compareResults } from './compare.ts'
import { contains, equal } from './equal.ts'
import { isScalar } from './plain.ts'
import { Missing, type Result } from './result.ts'

/** How many comparisons were made and failed; null: there was nothing to compare. */
export interface Counted {
  readonly total: number
  readonly fails: number
}

const PASSED: Counted = { total: 1, fails: 0 }
const FAILED: Counted = { total: 1, fails: 1 }

/**
 * The counts of `compareResults` without its outcomes. The common case, one scalar against what the rule wrote, is
 * answered at once; everything else is left to the long way, and a property test keeps the two equal.
 */
export function countResults(
  operator: BinaryOperator,
  not: boolean,
  left: readonly Result[],
  right: readonly Result[],
): Counted | null {
  if (left.length === 1 && right.length === 1) {
    const quick = one(operator, not, left[0] as Result, right[0] as Result)
    if (quick !== null) return quick ? PASSED : FAILED
  }
  const outcomes = compareResults(operator, not, left, right)
  if (outcomes === null) return null
  let fails = 0
  for (const outcome of outcomes) if (!outcome.pass) fails += 1
  return { total: outcomes.length, fails }
}

function one(operator: BinaryOperator, not: boolean, left: Result, right: Result): boolean | null {
  if (left instanceof Missing) return left.at.maybe ? null : false
  if (right instanceof Missing || !right.literal || left.literal || left.maybe || !isScalar(left.value))
    return null
  if (operator === 'eq' && isScalar(right.value)) {
    const verdict = equal(left.value, right.value)
    return verdict !== null && verdict !== not
  }
  return operator === 'in' && isList(right.value) ? contains(right.value, left.value) !== not : null
}
