import { codesOf, ONE, ONE_IN_PART, patternCodes, STAR, STAR_IN_PART } from '../../policy/compile/glob.ts'
import { type Dialect, literal } from './dialect.ts'
import { FALSE, or } from './truth.ts'

const COLON = 58
const WILD = new Set([STAR, ONE, STAR_IN_PART, ONE_IN_PART])

/** Whether the text matches one of the patterns (as codes): equality where there are no wildcards, `like`, or an expression. */
export function matchesAny(dialect: Dialect, text: string, patterns: readonly (readonly number[])[]): string {
  const exact = patterns.filter((codes) => !codes.some((code) => WILD.has(code)))
  const rest = patterns.filter((codes) => codes.some((code) => WILD.has(code)))
  return or([
    exact.length === 0 ? FALSE : `${text} in (${exact.map((codes) => literal(plain(codes))).join(', ')})`,
    ...rest.map((codes) =>
      codes.some((code) => code < ONE)
        ? dialect.matches(text, expression(codes))
        : `${text} like ${literal(like(codes))} escape '\\'`,
    ),
  ])
}

/** ARN operators: wildcards of the first five parts stop at colons, those of the sixth do not. */
export function arnCodes(pattern: string): readonly number[] | null {
  let colons = 0
  const codes = patternCodes(pattern).map((code) => {
    if (code === COLON) colons++
    if (colons >= 5) return code
    return code === STAR ? STAR_IN_PART : code === ONE ? ONE_IN_PART : code
  })
  return colons < 5 ? null : codes
}

const plain = (codes: readonly number[]) => codes.map((code) => String.fromCodePoint(code)).join('')

const like = (codes: readonly number[]) =>
  codes
    .map((code) => (code === STAR ? '%' : code === ONE ? '_' : escaped(String.fromCodePoint(code), /[%_\\]/)))
    .join('')

const escaped = (character: string, special: RegExp) =>
  special.test(character) ? `\\${character}` : character

const CLASSES: ReadonlyMap<number, string> = new Map([
  [STAR, '.*'],
  [ONE, '.'],
  [STAR_IN_PART, '[^:]*'],
  [ONE_IN_PART, '[^:]'],
])

const expression = (codes: readonly number[]) =>
  codes.map((code) => CLASSES.get(code) ?? escaped(String.fromCodePoint(code), /[\\^$.|?*+()[\]{}]/)).join('')

export const wildCodes = patternCodes
export const plainCodes = codesOf
