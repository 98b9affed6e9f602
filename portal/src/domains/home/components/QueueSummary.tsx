import { queueView } from '@rankan/server/domain/accounts/work-view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../../api/client.ts'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Section } from '../../../components/Page.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const REFRESH_MS = 10_000
const COUNTS = ['queued', 'running', 'needsRepair', 'doneToday'] as const

/** How much work there is over all AWS organisations, and what is stuck. */
export function QueueSummary() {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery({
    queryKey: ['queue', 'home'],
    queryFn: ({ signal }) => get('/api/queue', queueView, {}, signal),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Section title={t.queueTitle} actions={<Link to="/queue">{t.openQueue}</Link>}>
      <Loaded query={query}>
        {(queue) => {
          const stuck = queue.items.filter((item) => item.state === 'needs_repair')
          return (
            <>
              <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
                {COUNTS.map((count) => (
                  <div key={count} className="rounded-12 border border-solid-gray-420 px-4 py-3">
                    <dt className="text-solid-gray-700">{t.countOf[count]}</dt>
                    <dd className="text-std-28B-150 tabular-nums">
                      {queue.organizations.reduce((sum, { counts }) => sum + counts[count], 0)}
                    </dd>
                  </div>
                ))}
              </dl>
              {stuck.length === 0 ? (
                <p className="text-solid-gray-700">{t.stuckEmpty}</p>
              ) : (
                <Notice kind="warning" title={t.stuckTitle}>
                  <ul className="list-disc pl-6">
                    {stuck.map((item) => (
                      <li key={item.workId}>
                        <ApplicationLink id={item.applicationId}>
                          {pick(item.organisationName)}
                        </ApplicationLink>{' '}
                        {item.stepTitle === null ? null : pick(item.stepTitle)}
                      </li>
                    ))}
                  </ul>
                </Notice>
              )}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}
