import { GuardEvaluationError } from '../document/problem.ts'
import { type GuardValue, isList, isMap, kindOf, TYPE_NAMES } from '../document/value.ts'
import type { UnaryOperator } from '../parse/ast.ts'
import { Missing, pathOf, type Result } from './result.ts'

/** Whether the operator holds on a value or on what is missing, before any negation. */
export const UNARY: Readonly<Record<UnaryOperator, (result: Result) => boolean>> = {
  exists: (result) => !(result instanceof Missing),
  empty: isEmpty,
  is_string: (result) => is(result, (value) => typeof value === 'string'),
  is_list: (result) => is(result, isList),
  is_struct: (result) => is(result, isMap),
  is_bool: (result) => is(result, (value) => typeof value === 'boolean'),
  is_int: (result) => is(result, (value) => kindOf(value) === 'int'),
  is_float: (result) => is(result, (value) => kindOf(value) === 'float'),
  is_null: (result) => is(result, (value) => value === null),
}

const is = (result: Result, test: (value: GuardValue) => boolean): boolean =>
  !(result instanceof Missing) && test(result.value)

function isEmpty(result: Result): boolean {
  if (result instanceof Missing) return true
  const { value } = result
  if (typeof value === 'string' || isList(value)) return value.length === 0
  if (typeof value === 'boolean') return false
  if (isMap(value)) return Object.keys(value).length === 0
  throw new GuardEvaluationError(
    'bad_empty',
    `Attempting EMPTY operation on type ${TYPE_NAMES[kindOf(value)]} that does not support it at /${pathOf(result).join('/')}`,
  )
}
