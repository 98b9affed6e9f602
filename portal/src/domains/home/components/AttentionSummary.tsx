import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../../components/Loaded.tsx'
import { Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { attentionQuery } from '../../organisations/api.ts'
import { texts } from '../i18n/texts.ts'

const AT_MOST = 5

/** The worst of what needs attention; for the centre, what was escalated to it comes first. */
export function AttentionSummary({ isCentre }: { readonly isCentre: boolean }) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(attentionQuery)
  return (
    <Section title={t.attentionTitle} actions={<Link to="/organisations/attention">{t.openAttention}</Link>}>
      <Loaded query={query} lines={2}>
        {({ items }) => {
          const escalated = isCentre ? items.filter((item) => item.centreToldAt !== null) : items
          if (escalated.length === 0) return <p className="text-solid-gray-700">{t.attentionNone}</p>
          return (
            <>
              <ul className="divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420">
                {escalated.slice(0, AT_MOST).map((item) => (
                  <li key={item.key} className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3">
                    <StatusBadge tone={item.severity === 'high' ? 'bad' : 'warning'}>
                      {t.severity[item.severity]}
                    </StatusBadge>
                    <span className="min-w-0 flex-1 basis-64 break-words">{pick(item.words)}</span>
                  </li>
                ))}
              </ul>
              {escalated.length > AT_MOST ? <p>{t.attentionMore(escalated.length - AT_MOST)}</p> : null}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}
