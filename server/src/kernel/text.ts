/** A text in the two languages of the portal. */
export interface Bilingual {
  readonly ja: string
  readonly en: string
}

export type Language = keyof Bilingual
