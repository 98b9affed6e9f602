/** A pattern as numbers: code points, or one of the negative wildcards below. */
export const STAR = -1
export const ONE = -2
/** Wildcards that stop at a colon (first five parts of a `Resource`). */
export const STAR_IN_PART = -3
export const ONE_IN_PART = -4

export type Codes = readonly number[]
export type Match = (text: string) => boolean

const COLON = 58

export function codesOf(text: string): number[] {
  const codes: number[] = []
  for (const character of text) codes.push(character.codePointAt(0) ?? 0)
  return codes
}

/** Wildcards become codes; everything else stands for itself. */
export const patternCodes = (text: string): number[] =>
  codesOf(text).map((code) => (code === 42 ? STAR : code === 63 ? ONE : code))

/** The cheapest test for a pattern: equality, prefix, pieces in order; the general one for the rest. No regular expressions. */
export function compileGlob(codes: Codes): Match {
  if (codes.some((code) => code < STAR)) return (text) => matchCodes(codes, codesOf(text))
  const pieces = piecesOf(codes)
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)]
  if (pieces.length === 1) return (text) => text === first
  if (pieces.length === 2)
    return (text) =>
      text.length >= first.length + last.length && text.startsWith(first) && text.endsWith(last)
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '')
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const piece of middle) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= text.length - last.length
  }
}

/** Texts between the stars. */
function piecesOf(codes: Codes): readonly string[] {
  const pieces = ['']
  for (const code of codes) {
    if (code === STAR) pieces.push('')
    else pieces[pieces.length - 1] += String.fromCodePoint(code)
  }
  return pieces
}

/**
 * All wildcards: the positions of the text that the pattern so far can have reached, as a sorted list. Work is at most
 * pattern times text, whatever the pattern.
 */
export function matchCodes(codes: Codes, text: Codes): boolean {
  let positions: number[] = [0]
  for (const code of codes) {
    positions =
      code === STAR || code === STAR_IN_PART ? spread(positions, text, code) : step(positions, text, code)
    if (positions.length === 0) return false
  }
  return positions.at(-1) === text.length
}

function step(positions: readonly number[], text: Codes, code: number): number[] {
  const next: number[] = []
  for (const at of positions) {
    const actual = text[at]
    if (actual === undefined) continue
    if (actual === code || code === ONE || (code === ONE_IN_PART && actual !== COLON)) next.push(at + 1)
  }
  return next
}

function spread(positions: readonly number[], text: Codes, code: number): number[] {
  const next: number[] = []
  for (const start of positions)
    for (let at = Math.max(start, (next.at(-1) ?? -1) + 1); at <= text.length; at++) {
      if (at > start && code === STAR_IN_PART && text[at - 1] === COLON) break
      next.push(at)
    }
  return next
}

/** See `evaluate/naive/resource.ts`: a `*` that is not the last character of its part stops at colons. */
export function withinParts(codes: Codes): number[] {
  let colons = 0
  return codes.map((code, i) => {
    if (code === COLON) colons++
    if (colons >= 5) return code
    const last = codes[i + 1] === COLON || codes[i + 1] === undefined
    if (code === STAR && !last) return STAR_IN_PART
    return code === ONE ? ONE_IN_PART : code
  })
}
