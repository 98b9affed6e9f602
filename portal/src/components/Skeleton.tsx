import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'

/** Grey lines in the place of what is loading; screen readers hear "loading" once. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  const t = useTexts(common)
  return (
    <div role="status">
      <span className="sr-only">{t.loading}</span>
      <div aria-hidden="true" className="flex flex-col gap-3">
        {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
          <div key={key} className="h-6 rounded-4 bg-solid-gray-100 motion-safe:animate-pulse" />
        ))}
      </div>
    </div>
  )
}
