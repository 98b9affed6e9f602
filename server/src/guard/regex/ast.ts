/** A regular expression as Rust's `regex` and `fancy-regex` read it (cfn-guard's engines). Flags are already applied. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat'
      readonly item: Node
      readonly min: number
      readonly max: number
      readonly mode: 'greedy' | 'lazy' | 'possessive'
    }
  | { readonly kind: 'group'; readonly item: Node; readonly index: number; readonly name: string | null }
  | { readonly kind: 'atomic'; readonly item: Node }
  | { readonly kind: 'look'; readonly item: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'anchor'; readonly at: Anchor }
  | { readonly kind: 'backreference'; readonly index: number; readonly ignoreCase: boolean }

export type Anchor = 'text_start' | 'text_end' | 'line_start' | 'line_end' | 'word' | 'no_word'

/** Code points, inclusive. */
export type CodeRange = readonly [from: number, to: number]

export type CharSet =
  | { readonly kind: 'ranges'; readonly ranges: readonly CodeRange[]; readonly negated: boolean }
  | { readonly kind: 'property'; readonly name: string; readonly negated: boolean }
  | { readonly kind: 'union'; readonly sets: readonly CharSet[]; readonly negated: boolean }
  | { readonly kind: 'both'; readonly left: CharSet; readonly right: CharSet; readonly except: boolean }

export class RegexError extends Error {}

const ranges = (...list: readonly CodeRange[]): CharSet => ({ kind: 'ranges', ranges: list, negated: false })
const property = (name: string): CharSet => ({ kind: 'property', name, negated: false })

/** Unicode's white space (PropList.txt, White_Space). */
const SPACE = ranges(
  [9, 13],
  [32, 32],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
)
export const WORD: CharSet = {
  kind: 'union',
  sets: [
    property('L'),
    property('M'),
    property('Nd'),
    property('Nl'),
    property('Pc'),
    ranges([0x200c, 0x200d]),
  ],
  negated: false,
}

/** What `\d`, `\s`, `\w`, `\h` stand for; all but `\h` are Unicode's, as in Rust. */
export const CLASSES: Readonly<Record<string, CharSet>> = {
  d: property('Nd'),
  s: SPACE,
  w: WORD,
  h: ranges([48, 57], [65, 70], [97, 102]),
}

const ascii = (text: string): CharSet =>
  ranges(
    ...(text.match(/.-?.?/gs) ?? []).map((r): CodeRange => [r.charCodeAt(0), r.charCodeAt(r.length - 1)]),
  )

/** `[:alpha:]` … */
export const POSIX: Readonly<Record<string, CharSet>> = {
  alnum: ascii('0-9A-Za-z'),
  alpha: ascii('A-Za-z'),
  ascii: ranges([0, 127]),
  blank: ranges([9, 9], [32, 32]),
  cntrl: ranges([0, 31], [127, 127]),
  digit: ascii('0-9'),
  graph: ranges([33, 126]),
  lower: ascii('a-z'),
  print: ranges([32, 126]),
  punct: ranges([33, 47], [58, 64], [91, 96], [123, 126]),
  space: ranges([9, 13], [32, 32]),
  upper: ascii('A-Z'),
  word: ranges([48, 57], [65, 90], [95, 95], [97, 122]),
  xdigit: ranges([48, 57], [65, 70], [97, 102]),
}

export const negate = (set: CharSet): CharSet =>
  set.kind === 'both' ? { kind: 'union', sets: [set], negated: true } : { ...set, negated: !set.negated }

/** The set of one code point, with its other case when case does not count. */
export function one(point: number, ignoreCase: boolean): CharSet {
  return { kind: 'ranges', ranges: cased([[point, point]], ignoreCase), negated: false }
}

const MAX_CASED = 2000

/** Adds the other case of every code point (very wide ranges only in ASCII). */
export function cased(list: readonly CodeRange[], ignoreCase: boolean): readonly CodeRange[] {
  if (!ignoreCase) return list
  const added: CodeRange[] = []
  for (const [from, to] of list)
    for (let p = from; p <= Math.min(to, from + MAX_CASED); p++)
      for (const other of otherCases(p)) added.push([other, other])
  return [...list, ...added]
}

function otherCases(point: number): readonly number[] {
  const char = String.fromCodePoint(point)
  return [char.toLowerCase(), char.toUpperCase()]
    .filter((c) => c !== char && [...c].length === 1)
    .map((c) => c.codePointAt(0) ?? point)
}
