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
  /** What would have been right at the furthest place; `sign`: the text itself, to be quoted. */
  readonly furthest: { at: number; expected: string; sign: boolean }
  /**
   * Where clauses and calls were looked for in vain. Forms that start alike are tried one after the other: without this
   * memory a form that is broken in its depth costs 2^depth. What was found is not looked for again.
   */
  readonly failed: Set<number>
  /** Filters hold clauses, and clauses hold queries with filters: the knot is tied here. */
  readonly clause: (cursor: Cursor) => Clause | null
}

export type Parser<T> = (cursor: Cursor) => T | null

export const cursorOf = (text: string, clause: Parser<Clause>): Cursor => ({
  text,
  at: 0,
  depth: 0,
  furthest: { at: 0, expected: 'a rule', sign: false },
  failed: new Set(),
  clause,
})

/** Notes what would have been right here; always null, so that a parser can return it. */
export function expected(cursor: Cursor, what: string, sign = false): null {
  const { furthest } = cursor
  if (cursor.at < furthest.at) return null
  furthest.at = cursor.at
  furthest.expected = what
  furthest.sign = sign
  return null
}

/** The error of a text that fits no form, at the furthest place that was reached. */
export function syntaxError(cursor: Cursor, message?: string, hint: string | null = null): GuardSyntaxError {
  const { at, sign, expected: expectedThere } = cursor.furthest
  const what = sign ? `\`${expectedThere}\`` : expectedThere
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

const FORMS = { clause: 0, call: 1 } as const

/** Looks for a form at most once at a place where it is not, and counts how deep forms hold forms. */
export function nested<T>(form: keyof typeof FORMS, parser: Parser<T>): Parser<T> {
  return (cursor) => {
    const key = 2 * cursor.at + FORMS[form]
    if (cursor.failed.has(key)) return null
    const result = deeper(cursor, parser)
    if (result === null) cursor.failed.add(key)
    return result
  }
}

export function deeper<T>(cursor: Cursor, parser: Parser<T>): T | null {
  if (cursor.depth >= GUARD_LIMITS.depth)
    throw syntaxError(cursor, `The rule is nested deeper than ${GUARD_LIMITS.depth} levels.`)
  cursor.depth += 1
  const result = parser(cursor)
  cursor.depth -= 1 // An error ends the whole parse, so that nothing is to be put right then.
  return result
}

const [TAB, NEWLINE, RETURN, SPACE, HASH] = [9, 10, 13, 32, 35]

/** Where white space and comments end. */
function afterBlanks(text: string, from: number): number {
  for (let at = from; ; ) {
    const code = text.charCodeAt(at)
    if (code === SPACE || code === NEWLINE || code === RETURN || code === TAB) at += 1
    else if (code !== HASH) return at
    else {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    }
  }
}

/** Skips white space and comments. */
export function blank(cursor: Cursor): void {
  cursor.at = afterBlanks(cursor.text, cursor.at)
}

/** The same, of which there must be some. */
export function blanks(cursor: Cursor): true | null {
  const end = afterBlanks(cursor.text, cursor.at)
  if (end === cursor.at) return expected(cursor, 'white space')
  cursor.at = end
  return true
}

/** One of the words, wherever it may continue: cfn-guard reads `in` in `internal` too. */
export function word(cursor: Cursor, words: readonly string[], what?: string): string | null {
  for (const one of words)
    if (cursor.text.startsWith(one, cursor.at)) {
      cursor.at += one.length
      return one
    }
  return what === undefined ? expected(cursor, words[0] ?? '', true) : expected(cursor, what)
}

/** A sticky regular expression at this place; its text. */
export function token(cursor: Cursor, pattern: RegExp, what: string): string | null {
  pattern.lastIndex = cursor.at
  if (!pattern.test(cursor.text)) return expected(cursor, what)
  const found = cursor.text.slice(cursor.at, pattern.lastIndex)
  cursor.at = pattern.lastIndex
  return found
}

/** A mark after white space. */
export function mark(cursor: Cursor, sign: string): string | null {
  const start = cursor.at
  blank(cursor)
  if (cursor.text.startsWith(sign, cursor.at)) {
    cursor.at += sign.length
    return sign
  }
  expected(cursor, sign, true)
  cursor.at = start
  return null
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
