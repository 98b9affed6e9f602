import { GUARD_LIMITS } from '../limits.ts'
import { type Position, placeOf } from './positions.ts'
import { GuardSyntaxError } from './problem.ts'
import { asFloat, type GuardValue, intOf, setMember } from './value.ts'

export interface Scanned {
  readonly value: GuardValue
  readonly position: Position
}

interface Cursor {
  readonly text: string
  at: number
  depth: number
}

/** JSON with the place of every value, ints of 64 bits, and floats told from ints. */
export function scanJson(text: string): Scanned {
  const cursor: Cursor = { text, at: 0, depth: 0 }
  skip(cursor)
  const scanned = scanValue(cursor)
  skip(cursor)
  if (cursor.at < text.length) throw wrong(cursor, 'After the document there is more text.')
  return scanned
}

const wrong = (cursor: Cursor, message: string): GuardSyntaxError =>
  new GuardSyntaxError('bad_document', { ...placeOf(cursor.text, cursor.at), message, hint: null })

function skip(cursor: Cursor): void {
  const { text } = cursor
  for (;;) {
    const code = text.charCodeAt(cursor.at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
    cursor.at += 1
  }
}

function scanValue(cursor: Cursor): Scanned {
  const offset = cursor.at
  switch (cursor.text[offset]) {
    case '{':
      return nested(cursor, scanObject)
    case '[':
      return nested(cursor, scanArray)
    case '"':
      return leaf(scanString(cursor), offset)
    default:
      return leaf(scanWord(cursor), offset)
  }
}

const leaf = (value: GuardValue, offset: number): Scanned => ({ value, position: { offset, members: null } })

function nested(cursor: Cursor, scan: (cursor: Cursor) => Scanned): Scanned {
  cursor.depth += 1
  if (cursor.depth > GUARD_LIMITS.depth)
    throw wrong(cursor, `The document is nested deeper than ${GUARD_LIMITS.depth} levels.`)
  const scanned = scan(cursor)
  cursor.depth -= 1
  return scanned
}

function scanObject(cursor: Cursor): Scanned {
  const offset = cursor.at
  const value: Record<string, GuardValue> = {}
  const members = new Map<string, Position>()
  eachItem(cursor, '}', () => {
    if (cursor.text[cursor.at] !== '"') throw wrong(cursor, 'A member name in double quotes is expected.')
    const key = scanString(cursor)
    skip(cursor)
    if (cursor.text[cursor.at] !== ':') throw wrong(cursor, `After the name \`${key}\` a colon is expected.`)
    cursor.at += 1
    skip(cursor)
    const member = scanValue(cursor)
    setMember(value, key, member.value)
    members.set(key, member.position)
  })
  return { value, position: { offset, members } }
}

function scanArray(cursor: Cursor): Scanned {
  const offset = cursor.at
  const value: GuardValue[] = []
  const members = new Map<string, Position>()
  eachItem(cursor, ']', () => {
    const item = scanValue(cursor)
    members.set(String(value.length), item.position)
    value.push(item.value)
  })
  return { value, position: { offset, members } }
}

function eachItem(cursor: Cursor, close: string, scan: () => void): void {
  cursor.at += 1
  skip(cursor)
  if (cursor.text[cursor.at] === close) {
    cursor.at += 1
    return
  }
  for (;;) {
    scan()
    skip(cursor)
    const next = cursor.text[cursor.at]
    if (next !== ',' && next !== close) throw wrong(cursor, `\`,\` or \`${close}\` is expected.`)
    cursor.at += 1
    if (next === close) return
    skip(cursor)
  }
}

function scanString(cursor: Cursor): string {
  const start = cursor.at
  for (let i = start + 1; i < cursor.text.length; i++) {
    const c = cursor.text[i]
    if (c === '\\') i += 1
    else if (c === '"') {
      const string = parsed(cursor.text.slice(start, i + 1))
      if (string === null) throw wrong(cursor, 'The text in quotes has a bad escape or a control character.')
      cursor.at = i + 1
      return string
    }
  }
  throw wrong(cursor, 'The text in quotes does not end.')
}

function parsed(literal: string): string | null {
  try {
    return JSON.parse(literal) as string
  } catch {
    return null
  }
}

const WORD = /[-+.\w]+/y
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/

function scanWord(cursor: Cursor): GuardValue {
  WORD.lastIndex = cursor.at
  const word = WORD.exec(cursor.text)?.[0] ?? ''
  const value = valueOfWord(word)
  if (value === undefined)
    throw wrong(cursor, `\`${word || (cursor.text[cursor.at] ?? 'end of text')}\` is no JSON value.`)
  cursor.at += word.length
  return value
}

function valueOfWord(word: string): GuardValue | undefined {
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  const number = NUMBER.exec(word)
  if (number === null) return undefined
  if (number[1] === undefined && number[2] === undefined) return intOf(word) ?? asFloat(Number(word))
  return asFloat(Number(word))
}
