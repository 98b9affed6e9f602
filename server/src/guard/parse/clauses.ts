import type {
  AccessClause,
  Block,
  BlockClause,
  CallClause,
  Clause,
  Cnf,
  Condition,
  Let,
  NamedClause,
  Operator,
  Query,
} from './ast.ts'
import {
  attempt,
  blank,
  blanks,
  type Cursor,
  expected,
  firstOf,
  must,
  nested,
  type Parser,
  syntaxError,
  token,
  word,
} from './cursor.ts'
import {
  conjunction,
  disjunction,
  endOfName,
  parseCall,
  parseName,
  parseNot,
  parseOperand,
  parseOr,
  parseQuery,
} from './queries.ts'

interface Comparison {
  readonly operator: Operator
  readonly not: boolean
}

const SIGNS: readonly (readonly [sign: string, operator: Operator, not: boolean])[] = [
  ['==', 'eq', false],
  ['!=', 'eq', true],
  ['>=', 'ge', false],
  ['<=', 'le', false],
  ['>', 'gt', false],
  ['<', 'lt', false],
]

/** In the order in which cfn-guard tries them: a word may continue (`in` of `internal`). */
const WORDS: readonly Operator[] = [
  'in',
  'exists',
  'empty',
  'is_string',
  'is_list',
  'is_struct',
  'is_bool',
  'is_int',
  'is_null',
  'is_float',
] as readonly Operator[]

const UNARY = new Set<Operator>(WORDS.slice(1))

const comparison: Parser<Comparison> = (c) => {
  if (c.text.startsWith('<<', c.at)) return null
  for (const [sign, operator, not] of SIGNS)
    if (c.text.startsWith(sign, c.at)) {
      c.at += sign.length
      return { operator, not }
    }
  const not = attempt(c, parseNot) !== null
  const operator = WORDS.find((w) => c.text.startsWith(w, c.at) || c.text.startsWith(w.toUpperCase(), c.at))
  if (operator === undefined) return expected(c, 'an operator such as `==`, `in`, `exists`')
  c.at += operator.length
  return { operator, not }
}

const message: Parser<string> = (c) => {
  if (!c.text.startsWith('<<', c.at)) return null
  const end = c.text.indexOf('>>', c.at + 2)
  if (end < 0)
    throw syntaxError(c, 'The message that starts with `<<` here does not end.', 'Close it with `>>`.')
  const text = c.text.slice(c.at + 2, end)
  c.at = end + 2
  return text
}

/** A message after white space, if there is one; the white space is skipped either way. */
function trailingMessage(c: Cursor): string | null {
  blank(c)
  return message(c)
}

export const accessClause: Parser<AccessClause> = (c) => {
  const at = c.at
  blank(c)
  const negation = attempt(c, parseNot) !== null
  const query = parseQuery(c)
  return query === null ? null : comparedQuery(c, at, negation, query)
}

function comparedQuery(c: Cursor, at: number, negation: boolean, query: Query): AccessClause | null {
  blank(c)
  const compared = comparison(c)
  if (compared === null) return null
  const operand = UNARY.has(compared.operator)
    ? null
    : must(
        c,
        parseOperand,
        'After this operator write a value such as `"text"` or `[1, 2]`, a property or a variable.',
      )
  return { kind: 'access', at, query, ...compared, negation, with: operand, message: trailingMessage(c) }
}

const callClause: Parser<CallClause> = (c) => {
  const at = c.at
  const negation = attempt(c, parseNot) !== null
  const call = parseCall(c)
  if (call === null) return null
  const said = attempt(c, (x) => {
    blank(x)
    return message(x)
  })
  return { kind: 'call', at, rule: call.name, operands: call.operands, negation, message: said }
}

