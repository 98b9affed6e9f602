import { Char, Float, type GuardMap, type GuardValue, isList, Pattern, Range } from '../document/value.ts'
import type { AccessClause, Operand, Operator, QueryPart } from '../parse/ast.ts'

/** cfn-guard's words for operators in the text of a clause. */
export const CLAUSE_WORDS: Readonly<Record<Operator, string>> = {
  eq: 'EQUALS',
  in: 'IN',
  lt: 'LESS THAN',
  le: 'LESS THAN EQUALS',
  gt: 'GREATER THAN',
  ge: 'GREATER THAN EQUALS',
  exists: 'EXISTS',
  empty: 'EMPTY',
  is_string: 'IS STRING',
  is_list: 'IS LIST',
  is_struct: 'IS MAP',
  is_bool: 'IS BOOL',
  is_int: 'IS INT',
  is_float: 'IS FLOAT',
  is_null: 'IS NULL',
}

export function partText(part: QueryPart): string {
  switch (part.kind) {
    case 'this':
      return '_'
    case 'key':
      return part.name
    case 'variable':
      return `%${part.name}`
    case 'index':
      return String(part.index)
    case 'all_indices':
      return '[*]'
    case 'all_values':
      return '*'
    case 'filter':
      return `${part.capture ?? ''} (filter-clauses)`
    case 'keys':
      return ' (map-key-filter-clauses)'
  }
}

export const queryText = (parts: readonly QueryPart[]): string =>
  parts.map(partText).join('.').replaceAll('.[', '[')

/** A value as cfn-guard prints it: much like JSON, but texts stand as they are. */
export function valueText(value: GuardValue): string {
  if (value === null) return '"NULL"'
  if (typeof value === 'string') return `"${value}"`
  if (value instanceof Float) return floatText(value.value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value)
  if (typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(valueText).join(',')}]`
  return specialText(value) ?? mapText(value as GuardMap)
}

/** A float as Rust writes it: without `.0` and never with an exponent. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0'
  const [mantissa = '', exponent] = String(value).split('e')
  if (exponent === undefined) return mantissa
  if (Number(exponent) > 0) return BigInt(value).toString()
  const digits = mantissa.replace(/[-.]/g, '')
  return `${value < 0 ? '-' : ''}0.${'0'.repeat(-Number(exponent) - 1)}${digits}`
}

/** For terminals: what would steer them is shown as it is written in JSON. */
export const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) =>
    char < ' ' ? JSON.stringify(char).slice(1, -1) : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const mapText = (map: GuardMap): string =>
  `{${Object.entries(map)
    .map(([key, value]) => `"${key}":${valueText(value)}`)
    .join(',')}}`

function specialText(value: object): string | null {
  if (value instanceof Pattern) return `"/${value.source}/"`
  if (value instanceof Char) return `'${value.value}'`
  if (value instanceof Range) return rangeText(value)
  return null
}

export const rangeText = (range: Range): string =>
  `${range.lowerInclusive ? '[' : '('}${range.lower},${range.upper}${range.upperInclusive ? ']' : ')'}`

export function operandText(operand: Operand | null): string {
  if (operand === null) return ''
  if (operand.kind === 'value') return valueText(operand.value)
  if (operand.kind === 'query') return queryText(operand.query.parts)
  const { name, operands } = operand.call
  return `${name}(${operands.map(operandText).join(', ')})`
}

/** The clause as cfn-guard names it in reports. */
export const clauseText = (clause: AccessClause): string =>
  `${clause.negation ? 'not' : ''} ${queryText(clause.query.parts)} ${clause.not ? 'not ' : ''}${CLAUSE_WORDS[clause.operator]}  ${operandText(clause.with)}`
