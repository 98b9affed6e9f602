import type { Place } from '../policies.ts'
import {
  childPath,
  type JsonArray,
  type JsonMember,
  type JsonNode,
  type JsonObject,
  MAX_DEPTH,
} from './json-node.ts'
import { otherFormat } from './other-format.ts'
import type { PolicyProblem } from './problem.ts'
import { createScanner, type Scanner } from './scanner.ts'

export interface ParsedJson {
  /** `null` when nothing could be read. What was repaired on the way is in `problems`. */
  readonly root: JsonNode | null
  readonly problems: readonly PolicyProblem[]
}

/** Far above any policy (the largest AWS takes is 20,480 characters), below what would hang a browser. */
const MAX_CHARACTERS = 8_000_000

/**
 * JSON with places. It goes on after what people really send (comments, trailing or missing commas, single
 * or typographic quotes), so that one look shows all that is wrong; each of these is an error all the same.
 */
export function parseJson(text: string): ParsedJson {
  const scanner = createScanner(text)
  if (text.length > MAX_CHARACTERS) {
    scanner.report('too_large', `The text has ${text.length} characters.`, `Send at most ${MAX_CHARACTERS}.`)
    return { root: null, problems: scanner.problems }
  }
  const other = otherFormat(text)
  if (other !== null) {
    scanner.report('other_format', other.message, other.hint)
    return { root: null, problems: scanner.problems }
  }
  scanner.skipSpace()
  if (scanner.atEnd()) {
    scanner.report(
      'empty',
      'The document is empty.',
      'Write a policy: `{"Version": "2012-10-17", "Statement": [ … ]}`.',
    )
    return { root: null, problems: scanner.problems }
  }
  const root = parseValue(scanner, '$', 0)
  scanner.skipSpace()
  if (root !== null && !scanner.atEnd())
    scanner.report(
      'text_after_document',
      `There is more text after the end of the document: \`${scanner.peekText(20)}\`.`,
      'One document per file; remove the rest, or look for a closing bracket too many.',
    )
  return { root, problems: scanner.problems }
}

function parseValue(s: Scanner, path: string, depth: number): JsonNode | null {
  s.skipSpace()
  if (depth > MAX_DEPTH) {
    s.report('too_deep', `The document is nested deeper than ${MAX_DEPTH}.`, null, path)
    s.toEnd()
    return null
  }
  if (s.peek() === '{') return parseObject(s, path, depth)
  if (s.peek() === '[') return parseArray(s, path, depth)
  return parseScalar(s, path)
}

function parseObject(s: Scanner, path: string, depth: number): JsonObject {
  const place = s.place(path)
  const members: JsonMember[] = []
  const keys = new Set<string>()
  s.next()
  readItems(s, '}', place, () => {
    const member = parseMember(s, path, depth)
    if (member === null) return false
    if (keys.has(member.key))
      s.reportAt(
        member.place,
        'duplicate_key',
        `The key \`${member.key}\` occurs twice in one object.`,
        'AWS takes each key once: put all values into one list.',
      )
    keys.add(member.key)
    members.push(member)
    return true
  })
  return { kind: 'object', ...place, members }
}

function parseMember(s: Scanner, path: string, depth: number): JsonMember | null {
  const at = s.place(path)
  const key = s.readKey(path)
  if (key === null) return null
  const place = { ...at, path: childPath(path, key) }
  s.skipSpace()
  if (s.peek() === ':') s.next()
  else if (s.peek() === '=') {
    s.report('wrong_separator', `After the key \`${key}\` stands \`=\`.`, 'JSON wants a colon.', place.path)
    s.next()
  } else s.report('missing_colon', `After the key \`${key}\` the colon is missing.`, null, place.path)
  const value = parseValue(s, place.path, depth + 1)
  return value === null ? null : { key, place, value }
}

function parseArray(s: Scanner, path: string, depth: number): JsonArray {
  const place = s.place(path)
  const items: JsonNode[] = []
  s.next()
  readItems(s, ']', place, () => {
    const item = parseValue(s, childPath(path, items.length), depth + 1)
    if (item !== null) items.push(item)
    return item !== null
  })
  return { kind: 'array', ...place, items }
}

/** The items of an object or array up to `close`; `one` reads one and says whether it could. */
function readItems(s: Scanner, close: string, opened: Place, one: () => boolean): void {
  s.open.push(close)
  readUpTo(s, close, opened, one)
  s.open.pop()
}

function readUpTo(s: Scanner, close: string, opened: Place, one: () => boolean): void {
  const { path } = opened
  let comma = true
  for (;;) {
    s.skipSpace()
    if (s.atEnd()) {
      // Said once: what is open around it is open for the same reason.
      if (!s.problems.some(({ code }) => code === 'unclosed' || code === 'too_deep'))
        s.report(
          'unclosed',
          `The document ends before the closing \`${close}\`.`,
          'Close every bracket.',
          path,
        )
      return
    }
    if (s.peek() === close) break
    if (s.peek() === ']' || s.peek() === '}') {
      if (closesOuter(s, close, opened)) return
      continue
    }
    if (s.peek() === ',') {
      if (comma) s.report('extra_comma', 'There is a comma too many.', 'Remove it.', path)
      comma = true
      s.next()
      continue
    }
    if (!comma) s.report('missing_comma', `Before \`${s.peekText(12)}\` a comma is missing.`, null, path)
    if (!one()) s.skipTo(close)
    comma = false
  }
  if (comma && s.previous() === ',')
    s.report('trailing_comma', `After the last item stands a comma before \`${close}\`.`, 'Remove it.', path)
  s.next()
}

/**
 * At a bracket of the other kind. Where something around is waiting for it, what is open here was never closed; else it closes
 * nothing, and is passed over.
 */
function closesOuter(s: Scanner, close: string, { path, line, column }: Place): boolean {
  const found = s.peek()
  const outer = s.open.includes(found)
  if (outer)
    s.report(
      'unclosed',
      `What begins on line ${line}, column ${column} is not closed with \`${close}\` before this \`${found}\`.`,
      `Add \`${close}\`.`,
      path,
    )
  else {
    s.report('extra_bracket', `\`${found}\` closes nothing here.`, 'Remove it.', path)
    s.next()
  }
  return outer
}

function parseScalar(s: Scanner, path: string): JsonNode | null {
  const place = s.place(path)
  const text = s.readString(path)
  if (text !== null) return { kind: 'scalar', ...place, value: text, text }
  const word = s.readWord()
  const literal = LITERALS.get(word)
  if (literal !== undefined) return { kind: 'scalar', ...place, value: literal, text: word }
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word))
    return { kind: 'scalar', ...place, value: Number(word), text: word }
  if (word === '') {
    if (s.atEnd()) s.reportAt(place, 'unclosed', 'The document ends where a value should stand.', null)
    else
      s.reportAt(
        place,
        'unexpected',
        `\`${s.peekText(12)}\` cannot stand here.`,
        'A value is missing before it.',
      )
    return null
  }
  s.reportAt(place, 'not_json', `\`${word}\` is no JSON value.`, wordHint(word))
  return { kind: 'scalar', ...place, value: word, text: word }
}

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

function wordHint(word: string): string {
  const lower = word.toLowerCase()
  if (lower === 'none' || LITERALS.has(lower)) return `Write \`${lower === 'none' ? 'null' : lower}\`.`
  return `Put text into double quotes: \`"${word}"\`.`
}
