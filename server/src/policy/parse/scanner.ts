import type { Place } from '../policies.ts'
import { childPath } from './json-node.ts'
import type { PolicyProblem } from './problem.ts'

/** A broken file is reported with so many problems and not more: nobody reads the rest. */
const MAX_PROBLEMS = 100

/** Reads a text forward; knows line and column of where it is; collects problems. */
export interface Scanner {
  readonly problems: readonly PolicyProblem[]
  peek(): string
  previous(): string
  peekText(length: number): string
  next(): void
  atEnd(): boolean
  toEnd(): void
  /** White space and comments; comments are reported once. */
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
  const lineStarts = lineStartsOf(text)
  const problems: PolicyProblem[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let comments = false

  const peek = () => text.charAt(at)
  const place = (path: string, offset = at): Place => ({ path, ...lineAndColumn(lineStarts, offset) })
  const reportAt = (where: Place, code: string, message: string, hint: string | null) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ severity: 'error', code, message, hint, ...where })
  }
  const report = (code: string, message: string, hint: string | null, path = '$') =>
    reportAt(place(path), code, message, hint)

  const skipComment = (): boolean => {
    const end = commentEnd(text, at)
    if (end === at) return false
    if (!comments)
      report('comment', 'JSON has no comments.', 'Remove them; a `Sid` can say what a statement is for.')
    comments = true
    at = end
    return true
  }

  const readString = (path: string): string | null => {
    const open = peek()
    const close = CLOSING[open]
    if (close === undefined) return null
    if (open !== '"') report('wrong_quote', `\`${open}\` is no quotation mark in JSON.`, 'Use `"`.', path)
    const start = place(path)
    at++
    let value = ''
    while (at < text.length && peek() !== close && peek() !== '\n') value += readCharacter(path)
    if (peek() === close) at++
    else
      reportAt(
        start,
        'unclosed_string',
        `The text \`${value.slice(0, 30)}\` is not closed on its line.`,
        'Add `"`.',
      )
    return value
  }

  const readCharacter = (path: string): string => {
    const c = peek()
    if (c !== '\\') {
      if (c < ' ')
        report(
          'control_character',
          'A control character stands in a text.',
          'Write `\\t` or remove it.',
          path,
        )
      at++
      return c
    }
    const escaped = text.charAt(at + 1)
    const hex = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0] : undefined
    const plain = ESCAPES[escaped]
    if (hex === undefined && plain === undefined)
      report('bad_escape', `\`\\${escaped}\` is no escape of JSON.`, 'Write `\\\\` for a backslash.', path)
    at += hex === undefined ? 2 : 6
    return hex === undefined ? (plain ?? escaped) : String.fromCharCode(Number.parseInt(hex, 16))
  }

  const readWord = (): string => {
    const word = /^[^\s,:{}[\]"]*/.exec(text.slice(at, at + 200))?.[0] ?? ''
    at += word.length
    return word
  }

  return {
    problems,
    peek,
    previous: () => previousCharacter(text, at),
    peekText: (length) => text.slice(at, at + length),
    next: () => void at++,
    atEnd: () => at >= text.length,
    toEnd: () => {
      at = text.length
    },
    skipSpace: () => {
      do while (/\s/.test(peek())) at++
      while (skipComment())
    },
    skipTo: (close) => {
      while (at < text.length && peek() !== ',' && peek() !== close) at++
    },
    place: (path) => place(path),
    report,
    reportAt,
    readString,
    readWord,
    readKey: (path) => {
      const where = place(path)
      const quoted = readString(path)
      if (quoted !== null) return quoted
      const word = /^[A-Za-z_$][\w$-]*/.exec(text.slice(at, at + 200))?.[0]
      if (word === undefined) {
        reportAt(
          where,
          'expected_key',
          `\`${text.slice(at, at + 12)}\` stands where a key should.`,
          'Keys are texts in `"`.',
        )
        at++
        return null
      }
      at += word.length
      reportAt(
        { ...where, path: childPath(path, word) },
        'bare_key',
        `The key \`${word}\` has no quotes.`,
        `Write \`"${word}"\`.`,
      )
      return word
    },
  }
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
