/** A text in the two languages of the portal. */
export interface Bilingual {
  readonly ja: string
  readonly en: string
}

export type Language = keyof Bilingual

const ENGLISH = new Intl.PluralRules('en-GB')

/** A count in English: `1 note`, `2,000 notes`. `many` where an `s` at the end is not enough. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-GB')} ${ENGLISH.select(n) === 'one' ? one : many}`

/** For words out of a file that may be no text: control characters must not steer the reader's terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd')
