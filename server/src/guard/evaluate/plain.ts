import { type GuardValue, isList, isMap, memberOf, Unknown } from '../document/value.ts'
import type { AccessClause, Query } from '../parse/ast.ts'
import { contains, equal } from './equal.ts'
import { type Scope, spend } from './scope.ts'

/**
 * Names only, such as `configuration.metadataOptions.httpTokens`: the value at their end is reached without a trace of
 * the way. Undefined: a name is not there as it is written, and the long way has to find out what that means.
 */
export type Walk = (scope: Scope) => GuardValue | undefined

const INTEGER = /^[-+]?\d+$/

export function plainWalk({ parts }: Query): Walk | null {
  const rest = parts[0]?.kind === 'this' ? parts.slice(1) : parts
  const names = rest.flatMap((part) => (part.kind === 'key' && !INTEGER.test(part.name) ? [part.name] : []))
  if (names.length !== rest.length) return null
  return (scope) => {
    spend(scope.run, names.length)
    let value: GuardValue | undefined = scope.root.value
    for (let i = 0; i < names.length; i++) {
      if (value === undefined || !isMap(value)) return undefined
      value = memberOf(value, names[i] as string)
    }
    return value
  }
}

/** Whether a clause passes on a value of the document; null when only the long way knows. */
export type Test = (value: GuardValue) => boolean | null

/** A test for a clause that compares with what the rule wrote, or asks for a type; null when it is neither. */
export function plainTest(clause: AccessClause): Test | null {
  const { operator, not, with: operand } = clause
  if (operator === 'exists')
    return (value) => (value instanceof Unknown ? null : clause.not === clause.negation)
  if (operand?.kind !== 'value') return null
  const wanted = operand.value
  if (operator === 'eq' && isScalar(wanted))
    return (value) => {
      if (!isScalar(value)) return null
      const verdict = equal(value, wanted)
      return verdict !== null && verdict !== not
    }
  if (operator === 'in' && isList(wanted))
    return (value) => (isScalar(value) ? contains(wanted, value) !== not : null)
  return null
}

export const isScalar = (value: GuardValue): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (!isList(value) && !isMap(value) && !(value instanceof Unknown))
