import { holdsUnknown, isList, kindOf, Unknown } from '../document/value.ts'
import type { BinaryOperator, UnaryOperator } from '../parse/ast.ts'
import { compareResults, soleLiteral } from './compare.ts'
import { contains } from './equal.ts'
import { child, FAIL, Found, isMaybe, Missing, OPEN, PASS, type Result, type Status } from './result.ts'
import { doubt, type Run } from './scope.ts'

/** Whether some result is not known, holds something that is not, or perhaps is no result at all. */
export function unsure(results: readonly Result[]): boolean {
  for (const result of results)
    if (result instanceof Missing) {
      if (result.at.maybe) return true
    } else if (result.maybe || (typeof result.value === 'object' && holdsUnknown(result.value))) return true
  return false
}

const of = (holds: boolean): Status => (holds ? PASS : FAIL)

/** An operator on one result. `turned`: the clause is negated. */
export function unaryUnsure(
  operator: UnaryOperator,
  turned: boolean,
  result: Result,
  holds: (result: Result) => boolean,
): Status {
  if (result instanceof Missing || kindOf(result.value) !== 'unknown') return of(holds(result) !== turned)
  const answer = unaryOnUnknown(operator, result.value as Unknown)
  return answer === null ? OPEN : of(answer !== turned)
}

function unaryOnUnknown(operator: UnaryOperator, { exists, text }: Unknown): boolean | null {
  if (operator === 'exists') return exists ? true : null
  if (!text) return null
  return operator === 'is_string'
}

/** What one value on the left, or one element of a list there, gives against all on the right. */
export interface Compared {
  readonly from: Result
  readonly status: Status
}

/**
 * A comparison in which something is not known: each value on the left is open unless what is known decides it. Never
 * more certain than any completion of the unknown values allows. `nothing`: what an empty list on the left gives.
 */
export function compareUnsure(
  operator: BinaryOperator,
  not: boolean,
  left: readonly Result[],
  right: readonly Result[],
  nothing: Status,
): readonly Compared[] {
  if (soleLiteral(left) !== null) return left.map((from) => ({ from, status: OPEN }))
  const literal = soleLiteral(right)
  if (operator === 'eq' && literal === null)
    return left.map((from) => ({ from, status: from instanceof Missing ? FAIL : OPEN }))
  const rightKnown = !unsure(right)
  const one = (from: Result): Compared => {
    if (!holdsOpen(from) && rightKnown) return { from, status: known(operator, not, from, right) }
    return { from, status: partly(operator, not, from, right, literal) }
  }
  return left.flatMap((from) => {
    const parts = elements(operator, from, literal)
    return parts.length === 0 ? [{ from, status: nothing }] : parts.map(one)
  })
}

/** A list on the left is compared element by element where cfn-guard does so. */
function elements(operator: BinaryOperator, from: Result, literal: Found | null): readonly Result[] {
  if (from instanceof Missing || !isList(from.value) || !byElement(operator, literal)) return [from]
  return from.value.map((item, i) => child(from, i, item))
}

function byElement(operator: BinaryOperator, literal: Found | null): boolean {
  if (operator !== 'eq' && operator !== 'in') return true
  if (literal === null) return false
  const { value } = literal
  if (operator === 'eq') return !isList(value)
  return typeof value === 'string' || (isList(value) && !isList(value[0] ?? null))
}

const holdsOpen = (from: Result): boolean => !(from instanceof Missing) && holdsUnknown(from.value)

function known(operator: BinaryOperator, not: boolean, from: Result, right: readonly Result[]): Status {
  const outcomes = compareResults(operator, not, [from], right) ?? []
  return of(outcomes.every(({ pass }) => pass))
}

function partly(
  operator: BinaryOperator,
  not: boolean,
  from: Result,
  right: readonly Result[],
  literal: Found | null,
): Status {
  if (from instanceof Missing) return FAIL
  if (operator === 'in' && !holdsUnknown(from.value) && right.some((r) => surelyHolds(r, from)))
    return of(!not)
  if (operator !== 'eq' || literal === null) return OPEN
  if (from.value instanceof Unknown) return unknownAgainst(not, from.value, literal)
  return kindOf(from.value) === kindOf(literal.value) ? OPEN : known('eq', not, from, [literal])
}

const surelyHolds = (right: Result, from: Found): boolean =>
  !isMaybe(right) &&
  right instanceof Found &&
  isList(right.value) &&
  !isList(from.value) &&
  contains(right.value, from.value)

/** A text that is not known is no number and not empty. */
function unknownAgainst(not: boolean, { text }: Unknown, { value }: Found): Status {
  if (!text) return OPEN
  if (value === '') return of(not)
  const kind = kindOf(value)
  return kind === 'string' || kind === 'regex' || kind === 'list' ? OPEN : FAIL
}

/** Remembers the unknown values among results, and those inside of them. */
export function recordDoubts(run: Run, results: readonly Result[]): void {
  if (run.doubts === null) return
  for (const result of results) if (result instanceof Found) within(run, result)
}

function within(run: Run, found: Found): void {
  const { value } = found
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Unknown) doubt(run, found, value)
  else if (isList(value))
    for (let i = 0; i < value.length; i++) within(run, child(found, i, value[i] ?? null))
  else if (kindOf(value) === 'map')
    for (const [key, item] of Object.entries(value)) within(run, child(found, key, item))
}
