import { type Anchor, type CharSet, CLASSES, type Node, negate, one, RegexError } from './ast.ts'
import { charEscape, parseClass, propertyOf } from './classes.ts'

export interface Reader {
  readonly text: string
  at: number
  groups: number
  depth: number
  readonly names: Map<string, number>
}

interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly U: boolean
  readonly x: boolean
}

export interface Parsed {
  readonly node: Node
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

const MAX_DEPTH = 100
const MAX_REPEAT = 1000

/** @throws {RegexError} */
export function parseRegex(source: string): Parsed {
  const reader: Reader = { text: source, at: 0, groups: 0, depth: 0, names: new Map() }
  const node = choice(reader, { i: false, m: false, s: false, U: false, x: false })
  if (reader.at < source.length) throw new RegexError('a `)` has no `(`.')
  return { node, groups: reader.groups, names: reader.names }
}

function choice(reader: Reader, flags: Flags): Node {
  reader.depth += 1
  if (reader.depth > MAX_DEPTH) throw new RegexError(`groups are nested deeper than ${MAX_DEPTH}.`)
  const state = { flags }
  const items = [sequence(reader, state)]
  while (reader.text[reader.at] === '|') {
    reader.at += 1
    items.push(sequence(reader, state))
  }
  reader.depth -= 1
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'choice', items }
}

/** Flags such as `(?i)` hold to the end of their group, past `|`. */
function sequence(reader: Reader, state: { flags: Flags }): Node {
  const items: Node[] = []
  for (;;) {
    if (state.flags.x) skipVerbose(reader)
    const next = reader.text[reader.at]
    if (next === undefined || next === '|' || next === ')') break
    const set = flagsOnly(reader, state.flags)
    if (set !== null) {
      state.flags = set
      continue
    }
    items.push(repeated(reader, state.flags, atom(reader, state.flags)))
  }
  return { kind: 'sequence', items }
}

function skipVerbose(reader: Reader): void {
  const blank = /(?:\s+|#[^\n]*)*/y
  blank.lastIndex = reader.at
  reader.at += blank.exec(reader.text)?.[0].length ?? 0
}

const FLAGS = /\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y

function readFlags(reader: Reader, flags: Flags, end: ':' | ')'): Flags | null {
  FLAGS.lastIndex = reader.at
  const found = FLAGS.exec(reader.text)
  if (found === null || found[3] !== end) return null
  reader.at += found[0].length
  const names = `${found[1] ?? ''}${found[2] ?? ''}`
  if (/[^imsUuxR]/.test(names)) throw new RegexError(`the flags \`${names}\` are not known.`)
  const on = Object.fromEntries([...(found[1] ?? '')].map((f) => [f, true]))
  const off = Object.fromEntries([...(found[2] ?? '')].map((f) => [f, false]))
  return { ...flags, ...on, ...off }
}

const flagsOnly = (reader: Reader, flags: Flags): Flags | null => readFlags(reader, flags, ')')

const COUNT = /\{(\d*)(?:(,)(\d*))?\}/y

function repeated(reader: Reader, flags: Flags, item: Node): Node {
  let node = item
  for (;;) {
    if (flags.x) skipVerbose(reader)
    const count = counted(reader)
    if (count === null) return node
    if (node.kind === 'anchor' && count.min === 0) node = { kind: 'sequence', items: [] }
    const suffix = reader.text[reader.at]
    if (suffix === '?' || suffix === '+') reader.at += 1
    const lazy = (suffix === '?') !== flags.U
    node = {
      kind: 'repeat',
      item: node,
      ...count,
      mode: suffix === '+' ? 'possessive' : lazy ? 'lazy' : 'greedy',
    }
  }
}

function counted(reader: Reader): { min: number; max: number } | null {
  const sign = reader.text[reader.at]
  const simple = sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : sign === '?' ? [0, 1] : null
  if (simple !== null) {
    reader.at += 1
    return { min: simple[0] ?? 0, max: simple[1] ?? 0 }
  }
  COUNT.lastIndex = reader.at
  const found = COUNT.exec(reader.text)
  if (found === null || (!found[1] && !found[3])) return null
  reader.at += found[0].length
  const min = Number(found[1] || 0)
  const max = found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3])
  if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity))
    throw new RegexError(`\`${found[0]}\` repeats more than ${MAX_REPEAT} times.`)
  if (max < min) throw new RegexError(`\`${found[0]}\` ends before it starts.`)
  return { min, max }
}

