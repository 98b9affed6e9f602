import { placeOf } from '../document/positions.ts'
import { GuardSyntaxError } from '../document/problem.ts'
import { GUARD_LIMITS } from '../limits.ts'
import type { Clause } from './ast.ts'

/**
 * A place in a rule text. Parsers return null and leave `at` alone when their form is not there (another form is tried),
 * and throw when it is there but broken. What was expected at the furthest place tells the error message.
 */
export interface Cursor {
  readonly text: string
  at: number
  depth: number
  furthest: { at: number; expected: string }
  /** Forms that start alike are tried one after the other; without this memory nested filters cost 3^depth. */
  readonly memory: Map<string, { readonly end: number; readonly result: unknown }>
  /** Filters hold clauses, and clauses hold queries with filters: the knot is tied here. */
  readonly clause: (cursor: Cursor) => Clause | null
}

export type Parser<T> = (cursor: Cursor) => T | null

export const cursorOf = (text: string, clause: Parser<Clause>): Cursor => ({
  text,
  at: 0,
  depth: 0,
  furthest: { at: 0, expected: 'a rule' },
  memory: new Map(),
  clause,
})

/** Notes what would have been right here; always null, so that a parser can return it. */
export function expected(cursor: Cursor, what: string): null {
  if (cursor.at >= cursor.furthest.at) cursor.furthest = { at: cursor.at, expected: what }
  return null
}

/** The error of a text that fits no form, at the furthest place that was reached. */
export function syntaxError(cursor: Cursor, message?: string, hint: string | null = null): GuardSyntaxError {
  const { at, expected: what } = cursor.furthest
  const where = message === undefined ? Math.max(at, cursor.at) : cursor.at
  const found = cursor.text.slice(where).match(/^\S{1,20}/)?.[0]
  const text =
    message ?? `${found === undefined ? 'The text ends' : `\`${found}\` stands`} where ${what} is expected.`
  return new GuardSyntaxError('bad_rule', { ...placeOf(cursor.text, where), message: text, hint })
}

/** Runs a parser that must succeed. */
export function must<T>(cursor: Cursor, parser: Parser<T>, hint: string | null = null): T {
  const result = parser(cursor)
  if (result === null) throw hinted(cursor, hint)
  return result
}

const hinted = (cursor: Cursor, hint: string | null): GuardSyntaxError => {
  const error = syntaxError(cursor)
  return hint === null ? error : new GuardSyntaxError('bad_rule', { ...error.problem, hint })
}

/** Runs a parser; on null the place is as before. */
export function attempt<T>(cursor: Cursor, parser: Parser<T>): T | null {
  const start = cursor.at
  const result = parser(cursor)
  if (result === null) cursor.at = start
  return result
}

export function firstOf<T>(cursor: Cursor, parsers: readonly Parser<T>[]): T | null {
  for (const parser of parsers) {
    const result = attempt(cursor, parser)
    if (result !== null) return result
  }
  return null
}

/** Runs a parser once for each place, however often it is tried there. */
export function remembered<T>(name: string, parser: Parser<T>): Parser<T> {
  return (cursor) => {
    const key = `${name}@${cursor.at}`
    const known = cursor.memory.get(key)
    if (known !== undefined) {
      if (known.result !== null) cursor.at = known.end
      return known.result as T | null
    }
    const result = deeper(cursor, parser)
    cursor.memory.set(key, { end: cursor.at, result })
    return result
  }
}

export function deeper<T>(cursor: Cursor, parser: Parser<T>): T | null {
  if (cursor.depth >= GUARD_LIMITS.depth)
    throw syntaxError(cursor, `The rule is nested deeper than ${GUARD_LIMITS.depth} levels.`)
  cursor.depth += 1
  try {
    return parser(cursor)
  } finally {
    cursor.depth -= 1
  }
}

const BLANK = /(?:[ \t\r\n]+|#[^\n]*)*/y
const BLANKS = /(?:[ \t\r\n]+|#[^\n]*)+/y

/** Skips white space and comments. */
export function blank(cursor: Cursor): void {
  BLANK.lastIndex = cursor.at
  cursor.at += BLANK.exec(cursor.text)?.[0].length ?? 0
}

/** The same, of which there must be some. */
export function blanks(cursor: Cursor): true | null {
  BLANKS.lastIndex = cursor.at
  const length = BLANKS.exec(cursor.text)?.[0].length ?? 0
  if (length === 0) return expected(cursor, 'white space')
  cursor.at += length
  return true
}

/** One of the words, wherever it may continue: cfn-guard reads `in` in `internal` too. */
export function word(cursor: Cursor, words: readonly string[], what = `\`${words[0]}\``): string | null {
  const found = words.find((w) => cursor.text.startsWith(w, cursor.at))
  if (found === undefined) return expected(cursor, what)
  cursor.at += found.length
  return found
}

/** A sticky regular expression at this place; its text. */
export function token(cursor: Cursor, pattern: RegExp, what: string): string | null {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found === undefined) return expected(cursor, what)
  cursor.at += found.length
  return found
}

/** A mark after white space. */
export function mark(cursor: Cursor, sign: string): string | null {
  return attempt(cursor, (c) => {
    blank(c)
    return word(c, [sign])
  })
}

/** Items between separators; what follows a separator that has no item is left alone, and so is the separator. */
export function separated<T>(cursor: Cursor, separator: Parser<unknown>, item: Parser<T>): readonly T[] {
  const items: T[] = []
  for (;;) {
    const start = cursor.at
    if (items.length > 0 && attempt(cursor, separator) === null) return items
    const next = attempt(cursor, item)
    if (next === null) {
      cursor.at = start
      return items
    }
    items.push(next)
  }
}
