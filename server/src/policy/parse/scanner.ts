import { printable } from '../../kernel/text.ts'
import type { Place } from '../policies.ts'
import { childPath } from './json-node.ts'
import type { PolicyProblem } from './problem.ts'

/** A broken file is reported with so many problems and not more: nobody reads the rest. */
const MAX_PROBLEMS = 100
/** Nothing unquoted in JSON is longer than this. */
const MAX_WORD = 200

/** Reads a text forward; knows line and column of where it is; collects problems. */
export interface Scanner {
  readonly problems: readonly PolicyProblem[]
  peek(): string
  previous(): string
  /** The brackets that are open here and what closes them, the innermost last. */
  readonly open: string[]
  peekText(length: number): string
  next(): void
  atEnd(): boolean
  toEnd(): void
  /** White space and comments; comments, and spaces that JSON does not know, are reported once. */
  skipSpace(): void
  /** After something unreadable: on to the next comma or `close`. */
  skipTo(close: string): void
  place(path: string): Place
  report(code: string, message: string, hint: string | null, path?: string): void
  reportAt(place: Place, code: string, message: string, hint: string | null): void
  /** A quoted string, or `null` when here is none. */
  readString(path: string): string | null
  /** The key of a member, quoted or (reported) bare; `null` when here is none. */
  readKey(path: string): string | null
  /** What stands up to the next space or bracket. */
  readWord(): string
}

const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '”': '”',
  '„': '“',
  '＂': '＂',
}
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

export function createScanner(text: string): Scanner {
  const cursor: Cursor = {
    text,
    at: text.startsWith('\uFEFF') ? 1 : 0,
    lineStarts: lineStartsOf(text),
    problems: [],
    said: new Set(),
  }
  return {
    problems: cursor.problems,
    open: [],
    peek: () => text.charAt(cursor.at),
    previous: () => previousCharacter(text, cursor.at),
    peekText: (length) => text.slice(cursor.at, cursor.at + length),
    next: () => void cursor.at++,
    atEnd: () => cursor.at >= text.length,
    toEnd: () => {
      cursor.at = text.length
    },
    skipSpace: () => skipSpace(cursor),
    skipTo: (close) => {
      while (cursor.at < text.length && text[cursor.at] !== ',' && text[cursor.at] !== close) cursor.at++
    },
    place: (path) => placeAt(cursor, path),
    report: (code, message, hint, path = '$') => report(cursor, placeAt(cursor, path), code, message, hint),
    reportAt: (place, code, message, hint) => report(cursor, place, code, message, hint),
    readString: (path) => readString(cursor, path),
    readKey: (path) => readString(cursor, path) ?? readBareKey(cursor, path),
    readWord: () => take(cursor, /^[^\s,:{}[\]"]*/) ?? '',
  }
}

interface Cursor {
  readonly text: string
  at: number
  readonly lineStarts: readonly number[]
  readonly problems: PolicyProblem[]
  /** Codes of habits, which go through a whole file: each is said once. */
  readonly said: Set<string>
}

const placeAt = (c: Cursor, path: string): Place => ({ path, ...lineAndColumn(c.lineStarts, c.at) })

function report(c: Cursor, where: Place, code: string, message: string, hint: string | null): void {
  if (c.problems.length >= MAX_PROBLEMS) return
  const said = hint === null ? null : printable(hint)
  c.problems.push({ severity: 'error', code, message: printable(message), hint: said, ...where })
}

function reportOnce(c: Cursor, where: Place, code: string, message: string, hint: string): void {
  if (!c.said.has(code)) report(c, where, code, message, hint)
  c.said.add(code)
}

/** The text here that fits, if any, and past it. */
function take(c: Cursor, pattern: RegExp): string | undefined {
  const word = pattern.exec(c.text.slice(c.at, c.at + MAX_WORD))?.[0]
  c.at += word?.length ?? 0
  return word
}

function skipSpace(c: Cursor): void {
  do
    while (/\s/.test(c.text.charAt(c.at))) {
      if (!/[ \t\r\n]/.test(c.text.charAt(c.at))) reportOddSpace(c)
      c.at++
    }
  while (skipComment(c))
}

/** As word processors and web pages write it. */
function reportOddSpace(c: Cursor): void {
  const number = c.text.charCodeAt(c.at).toString(16).toUpperCase().padStart(4, '0')
  const message = `A space that JSON does not know stands here (\`U+${number}\`).`
  reportOnce(c, placeAt(c, '$'), 'odd_space', message, 'Replace it, and others like it, by a plain space.')
}

function skipComment(c: Cursor): boolean {
  const end = commentEnd(c.text, c.at)
  if (end === c.at) return false
  const hint = 'Remove them; a `Sid` can say what a statement is for.'
  reportOnce(c, placeAt(c, '$'), 'comment', 'JSON has no comments.', hint)
  c.at = end
  return true
}

function readString(c: Cursor, path: string): string | null {
  const open = c.text.charAt(c.at)
  const close = CLOSING[open]
  if (close === undefined) return null
  const start = placeAt(c, path)
  if (open !== '"') {
    const message = `\`${open}\` is no quotation mark in JSON.`
    reportOnce(c, start, 'wrong_quote', message, 'Use `"` everywhere.')
  }
  c.at++
  let value = ''
  while (c.at < c.text.length && c.text[c.at] !== close) {
    if (c.text[c.at] === '\n') {
      if (!goesOn(c, close)) break
      reportBreak(c, path)
      take(c, /^\s+/)
    } else value += readCharacter(c, path)
  }
  if (c.text[c.at] === close) {
    c.at++
    return value
  }
  const text = withoutEnd(c, value)
  report(
    c,
    start,
    'unclosed_string',
    `The text \`${text.slice(0, 30)}\` is not closed on its line.`,
    'Add `"`.',
  )
  return text
}

/** Lines over which a text is looked for that was broken by an editor or a mail. */
const MAX_BREAK = 500

/** Whether a text goes on in the next lines: there the next quotation mark ends something, and begins nothing. */
function goesOn(c: Cursor, close: string): boolean {
  const rest = c.text.slice(c.at, c.at + MAX_BREAK)
  const end = rest.indexOf(close)
  return end >= 0 && /^\s*[,:\]}]/.test(rest.slice(end + 1)) && !/[{}[\]]/.test(rest.slice(0, end))
}