const anchor = (at: Anchor): Node => ({ kind: 'anchor', at })
const setNode = (set: CharSet): Node => ({ kind: 'set', set })
const NEWLINE: CharSet = { kind: 'ranges', ranges: [[10, 10]], negated: true }
const ANYTHING: CharSet = { kind: 'ranges', ranges: [[0, 0x10ffff]], negated: false }

function atom(reader: Reader, flags: Flags): Node {
  const char = reader.text[reader.at] ?? ''
  switch (char) {
    case '(':
      return group(reader, flags)
    case '[':
      return setNode(parseClass(reader, flags.i))
    case '\\':
      return escaped(reader, flags)
    case '.':
      reader.at += 1
      return setNode(flags.s ? ANYTHING : NEWLINE)
    case '^':
      reader.at += 1
      return anchor(flags.m ? 'line_start' : 'text_start')
    case '$':
      reader.at += 1
      return anchor(flags.m ? 'line_end' : 'text_end')
    case '*':
    case '+':
    case '?':
      throw new RegexError(`\`${char}\` has nothing to repeat.`)
    default:
      return literal(reader, flags)
  }
}

function literal(reader: Reader, flags: Flags): Node {
  const point = reader.text.codePointAt(reader.at) ?? 0
  reader.at += point > 0xffff ? 2 : 1
  return setNode(one(point, flags.i))
}

const LOOKS: readonly (readonly [start: string, behind: boolean, negative: boolean])[] = [
  ['(?=', false, false],
  ['(?!', false, true],
  ['(?<=', true, false],
  ['(?<!', true, true],
]
const NAMED = /\(\?P?<([A-Za-z_][\w.[\]]*)>/y

function group(reader: Reader, flags: Flags): Node {
  const { text } = reader
  for (const [start, behind, negative] of LOOKS)
    if (text.startsWith(start, reader.at)) {
      reader.at += start.length
      return { kind: 'look', item: closed(reader, flags), behind, negative }
    }
  if (text.startsWith('(?>', reader.at)) {
    reader.at += 3
    return { kind: 'atomic', item: closed(reader, flags) }
  }
  const inner = readFlags(reader, flags, ':')
  if (inner !== null) return closed(reader, inner)
  return capture(reader, flags)
}

function capture(reader: Reader, flags: Flags): Node {
  NAMED.lastIndex = reader.at
  const named = NAMED.exec(reader.text)
  if (named === null && reader.text.startsWith('(?', reader.at))
    throw new RegexError(`the group \`${reader.text.slice(reader.at, reader.at + 4)}\` is not known.`)
  reader.at += named?.[0].length ?? 1
  reader.groups += 1
  const index = reader.groups
  const name = named?.[1] ?? null
  if (name !== null) reader.names.set(name, index)
  return { kind: 'group', item: closed(reader, flags), index, name }
}

function closed(reader: Reader, flags: Flags): Node {
  const node = choice(reader, flags)
  if (reader.text[reader.at] !== ')') throw new RegexError('a `(` has no `)`.')
  reader.at += 1
  return node
}

const ANCHORS: Readonly<Record<string, Anchor>> = { A: 'text_start', z: 'text_end', b: 'word', B: 'no_word' }
const NAMED_BACK = /\\k<(\w+)>/y

function escaped(reader: Reader, flags: Flags): Node {
  const letter = reader.text[reader.at + 1] ?? ''
  const at = ANCHORS[letter]
  if (at !== undefined) {
    reader.at += 2
    return anchor(at)
  }
  const back = backreference(reader, flags)
  if (back !== null) return back
  const set = CLASSES[letter.toLowerCase()]
  if (set !== undefined && letter !== '') {
    reader.at += 2
    return setNode(letter === letter.toLowerCase() ? set : negate(set))
  }
  return setNode(propertyOf(reader) ?? one(charEscape(reader), flags.i))
}

function backreference(reader: Reader, flags: Flags): Node | null {
  const digits = /\\([1-9]\d*)/y
  digits.lastIndex = reader.at
  NAMED_BACK.lastIndex = reader.at
  const found = digits.exec(reader.text) ?? NAMED_BACK.exec(reader.text)
  if (found === null) return null
  const index = reader.names.get(found[1] ?? '') ?? Number(found[1])
  if (!(index <= reader.groups)) throw new RegexError(`\`${found[0]}\` refers to no group.`)
  reader.at += found[0].length
  return { kind: 'backreference', index, ignoreCase: flags.i }
}
