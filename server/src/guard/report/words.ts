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
  is_struct: 'IS STRUCT',
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
      return `[${part.index}]`
    case 'all_indices':
      return '[*]'
    case 'all_values':
      return '*'
    case 'filter':
      return `(filter-clauses, ${part.clauses.length})`
    case 'keys':
      return '(map-key-filter-clauses)'
  }
}

export const queryText = (parts: readonly QueryPart[]): string =>
  parts.map(partText).join('.').replaceAll('.[', '[')

/** A value as cfn-guard prints it: JSON, with what JSON has not in the notation of rules. */
export function valueText(value: GuardValue): string {
  if (value === null) return '"NULL"'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(valueText).join(',')}]`
  return specialText(value) ?? mapText(value as GuardMap)
}

const mapText = (map: GuardMap): string =>
  `{${Object.entries(map)
    .map(([key, value]) => `${JSON.stringify(key)}:${valueText(value)}`)
    .join(',')}}`

function specialText(value: object): string | null {
  if (value instanceof Float) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value)
  if (value instanceof Pattern) return `"/${value.source}/"`
  if (value instanceof Char) return JSON.stringify(value.value)
  if (value instanceof Range) return rangeText(value)
  return null
}

export const rangeText = (range: Range): string =>
  `${range.lowerInclusive ? '[' : '('}${range.lower},${range.upper}${range.upperInclusive ? ']' : ')'}`

function operandText(operand: Operand | null): string {
  if (operand === null) return ''
  if (operand.kind === 'value') return valueText(operand.value)
  return operand.kind === 'query' ? queryText(operand.query.parts) : operand.call.name
}

/** The clause as cfn-guard names it in reports. */
export const clauseText = (clause: AccessClause): string =>
  `${clause.negation ? 'not' : ''} ${queryText(clause.query.parts)} ${clause.not ? 'not ' : ''}${CLAUSE_WORDS[clause.operator]}  ${operandText(clause.with)}`
