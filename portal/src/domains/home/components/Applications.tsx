import { APPLICATION_STATES } from '@rankan/server/domain/applications/kinds.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { z } from 'zod'
import { get } from '../../../api/client.ts'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { STATE_TONES } from '../../applications/tones.ts'
import { texts } from '../i18n/texts.ts'

const bilingual = z.object({ ja: z.string(), en: z.string() })
const row = z.object({
  id: z.string(),
  state: z.enum(APPLICATION_STATES),
  organisationName: bilingual,
  systemName: bilingual,
  since: z.string(),
})
const AT_MOST = 5
const ALL: string = '/applications'

/** The newest applications that wait for the reader, or that the reader made. */
export function Applications({ view }: { readonly view: 'waiting' | 'mine' }) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery({
    queryKey: ['applications', 'home', view],
    queryFn: ({ signal }) =>
      get('/api/applications', z.object({ items: z.array(row) }), { view, limit: AT_MOST }, signal),
  })
  const waiting = view === 'waiting'
  return (
    <Section
      title={waiting ? t.waitingTitle : t.mineTitle}
      actions={<Link to={ALL}>{t.allApplications}</Link>}
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={waiting ? t.waitingEmpty : t.mineEmpty}>
              {waiting ? t.waitingEmptyText : t.mineEmptyText}
            </EmptyState>
          ) : (
            <ul className="divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420">
              {items.map((item) => (
                <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
                  <span className="min-w-0 flex-1 basis-64">
                    <ApplicationLink id={item.id}>{pick(item.systemName) || item.id}</ApplicationLink>
                    <span className="block text-solid-gray-700">{pick(item.organisationName)}</span>
                  </span>
                  <StatusBadge tone={STATE_TONES[item.state]}>{t.stateOf[item.state]}</StatusBadge>
                  <DateText at={item.since} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}
