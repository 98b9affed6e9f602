import { type CharSet, CLASSES, type CodeRange, cased, negate, POSIX, RegexError } from './ast.ts'

interface Reader {
  readonly text: string
  at: number
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 }
const HEX = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[xuU]\{([0-9A-Fa-f]+)\})/y

/** The code point of an escape such as `\n`, `\x41`, `\.`; letters that mean nothing are errors, as in Rust. */
export function charEscape(reader: Reader): number {
  HEX.lastIndex = reader.at
  const hex = HEX.exec(reader.text)
  if (hex !== null) {
    reader.at += hex[0].length
    return Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? hex[4] ?? '0', 16)
  }
  const point = reader.text.codePointAt(reader.at + 1)
  if (point === undefined) throw new RegexError('it ends with a single backslash.')
  const char = String.fromCodePoint(point)
  const known = ESCAPES[char]
  if (known === undefined && /[0-9A-Za-z]/.test(char))
    throw new RegexError(`the escape \`\\${char}\` is not known.`)
  reader.at += 1 + char.length
  return known ?? point
}

const PROPERTY = /\\([pP])(?:\{(\^?)([^}]+)\}|([A-Za-z]))/y

/** `\p{…}`; null when there is none here. */
export function propertyOf(reader: Reader): CharSet | null {
  PROPERTY.lastIndex = reader.at
  const found = PROPERTY.exec(reader.text)
  if (found === null) return null
  const name = jsProperty(found[3] ?? found[4] ?? '')
  reader.at += found[0].length
  return { kind: 'property', name, negated: (found[1] === 'P') !== (found[2] === '^') }
}

function jsProperty(name: string): string {
  const candidates = [
    name,
    `Script=${name}`,
    name[0]?.toUpperCase() + name.slice(1),
    `Script=${name[0]?.toUpperCase()}${name.slice(1)}`,
  ]
  const found = candidates.find(isProperty)
  if (found === undefined) throw new RegexError(`the Unicode class \`${name}\` is not known.`)
  return found
}

function isProperty(name: string): boolean {
  if (!/^[\w=]+$/.test(name)) return false
  try {
    new RegExp(`\\p{${name}}`, 'v')
    return true
  } catch {
    return false
  }
}

/** `[…]` with ranges, classes, nested classes and the operators `&&`, `--`, `~~`. */
export function parseClass(reader: Reader, ignoreCase: boolean): CharSet {
  const negated = reader.text[reader.at + 1] === '^'
  reader.at += negated ? 2 : 1
  let left = items(reader, ignoreCase)
  for (let operator = setOperator(reader); operator !== null; operator = setOperator(reader)) {
    const right = items(reader, ignoreCase)
    left = combined(left, right, operator)
  }
  if (reader.text[reader.at] !== ']') throw new RegexError('a `[` has no `]`.')
  reader.at += 1
  return negated ? negate(left) : left
}

function combined(left: CharSet, right: CharSet, operator: string): CharSet {
  if (operator === '&&') return { kind: 'both', left, right, except: false }
  const difference: CharSet = { kind: 'both', left, right, except: true }
  if (operator === '--') return difference
  return {
    kind: 'union',
    sets: [difference, { kind: 'both', left: right, right: left, except: true }],
    negated: false,
  }
}

function setOperator(reader: Reader): string | null {
  const found = ['&&', '--', '~~'].find((o) => reader.text.startsWith(o, reader.at)) ?? null
  if (found !== null) reader.at += 2
  return found
}

function items(reader: Reader, ignoreCase: boolean): CharSet {
  const sets: CharSet[] = []
  const ranges: CodeRange[] = []
  for (let first = true; ; first = false) {
    const char = reader.text[reader.at]
    if (char === undefined) throw new RegexError('a `[` has no `]`.')
    if (
      (char === ']' && !first) ||
      (!first && /^(?:&&|--|~~)/.test(reader.text.slice(reader.at, reader.at + 2)))
    )
      break
    const set = nested(reader, ignoreCase)
    if (set !== null) sets.push(set)
    else ranges.push(range(reader))
  }
  const plain: CharSet = { kind: 'ranges', ranges: cased(ranges, ignoreCase), negated: false }
  if (sets.length === 0) return plain
  return { kind: 'union', sets: ranges.length === 0 ? sets : [...sets, plain], negated: false }
}

const POSIX_CLASS = /\[:(\^?)(\w+):\]/y

function nested(reader: Reader, ignoreCase: boolean): CharSet | null {
  POSIX_CLASS.lastIndex = reader.at
  const posix = POSIX_CLASS.exec(reader.text)
  const named = POSIX[posix?.[2] ?? '']
  if (posix !== null && named !== undefined) {
    reader.at += posix[0].length
    return posix[1] === '^' ? negate(named) : named
  }
  if (reader.text[reader.at] === '[') return parseClass(reader, ignoreCase)
  if (reader.text[reader.at] !== '\\') return null
  const letter = reader.text[reader.at + 1] ?? ''
  const set = letter === '' ? undefined : CLASSES[letter.toLowerCase()]
  if (set === undefined) return propertyOf(reader)
  reader.at += 2
  return letter === letter.toLowerCase() ? set : negate(set)
}

function range(reader: Reader): CodeRange {
  const from = classChar(reader)
  const dash = reader.text[reader.at] === '-' && !/^-[\]-]/.test(reader.text.slice(reader.at, reader.at + 2))
  if (!dash) return [from, from]
  reader.at += 1
  const to = classChar(reader)
  if (to < from) throw new RegexError('a range of characters ends before it starts.')
  return [from, to]
}

function classChar(reader: Reader): number {
  if (reader.text[reader.at] === '\\') return charEscape(reader)
  const point = reader.text.codePointAt(reader.at)
  if (point === undefined) throw new RegexError('a `[` has no `]`.')
  reader.at += point > 0xffff ? 2 : 1
  return point
}
