import type { Language } from '@rankan/server/kernel/text.ts'
import { classes } from '../../components/classes.ts'
import { common } from '../../i18n/common.ts'
import { useLanguage } from '../../i18n/language.tsx'
import { useTexts } from '../../i18n/messages.ts'

const LANGUAGES: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'ja', name: '日本語' },
  { language: 'en', name: 'English' },
]

export function LanguageSwitch() {
  const t = useTexts(common)
  const { language, choose } = useLanguage()
  return (
    <fieldset className="flex rounded-8 border border-solid-gray-600">
      <legend className="sr-only">{t.language}</legend>
      {LANGUAGES.map((entry) => (
        <button
          key={entry.language}
          type="button"
          lang={entry.language}
          aria-pressed={language === entry.language}
          onClick={() => choose(entry.language)}
          className={classes(
            'min-h-9 cursor-pointer rounded-6 px-3 text-oln-14N-100',
            language === entry.language ? 'bg-solid-gray-800 text-white' : 'bg-white hover:bg-solid-gray-50',
          )}
        >
          {entry.name}
        </button>
      ))}
    </fieldset>
  )
}
