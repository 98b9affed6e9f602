/**
 * Folding makes texts that people take for the same equal: full and half width, katakana and hiragana, small ヶ ヵ
 * and large ケ カ and が (七ヶ宿 七ケ宿), spaces, letter case. It is applied to what is stored and to what is typed.
 */
export function fold(text: string): string {
  const folded = foldOnce(text)
  // What stood on both sides of a space that went may now be one character (か and a voiced mark).
  return folded === text ? folded : fold(folded)
}

function foldOnce(text: string): string {
  return hiragana(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\s・･‐-―−-]+/gu, '')
    .replace(/[ゖゕがけか]/gu, 'か')
    .replace(/っ/gu, 'つ')
}

const hiragana = (text: string): string =>
  text.replace(/[ァ-ヶ]/gu, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) - 0x60))

/** 那珂川 of 那珂川市: the name without the character of its kind, folded; what stays when a town becomes a city. */
export const stem = (name: string): string => fold(name).replace(/(?<=.)[市町村区]$/u, '')

/** Equal but for spelling: the same name with another glyph or width. */
export const sameName = (a: string, b: string): boolean => fold(a) === fold(b)

/** Kana as kept: hiragana, one space between words. */
export const tidyKana = (kana: string): string =>
  hiragana(kana.normalize('NFKC')).trim().replace(/\s+/gu, ' ')

/** Names as kept: no spaces between city and ward, as in the official list (札幌市中央区). */
export const tidyName = (name: string): string => name.trim().replace(/[\s　]+/gu, '')

/** Are two readings the same but for spaces and kind of kana? */
export const sameKana = (a: string, b: string): boolean => bare(a) === bare(b)
const bare = (kana: string): string => tidyKana(kana).replaceAll(' ', '')

/** The words of a query, folded; empty words dropped. */
export const queryTerms = (query: string): readonly string[] =>
  query
    .normalize('NFKC')
    .split(/\s+/u)
    .map(fold)
    .filter((term) => term !== '')
