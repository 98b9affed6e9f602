import type { Language } from '@rankan/server/kernel/text.ts'
import { useLanguage } from './language.tsx'

/** A text, a text with values, or a group of them (`state: { draft: '…', ready: '…' }`). */
export type Message = string | ((...values: never[]) => string) | MessageGroup
export interface MessageGroup {
  readonly [key: string]: Message
}

/** The same keys and the same values, in another language: a missing or an extra key does not compile. */
export type SameKeys<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : SameKeys<T[K]>
}

/** One domain's texts. Japanese is the master, because the people of Government Cloud read it. */
export interface Messages<T> {
  readonly ja: T
  readonly en: SameKeys<T>
}

/** Called once per domain: `export const texts = defineMessages(ja, en)`. */
export const defineMessages = <T extends MessageGroup>(ja: T, en: SameKeys<T>): Messages<T> => ({ ja, en })

export const textsIn = <T>(messages: Messages<T>, language: Language): SameKeys<T> =>
  (language === 'ja' ? messages.ja : messages.en) as SameKeys<T>

/** The texts in the reader's language: `const t = useTexts(texts)`, then `t.title` or `t.found(3)`. */
export const useTexts = <T>(messages: Messages<T>): SameKeys<T> => textsIn(messages, useLanguage().language)