/** What may follow a rule's name that stands alone. */
const AFTER_NAME = /$|[ \t]*(?:\r?\n|#|\{)/y

/** A reference to a rule by its name. */
export const namedClause: Parser<NamedClause> = (c) => {
  const at = c.at
  const negation = attempt(c, parseNot) !== null
  const rule = parseName(c)
  if (rule === null) return null
  const end = c.at
  AFTER_NAME.lastIndex = end
  const alone = AFTER_NAME.test(c.text) || attempt(c, parseOr) !== null
  c.at = end
  if (alone) return { kind: 'named', at, rule, negation, message: null }
  token(c, /[ \t]*/y, '')
  return {
    kind: 'named',
    at,
    rule,
    negation,
    message: must(c, (x) => message(x) ?? expected(x, 'an operator such as `==`, `in`, `exists`')),
  }
}

const when: Parser<true> = (c) => {
  blank(c)
  return word(c, ['when', 'WHEN']) === null ? null : true
}

const CONDITIONS: readonly Parser<Condition>[] = [accessClause, callClause, namedClause]

const condition: Parser<Condition> = (c) => firstOf(c, CONDITIONS)

/** `when` and what must hold. */
export const parseWhen: Parser<Cnf<Condition>> = (c) => {
  if (when(c) === null) return null
  must(c, blanks)
  return conjunction(c, condition)
}

export const parseLet: Parser<Let> = (c) => {
  if (word(c, ['let']) === null || blanks(c) === null) return null
  const name = parseName(c)
  if (name === null) return null
  blank(c)
  must(c, (x) => word(x, ['=', ':=']), 'Write `let name = value`.')
  return { name, operand: must(c, parseOperand) }
}

/** `{ … }` with assignments and clauses. */
export function parseBlock<T>(cursor: Cursor, item: Parser<T>): Block<T> | null {
  blank(cursor)
  if (word(cursor, ['{']) === null) return null
  const lets: Let[] = []
  const clauses: (readonly T[])[] = []
  for (;;) {
    const assigned = attempt(cursor, (c) => {
      blank(c)
      return parseLet(c)
    })
    if (assigned !== null) {
      lets.push(assigned)
      continue
    }
    const line = attempt(cursor, (c) => disjunction(c, item))
    if (line === null) break
    clauses.push(line)
  }
  if (lets.length + clauses.length === 0) return null
  blank(cursor)
  must(cursor, (c) => word(c, ['}'], 'a clause or `}`'))
  return { lets, clauses }
}

const whenClause: Parser<Clause> = (c) => {
  const at = c.at
  const conditions = parseWhen(c)
  if (conditions === null) return null
  const block = parseBlock(c, parseClause)
  return block === null ? null : { kind: 'when', at, conditions, block }
}

const notEmpty: Parser<true> = (c) => {
  blank(c)
  if (parseNot(c) === null) return null
  return word(c, ['EMPTY', 'empty']) === null ? null : true
}

const blockClause: Parser<Clause> = (c) => {
  const at = c.at
  const query = parseQuery(c)
  return query === null ? null : blockOfQuery(c, at, query)
}

function blockOfQuery(c: Cursor, at: number, query: Query): BlockClause | null {
  const required = attempt(c, notEmpty) !== null
  const block = parseBlock(c, parseClause)
  return block === null ? null : { kind: 'block', at, query, notEmpty: required, block }
}

/** A block or a comparison of a query, which is read once for both. */
const queryClause: Parser<Clause> = (c) => {
  const at = c.at
  const query = parseQuery(c)
  if (query === null) return null
  return attempt(c, (x) => blockOfQuery(x, at, query)) ?? comparedQuery(c, at, false, query)
}

/** A clause in a block or a filter. References to rules by name are allowed in rules only. */
export const parseClause: Parser<Clause> = nested('clause', (c) => firstOf(c, formsAt(c.text, c.at)))

const EVERY: readonly Parser<Clause>[] = [whenClause, blockClause, callClause, accessClause]
const CALL: readonly Parser<Clause>[] = [whenClause, callClause]
const CONDITIONAL: readonly Parser<Clause>[] = [whenClause, queryClause]
const PLAIN: readonly Parser<Clause>[] = [queryClause]

/** The forms that a clause may have, by its first characters. Whether `not` is a property's name the rest will tell. */
function formsAt(text: string, at: number): readonly Parser<Clause>[] {
  const first = text[at]
  const end = endOfName(text, at)
  if (first === '!' || first === 'n' || first === 'N' || text.charCodeAt(end) >= 128) return EVERY
  if (text[end] === '(') return CALL
  return first === 'w' || first === 'W' ? CONDITIONAL : PLAIN
}
