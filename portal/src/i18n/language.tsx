import type { Bilingual, Language } from '@rankan/server/kernel/text.ts'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

const STORED = 'rankan.language'

interface LanguageState {
  readonly language: Language
  readonly choose: (language: Language) => void
}

const LanguageContext = createContext<LanguageState | null>(null)

const isLanguage = (text: string | null): text is Language => text === 'ja' || text === 'en'

/** What the reader chose before, otherwise the browser's first language that we have, otherwise Japanese. */
export function firstLanguage(stored: string | null, browser: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  const known = browser.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage)
  return known ?? 'ja'
}

/** The language outside React: the API client sends it as `Accept-Language`. */
let current: Language = 'ja'
export const currentLanguage = (): Language => current

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState<Language>(() =>
    firstLanguage(localStorage.getItem(STORED), navigator.languages),
  )
  current = language
  useEffect(() => {
    document.documentElement.lang = language
    localStorage.setItem(STORED, language)
  }, [language])
  const state = useMemo(() => ({ language, choose }), [language])
  return <LanguageContext.Provider value={state}>{children}</LanguageContext.Provider>
}

export function useLanguage(): LanguageState {
  const state = useContext(LanguageContext)
  if (state === null) throw new Error('`useLanguage` is used outside `LanguageProvider`.')
  return state
}

/** Picks the reader's language of a text that came from the server in both. */
export function usePick(): (text: Bilingual) => string {
  const { language } = useLanguage()
  return (text) => text[language]
}
