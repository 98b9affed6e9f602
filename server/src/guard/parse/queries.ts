import type { Call, Cnf, Operand, Query, QueryPart } from './ast.ts'
import {
  attempt,
  blank,
  blanks,
  type Cursor,
  deeper,
  expected,
  firstOf,
  mark,
  must,
  nested,
  type Parser,
  separated,
  syntaxError,
  token,
  word,
} from './cursor.ts'
import { parseInt64, parseString, parseValue } from './values.ts'

const NAME = /[A-Za-z][\p{L}\p{N}_]*/uy

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
const isNamePart = (code: number): boolean => isLetter(code) || (code >= 48 && code <= 57) || code === 95

/** Where the ASCII characters of the name at this place end; the place itself when no name starts there. */
export function endOfName(text: string, at: number): number {
  if (!isLetter(text.charCodeAt(at))) return at
  let end = at + 1
  while (isNamePart(text.charCodeAt(end))) end += 1
  return end
}

/** A name; what has only ASCII characters, nearly every name, does without the regular expression. */
export const parseName: Parser<string> = (c) => {
  const { text, at } = c
  const end = endOfName(text, at)
  if (end === at) return expected(c, 'a name')
  if (text.charCodeAt(end) >= 128) return token(c, NAME, 'a name')
  c.at = end
  return text.slice(at, end)
}

const variable: Parser<string> = (c) => (word(c, ['%']) === null ? null : parseName(c))

const PROPERTY = [parseName, parseString]

const property: Parser<string> = (c) => firstOf(c, PROPERTY)

/** A quoted name with `%` in front is a variable to cfn-guard, too. */
const keyPart = (name: string): QueryPart =>
  name.startsWith('%') ? { kind: 'variable', name: name.slice(1) } : { kind: 'key', name }

const indexPart: Parser<QueryPart> = (c) => {
  const index = parseInt64(c)
  return index === null ? null : { kind: 'index', index: Number(BigInt.asIntN(32, BigInt(index))) }
}

const propertyPart: Parser<QueryPart> = (c) => map(property(c), keyPart)

const variablePart: Parser<QueryPart> = (c) => map(variable(c), (name) => ({ kind: 'variable', name }))

const AFTER_DOT: readonly Parser<QueryPart>[] = [
  indexPart,
  propertyPart,
  variablePart,
  (c) => map(word(c, ['*'], 'a property name'), () => ({ kind: 'all_values', capture: null })),
]

const dotted: Parser<QueryPart> = (c) => (mark(c, '.') === null ? null : firstOf(c, AFTER_DOT))

const map = <T, U>(value: T | null, f: (value: T) => U): U | null => (value === null ? null : f(value))

const allIndices: Parser<QueryPart> = (c) => {
  if (mark(c, '[') === null) return null
  const star = attempt(c, (x) => mark(x, '*'))
  const capture = star === null ? attempt(c, parseName) : null
  if (star === null && capture === null) return null
  return mark(c, ']') === null ? null : { kind: 'all_indices', capture }
}

const arrayIndex: Parser<QueryPart> = (c) => {
  if (mark(c, '[') === null) return null
  const part = indexPart(c)
  if (part === null) return null
  must(c, (x) => mark(x, ']'))
  return part
}

const keyLookup: Parser<QueryPart> = (c) => {
  if (mark(c, '[') === null) return null
  const part = firstOf<QueryPart>(c, [
    (x) => map(parseString(x), keyPart),
    (x) => {
      blank(x)
      const capture = parseName(x)
      blank(x)
      return map(capture, (name) => ({ kind: 'all_values', capture: name }))
    },
  ])
  return part === null || mark(c, ']') === null ? null : part
}

const capture: Parser<string> = (c) => {
  blank(c)
  const name = parseName(c)
  if (name === null) return null
  token(c, /[ \t]*/y, '')
  return word(c, ['|']) === null ? null : name
}

const NOT = /(?:(?:not|NOT)[ \t]+|!)/y

export const parseNot: Parser<true> = (c) => (token(c, NOT, '`not`') === null ? null : true)

const keysOperator: Parser<{ operator: 'eq' | 'in'; not: boolean }> = (c) => {
  blank(c)
  const sign = attempt(c, (x) => word(x, ['==', '!=']))
  if (sign !== null) return { operator: 'eq', not: sign === '!=' }
  const not = attempt(c, parseNot) !== null
  return word(c, ['in', 'IN'], '`==`, `!=`, `in` or `not in`') === null ? null : { operator: 'in', not }
}

