import { type Anchor, type CharSet, type Node, RegexError, WORD } from './ast.ts'

/** The two dialects that a parsed expression is written in. */
export type Dialect = 'js' | 're2'

const point = (p: number, dialect: Dialect): string =>
  `${dialect === 'js' ? '\\u' : '\\x'}{${p.toString(16)}}`

/** A set inside of brackets. RE2 has neither nested nor intersected classes. */
function inner(set: CharSet, dialect: Dialect): string {
  switch (set.kind) {
    case 'ranges':
      if (set.negated) return nestedJs(set, dialect)
      return set.ranges
        .map(([from, to]) =>
          from === to ? point(from, dialect) : `${point(from, dialect)}-${point(to, dialect)}`,
        )
        .join('')
    case 'property':
      if (dialect === 're2') return re2Property(set.name, set.negated)
      return `\\${set.negated ? 'P' : 'p'}{${set.name}}`
    case 'union':
      if (set.negated) return nestedJs(set, dialect)
      return set.sets.map((s) => inner(s, dialect)).join('')
    case 'both':
      return nestedJs(set, dialect)
  }
}

/** RE2 knows general categories and scripts. */
function re2Property(name: string, negated: boolean): string {
  const short = name.replace(/^Script=/, '')
  if (!/^(?:[A-Z][a-z]?|[A-Z][a-z]{2,})$/.test(short))
    throw new RegexError(`the Unicode class \`${name}\` is not known.`)
  return `\\${negated ? 'P' : 'p'}{${short}}`
}

function nestedJs(set: CharSet, dialect: Dialect): string {
  if (dialect === 're2') throw new RegexError('RE2 has no nested classes.')
  return writeSet(set, dialect)
}

export function writeSet(set: CharSet, dialect: Dialect): string {
  if (set.kind === 'both')
    return dialect === 're2'
      ? nestedJs(set, dialect)
      : `[${writeSet(set.left, 'js')}${set.except ? '--' : '&&'}${writeSet(set.right, 'js')}]`
  const negated = set.kind !== 'property' && set.negated
  return `[${negated ? '^' : ''}${inner(set.kind === 'property' ? set : { ...set, negated: false }, dialect)}]`
}

const W = writeSet(WORD, 'js')
const ANCHORS: Readonly<Record<Dialect, Readonly<Record<Anchor, string>>>> = {
  js: {
    text_start: '(?<![\\s\\S])',
    text_end: '(?![\\s\\S])',
    line_start: '(?<![^\\n])',
    line_end: '(?![^\\n])',
    word: `(?:(?<=${W})(?!${W})|(?<!${W})(?=${W}))`,
    no_word: `(?:(?<=${W})(?=${W})|(?<!${W})(?!${W}))`,
  },
  re2: {
    text_start: '\\A',
    text_end: '\\z',
    line_start: '(?m:^)',
    line_end: '(?m:$)',
    word: '\\b',
    no_word: '\\B',
  },
}

/** Writes an expression that has none of fancy-regex's extras. */
export function write(node: Node, dialect: Dialect): string {
  switch (node.kind) {
    case 'set':
      return writeSet(node.set, dialect)
    case 'sequence':
      return node.items.map((item) => write(item, dialect)).join('')
    case 'choice':
      return `(?:${node.items.map((item) => write(item, dialect)).join('|')})`
    case 'group':
      return `(${write(node.item, dialect)})`
    case 'anchor':
      return ANCHORS[dialect][node.at]
    case 'repeat':
      return `(?:${write(node.item, dialect)})${times(node.min, node.max)}${node.mode === 'lazy' ? '?' : ''}`
    default:
      throw new RegexError('this form needs the backtracking engine.')
  }
}

const times = (min: number, max: number): string =>
  max === Infinity ? (min === 0 ? '*' : min === 1 ? '+' : `{${min},}`) : `{${min},${max}}`
