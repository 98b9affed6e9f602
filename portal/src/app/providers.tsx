import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { LanguageProvider, useLanguage } from '../i18n/language.tsx'
import { navigation } from './domains.ts'
import { NavigationProvider } from './navigation.tsx'
import { queryClient } from './query-client.ts'

export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <AriaLanguage>
          <NavigationProvider entries={navigation}>{children}</NavigationProvider>
        </AriaLanguage>
      </LanguageProvider>
    </QueryClientProvider>
  )
}

/** React Aria speaks to screen readers in the language of the page, not of the browser. */
function AriaLanguage({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage()
  return <I18nProvider locale={language === 'ja' ? 'ja-JP' : 'en-GB'}>{children}</I18nProvider>
}