const keysFilter: Parser<QueryPart> = (c) => {
  if (mark(c, '[') === null) return null
  attempt(c, capture)
  blank(c)
  if (word(c, ['KEYS', 'keys']) === null) return null
  const { operator, not } = must(c, keysOperator)
  const operand = must(c, (x) => firstOf(x, [valueOperand, queryOperand]))
  return mark(c, ']') === null ? null : { kind: 'keys', operator, not, with: operand }
}

const filter: Parser<QueryPart> = (c) => {
  if (mark(c, '[') === null) return null
  const name = attempt(c, capture)
  const clauses = conjunction(c, c.clause)
  must(c, (x) => mark(x, ']'), 'A filter ends with `]`.')
  return { kind: 'filter', capture: name, clauses }
}

const IN_BRACKETS = [allIndices, arrayIndex, keyLookup, keysFilter, filter]

const part: Parser<QueryPart> = (c) => {
  const start = c.at
  blank(c)
  const sign = c.text[c.at]
  if (sign !== '.' && sign !== '[') expected(c, '[', true)
  c.at = start
  if (sign === '.') return attempt(c, dotted)
  return sign === '[' ? firstOf(c, IN_BRACKETS) : null
}

const some: Parser<true> = (c) => {
  blank(c)
  return word(c, ['SOME', 'some']) === null ? null : blanks(c)
}

const firstPart: Parser<QueryPart> = (c) => {
  const self = attempt(c, (x) => {
    blank(x)
    return word(x, ['this', 'THIS'])
  })
  if (self !== null) return { kind: 'this' }
  return firstOf(c, FIRST_PARTS)
}

const FIRST_PARTS = [variablePart, propertyPart]

/** `some %var.Properties.*[ filter ]` … */
export const parseQuery: Parser<Query> = (c) => deeper(c, query)

const query: Parser<Query> = (c) => {
  const all = attempt(c, some) === null
  const first = firstPart(c)
  if (first === null) return expected(c, 'a property, a variable or a value')
  const rest: QueryPart[] = []
  for (let next = attempt(c, part); next !== null; next = attempt(c, part)) rest.push(next)
  return { all, parts: withIndices(first, rest) }
}

/** `%var.x` means every value of the variable, so cfn-guard puts `[*]` after a variable that something follows. */
function withIndices(first: QueryPart, rest: readonly QueryPart[]): readonly QueryPart[] {
  const every = first.kind === 'variable' && rest.length > 0 && rest[0]?.kind !== 'all_indices'
  return every ? [first, { kind: 'all_indices', capture: null }, ...rest] : [first, ...rest]
}

const valueOperand: Parser<Operand> = (c) => map(parseValue(c), ({ value }) => ({ kind: 'value', value }))

const queryOperand: Parser<Operand> = (c) => {
  blank(c)
  return map(parseQuery(c), (query) => ({ kind: 'query', query }))
}

const callOperand: Parser<Operand> = (c) => {
  blank(c)
  return map(parseCall(c), (call) => ({ kind: 'call', call }))
}

/** A value, a call or a query, in this order: `true` is a value, though it could be a property's name. */
export const parseOperand: Parser<Operand> = (c) => firstOf(c, OPERANDS)

const OPERANDS = [valueOperand, callOperand, queryOperand]

const WHITE = /[ \t\r\n]*/y

/** `name(operand, …)`: a function or a rule with parameters. */
export const parseCall: Parser<Call> = nested('call', (c) => {
  const name = parseName(c)
  if (name === null || word(c, ['(']) === null) return null
  const operands = separated(
    c,
    (x) => word(x, [',']),
    (x) => {
      token(x, WHITE, '')
      const operand = parseOperand(x)
      if (operand !== null) token(x, WHITE, '')
      return operand
    },
  )
  return word(c, [')']) === null ? null : { name, operands }
})

const OR = /(?:or|OR|\|OR\|)/y

const or: Parser<true> = (c) => {
  blank(c)
  return token(c, OR, '`or`') === null ? null : blanks(c)
}

export { or as parseOr }

/** One line: alternatives joined by `or`. */
export function disjunction<T>(cursor: Cursor, item: Parser<T>): readonly T[] | null {
  const items = separated(cursor, or, (c) => {
    blank(c)
    return item(c)
  })
  return items.length === 0 ? null : items
}

/** Lines that must all hold; at least one. */
export function conjunction<T>(cursor: Cursor, item: Parser<T>): Cnf<T> {
  const lines: (readonly T[])[] = []
  for (;;) {
    const line = attempt(cursor, (c) => disjunction(c, item))
    if (line === null) break
    lines.push(line)
  }
  if (lines.length === 0) throw syntaxError(cursor)
  return lines
}
