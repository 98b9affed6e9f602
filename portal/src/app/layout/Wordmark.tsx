import { common } from '../../i18n/common.ts'
import { useTexts } from '../../i18n/messages.ts'

/** The railing of a bridge, and the name. */
export function Wordmark() {
  const t = useTexts(common)
  return (
    <span className="inline-flex items-center gap-3 text-solid-gray-900">
      <img src="/rankan.svg" alt="" className="size-9" />
      <span>
        <span className="block text-std-20B-150 leading-120">{t.product}</span>
        <span className="block text-oln-14N-100 leading-130 text-solid-gray-700">{t.tagline}</span>
      </span>
    </span>
  )
}
