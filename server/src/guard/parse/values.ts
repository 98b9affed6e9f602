import { asFloat, Char, type GuardValue, intOf, Pattern, Range, setMember } from '../document/value.ts'
import { compileRegex, RegexError } from '../regex/regex.ts'
import {
  attempt,
  blank,
  type Cursor,
  deeper,
  expected,
  firstOf,
  mark,
  type Parser,
  separated,
  syntaxError,
  token,
  word,
} from './cursor.ts'

/** Parsers answer null for «not here», so a value is boxed: `null` is a value. */
export interface Boxed {
  readonly value: GuardValue
}

const boxed = (value: GuardValue): Boxed => ({ value })

export const parseValue: Parser<Boxed> = (cursor) => deeper(cursor, anyValue)

const anyValue: Parser<Boxed> = (c) => {
  blank(c)
  const form = formOf(c.text.charAt(c.at))
  return (form === null ? null : attempt(c, form)) ?? expected(c, 'a value')
}

/** The first character tells what a value can be. */
function formOf(first: string): Parser<Boxed> | null {
  switch (first) {
    case 'n':
    case 'N':
      return nullValue
    case '"':
    case "'":
      return stringValue
    case 't':
    case 'T':
    case 'f':
    case 'F':
      return boolValue
    case '/':
      return regexValue
    case 'r':
      return rangeValue
    case '[':
      return listValue
    case '{':
      return mapValue
    default:
      return first === '-' || (first >= '0' && first <= '9') ? numberValue : null
  }
}

const numberValue: Parser<Boxed> = (c) => attempt(c, floatValue) ?? intValue(c)

const nullValue: Parser<Boxed> = (c) => (word(c, ['null', 'NULL'], 'a value') === null ? null : boxed(null))

const boolValue: Parser<Boxed> = (c) => {
  const found = word(c, ['true', 'True', 'false', 'False'], 'a value')
  return found === null ? null : boxed(found.toLowerCase() === 'true')
}

const stringValue: Parser<Boxed> = (c) => {
  const text = parseString(c)
  return text === null ? null : boxed(text)
}

/** A text in single or double quotes; a backslash before the quote puts the quote into the text and means nothing else. */
export const parseString: Parser<string> = (cursor) => {
  const quote = cursor.text[cursor.at]
  if (quote !== '"' && quote !== "'") return expected(cursor, 'a text in quotes')
  const read = untilDelimiter(cursor.text, cursor.at + 1, quote)
  if (read === null) throw syntaxError(cursor, `The text that starts with ${quote} here does not end.`)
  cursor.at = read.end + 1
  return read.text
}

function untilDelimiter(
  text: string,
  start: number,
  delimiter: string,
): { text: string; end: number } | null {
  let result = ''
  for (let from = start; ; ) {
    const end = text.indexOf(delimiter, from)
    if (end < 0) return null
    const piece = text.slice(from, end)
    if (!piece.endsWith('\\')) return { text: result + piece, end }
    result += piece.slice(0, -1) + delimiter
    from = end + 1
  }
}

const FLOAT = /\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]\d+)/y
const INT = /-?\d+/y

const floatValue: Parser<Boxed> = (c) => {
  const text = token(c, FLOAT, 'a value')
  return text === null ? null : boxed(asFloat(Number(text)))
}

export const parseInt64: Parser<number | bigint> = (c) => {
  const text = token(c, INT, 'a number')
  if (text === null) return null
  return intOf(text)
}

const intValue: Parser<Boxed> = (c) => {
  const int = parseInt64(c)
  return int === null ? null : boxed(int)
}

const regexValue: Parser<Boxed> = (cursor) => {
  if (cursor.text[cursor.at] !== '/') return expected(cursor, 'a value')
  const read = untilDelimiter(cursor.text, cursor.at + 1, '/')
  if (read === null)
    throw syntaxError(cursor, 'The regular expression that starts here does not end.', 'Close it with `/`.')
  // cfn-guard wants at least one character after every `\/`, and none of its regular expressions is empty.
  if (read.text === '' || cursor.text.startsWith('\\/', read.end - 2))
    return expected(cursor, 'a regular expression')
  const pattern = patternOf(cursor, read.text)
  cursor.at = read.end + 1
  return boxed(pattern)
}

function patternOf(cursor: Cursor, source: string): Pattern {
  try {
    return new Pattern(source, compileRegex(source).test)
  } catch (error) {
    if (error instanceof RegexError)
      throw syntaxError(cursor, `The regular expression \`/${source}/\` is wrong: ${error.message}`)
    throw error
  }
}

const SPACES = /[ \t]*/y

const bound: Parser<Boxed> = (c) => {
  token(c, SPACES, '')
  const value = firstOf(c, [floatValue, intValue, charValue])
  token(c, SPACES, '')
  return value
}

const charValue: Parser<Boxed> = (c) => {
  const point = c.text.codePointAt(c.at)
  if (point === undefined) return expected(c, 'a character')
  const char = String.fromCodePoint(point)
  c.at += char.length
  return boxed(new Char(char))
}

const rangeValue: Parser<Boxed> = (c) => {
  if (word(c, ['r'], 'a value') === null) return null
  const open = word(c, ['(', '['])
  const lower = open === null ? null : bound(c)
  const comma = lower === null ? null : word(c, [','])
  const upper = comma === null ? null : bound(c)
  const close = upper === null ? null : word(c, [')', ']'])
  if (lower === null || upper === null || close === null) return null
  return boxed(rangeOf(c, lower.value, upper.value, [open === '[', close === ']']))
}

function rangeOf(
  c: Cursor,
  lower: GuardValue,
  upper: GuardValue,
  inclusive: readonly [boolean, boolean],
): Range {
  const [low, high] = [boundOf(lower), boundOf(upper)]
  if (low.of !== high.of)
    throw syntaxError(
      c,
      'A range has two ints, two floats or two characters.',
      'Write for instance `r[1, 10]` or `r(0.5, 1.0]`.',
    )
  return new Range(low.of, [low.value, high.value], inclusive)
}

function boundOf(value: GuardValue): { of: 'int' | 'float' | 'char'; value: number | bigint | string } {
  if (value instanceof Char) return { of: 'char', value: value.value }
  if (typeof value === 'bigint') return { of: 'int', value }
  if (typeof value === 'number') return { of: Number.isInteger(value) ? 'int' : 'float', value }
  return { of: 'float', value: (value as { value: number }).value }
}

const listValue: Parser<Boxed> = (c) => {
  if (mark(c, '[') === null) return null
  const items = separated(c, (x) => mark(x, ','), parseValue)
  return mark(c, ']') === null ? null : boxed(items.map(({ value }) => value))
}

const NAME_OF_MEMBER = /[\p{L}\p{N}_-]+/uy

const member: Parser<{ key: string; value: GuardValue }> = (c) => {
  blank(c)
  const key = attempt(c, (x) => token(x, NAME_OF_MEMBER, 'a member name')) ?? attempt(c, parseString)
  if (key === null || mark(c, ':') === null) return null
  const value = parseValue(c)
  return value === null ? null : { key, value: value.value }
}

const mapValue: Parser<Boxed> = (c) => {
  if (word(c, ['{'], 'a value') === null) return null
  const members = separated(c, (x) => mark(x, ','), member)
  if (mark(c, '}') === null) return null
  const map: Record<string, GuardValue> = {}
  for (const { key, value } of members) setMember(map, key, value)
  return boxed(map)
}
