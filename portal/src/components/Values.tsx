import type { Language } from '@rankan/server/kernel/text.ts'
import type { ReactNode } from 'react'
import { common } from '../i18n/common.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useTexts } from '../i18n/messages.ts'

const LOCALES: Readonly<Record<Language, string>> = { ja: 'ja-JP', en: 'en-GB' }

/** An instant in Japan's time, whatever the zone of the reader's machine: people of one office must see one time. */
export function japanTime(iso: string, language: Language, withTime = true): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'medium',
    ...(withTime ? { timeStyle: 'short' as const } : {}),
  }).format(at)
}

export function DateText({
  at,
  dayOnly,
}: {
  readonly at: string | null | undefined
  readonly dayOnly?: boolean
}) {
  const { language } = useLanguage()
  const t = useTexts(common)
  if (at === null || at === undefined) return <>—</>
  return (
    <time dateTime={at} title={t.japanTime} className="whitespace-nowrap">
      {japanTime(at, language, !dayOnly)}
    </time>
  )
}

/** Names and values side by side; on a narrow screen one under the other. */
export function Facts({
  items,
}: {
  readonly items: readonly { readonly name: string; readonly value: ReactNode }[]
}) {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(8rem,14rem)_1fr]">
      {items.map((item) => (
        <div key={item.name} className="sm:contents">
          <dt className="text-solid-gray-700">{item.name}</dt>
          <dd className="min-w-0">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