function reportBreak(c: Cursor, path: string): void {
  const message = 'A text is broken into several lines.'
  report(c, placeAt(c, path), 'line_break', message, 'Write it on one line; `\\n` stands for a line break.')
}

/** Commas and brackets at the end of a line whose text was not closed belong to what is around it. */
function withoutEnd(c: Cursor, value: string): string {
  const text = value.replace(/(?<![\s,\]}])[\s,\]}]+$/, '')
  if (text === '') return value
  c.at -= value.length - text.length
  return text
}

function readCharacter(c: Cursor, path: string): string {
  const character = c.text.charAt(c.at)
  if (character === '\\') return readEscape(c, path)
  if (character < ' ')
    report(
      c,
      placeAt(c, path),
      'control_character',
      'A control character stands in a text.',
      'Write `\\t` or remove it.',
    )
  c.at++
  return character
}

function readEscape(c: Cursor, path: string): string {
  const escaped = c.text.charAt(c.at + 1)
  const hex = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(c.text.slice(c.at + 2, c.at + 6))?.[0] : undefined
  const plain = ESCAPES[escaped]
  if (hex === undefined && plain === undefined)
    report(
      c,
      placeAt(c, path),
      'bad_escape',
      `\`\\${escaped}\` is no escape of JSON.`,
      'Write `\\\\` for a backslash.',
    )
  c.at += hex === undefined ? 2 : 6
  return hex === undefined ? (plain ?? escaped) : String.fromCharCode(Number.parseInt(hex, 16))
}

function readBareKey(c: Cursor, path: string): string | null {
  const where = placeAt(c, path)
  const word = take(c, /^[A-Za-z_$][\w$-]*/)
  if (word === undefined) {
    const message = `\`${c.text.slice(c.at, c.at + 12)}\` stands where a key should.`
    report(c, where, 'expected_key', message, 'Keys are texts in `"`.')
    c.at++
    return null
  }
  const place = { ...where, path: childPath(path, word) }
  report(c, place, 'bare_key', `The key \`${word}\` has no quotes.`, `Write \`"${word}"\`.`)
  return word
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}

/** Binary search for the line; columns count UTF-16 units from 1, as editors do. */
function lineAndColumn(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

function commentEnd(text: string, at: number): number {
  if (text.startsWith('//', at) || text.charAt(at) === '#') {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (!text.startsWith('/*', at)) return at
  const end = text.indexOf('*/', at)
  return end < 0 ? text.length : end + 2
}

function previousCharacter(text: string, at: number): string {
  for (let i = at - 1; i >= 0; i--) if (!/\s/.test(text.charAt(i))) return text.charAt(i)
  return ''
}
