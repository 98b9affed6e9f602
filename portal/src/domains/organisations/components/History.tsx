import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { OrganisationLink } from './OrganisationLink.tsx'

/** Every version of an organisation, and whom it took over or went into. The one of the shown day is marked. */
export function History({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <ol aria-label={t.history} className="flex flex-col gap-3">
      {page.predecessors.map((p) => (
        <li key={`p ${p.organisation.id}`}>
          {t.tookOver(pick(p.organisation.name), p.day)}{' '}
          <OrganisationLink organisation={p.organisation} on={before(p.day)} />
          <Source text={p.source} />
        </li>
      ))}
      {page.timeline.map((version) => (
        <li
          key={version.from ?? ''}
          className="flex flex-wrap items-baseline gap-x-4 border-l-4 border-solid-gray-300 pl-4"
        >
          <span className="tabular-nums">
            {version.from ?? t.unknownBegin} – {version.to === null ? t.ongoing : before(version.to)}
          </span>
          <span className="font-700">{pick(version.name)}</span>
          <span>{version.kana}</span>
          <code className="font-mono">{version.code}</code>
          <span>{t.kindOf[version.kind]}</span>
          {version.from === page.now?.from ? <StatusBadge tone="active">{page.on}</StatusBadge> : null}
        </li>
      ))}
      {page.successors.map((s) => (
        <li key={`s ${s.organisation.id}`}>
          {t.mergedInto(pick(s.organisation.name), s.day)} <OrganisationLink organisation={s.organisation} />
          <Source text={s.source} />
        </li>
      ))}
    </ol>
  )
}

/** Ends are exclusive in the register; people read the last day. */
const before = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

function Source({ text }: { readonly text: string | null }) {
  const t = useTexts(texts)
  if (text === null) return null
  return (
    <span className="block text-solid-gray-700">
      {t.source}: {text}
    </span>
  )
}
