import { GuardSyntaxError } from '../document/problem.ts'
import { GUARD_LIMITS } from '../limits.ts'
import type { Block, Clause, Let, Rule, RuleClause, RuleFile, TypeClause } from './ast.ts'
import { namedClause, parseBlock, parseClause, parseLet, parseWhen } from './clauses.ts'
import {
  attempt,
  blank,
  blanks,
  type Cursor,
  cursorOf,
  expected,
  firstOf,
  must,
  type Parser,
  separated,
  syntaxError,
  token,
  word,
} from './cursor.ts'
import { disjunction, endOfName, parseName } from './queries.ts'

/**
 * Parses a rule file; null when it holds nothing but comments.
 *
 * @throws {GuardSyntaxError} with line, column and a hint
 */
export function parseRules(text: string, fileName = ''): RuleFile | null {
  if (text.length > GUARD_LIMITS.ruleText)
    throw new GuardSyntaxError('rule_too_long', {
      line: 1,
      column: 1,
      message: `The rule file has ${text.length} characters; the limit is ${GUARD_LIMITS.ruleText}.`,
      hint: 'Split it.',
    })
  const cursor = cursorOf(text, parseClause)
  blank(cursor)
  if (cursor.at === text.length) return null
  const pieces = separatedPieces(cursor)
  if (cursor.at < text.length) throw syntaxError(cursor)
  return assembled(pieces, fileName)
}

type Piece =
  | { readonly kind: 'let'; readonly let: Let }
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'clauses'; readonly clauses: readonly RuleClause[] }

function separatedPieces(cursor: Cursor): readonly Piece[] {
  const pieces: Piece[] = []
  for (;;) {
    blank(cursor)
    const piece = attempt(cursor, parsePiece)
    if (piece === null) return pieces
    pieces.push(piece)
  }
}

const parsePiece: Parser<Piece> = (c) =>
  firstOf<Piece>(c, [
    (x) => wrap(parseLet(x), (assigned) => ({ kind: 'let', let: assigned })),
    (x) => wrap(parameterised(x) ?? null, (rule) => ({ kind: 'rule', rule })),
    (x) => wrap(plainRule(x), (rule) => ({ kind: 'rule', rule })),
    (x) => wrap(disjunction(x, typeClause), (clauses) => ({ kind: 'clauses', clauses })),
    (x) => wrap(ruleWhen(x), (clause) => ({ kind: 'clauses', clauses: [clause] })),
    (x) => wrap(disjunction(x, parseClause), (clauses) => ({ kind: 'clauses', clauses })),
  ])

const wrap = <T>(value: T | null, f: (value: T) => Piece): Piece | null => (value === null ? null : f(value))

function assembled(pieces: readonly Piece[], fileName: string): RuleFile {
  const rules = pieces.flatMap((p) => (p.kind === 'rule' ? [p.rule] : []))
  const loose = pieces.flatMap((p) => (p.kind === 'clauses' ? [p.clauses] : []))
  const first: Rule = {
    name: fileName.trim() === '' ? 'default' : `${fileName}/default`,
    at: 0,
    parameters: null,
    conditions: null,
    block: { lets: [], clauses: loose },
  }
  return {
    lets: pieces.flatMap((p) => (p.kind === 'let' ? [p.let] : [])),
    rules: [...(loose.length > 0 ? [first] : []), ...rules.filter((r) => r.parameters === null)],
    parameterised: rules.filter((r) => r.parameters !== null),
  }
}

const TYPE = /[A-Za-z][\p{L}\p{N}_]*(?:::[A-Za-z][\p{L}\p{N}_]*){1,2}/uy

const COLON = 58

const typeName: Parser<string> = (c) => {
  const next = c.text.charCodeAt(endOfName(c.text, c.at))
  if (next !== COLON && !(next >= 128)) return expected(c, 'a resource type')
  const name = token(c, TYPE, 'a resource type')
  if (name !== null && c.text.startsWith('::MODULE', c.at)) c.at += '::MODULE'.length
  return name
}

const typeClause: Parser<TypeClause> = (c) => {
  const at = c.at
  const type = typeName(c)
  if (type === null) return null
  must(c, blanks)
  const conditions = attempt(c, parseWhen)
  const inBlock = (x: Cursor) => parseBlock(x, parseClause)
  const block = conditions === null ? (attempt(c, inBlock) ?? single(c)) : must(c, inBlock)
  return { kind: 'type', at, type, conditions, block }
}

function single(c: Cursor): Block<Clause> {
  const clause = must(c, (x) => {
    blank(x)
    return parseClause(x)
  })
  return { lets: [], clauses: [[clause]] }
}

const clauseInRule: Parser<Clause> = (c) => firstOf<Clause>(c, [parseClause, namedClause])

const ruleWhen: Parser<RuleClause> = (c) => {
  const at = c.at
  const conditions = parseWhen(c)
  if (conditions === null) return null
  const block = parseBlock(c, clauseInRule)
  return block === null ? null : { kind: 'when', at, conditions, block }
}

const ruleClause: Parser<RuleClause> = (c) => {
  blank(c)
  return firstOf<RuleClause>(c, [typeClause, ruleWhen, clauseInRule])
}

const ruleBlock = (c: Cursor): Block<RuleClause> =>
  must(
    c,
    (x) => parseBlock(x, ruleClause) ?? expected(x, 'a clause'),
    'A rule has a block: `rule name { clauses }`.',
  )

const ruleHead: Parser<{ name: string; at: number }> = (c) => {
  blank(c)
  const at = c.at
  if (word(c, ['rule'], '`rule`, `let` or a clause') === null || blanks(c) === null) return null
  return { name: must(c, parseName, 'A rule has a name: `rule name { clauses }`.'), at }
}

const plainRule: Parser<Rule> = (c) => {
  const head = ruleHead(c)
  if (head === null) return null
  const conditions = attempt(c, parseWhen)
  return { ...head, parameters: null, conditions, block: ruleBlock(c) }
}

const WHITE = /[ \t\r\n]*/y

const parameterised: Parser<Rule> = (c) => {
  const head = ruleHead(c)
  if (head === null || word(c, ['(']) === null) return null
  const parameters = separated(
    c,
    (x) => word(x, [',']),
    (x) => {
      token(x, WHITE, '')
      const name = parseName(x)
      token(x, WHITE, '')
      return name
    },
  )
  if (word(c, [')']) === null) return null
  return { ...head, parameters: [...new Set(parameters)], conditions: null, block: ruleBlock(c) }
}
