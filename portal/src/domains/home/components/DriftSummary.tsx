import { driftRow } from '@rankan/server/domain/drift/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getPage } from '../../../api/client.ts'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Section } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

export function DriftSummary() {
  const t = useTexts(texts)
  const query = useQuery({
    queryKey: ['drift', 'home'],
    queryFn: ({ signal }) => getPage('/api/drift', driftRow, { state: 'open', limit: 1 }, signal),
  })
  return (
    <Section title={t.driftTitle} actions={<Link to="/drift">{t.openDrift}</Link>}>
      <Loaded query={query} lines={1}>
        {({ total, items }) => {
          const open = total ?? items.length
          return open === 0 ? (
            <p className="text-solid-gray-700">{t.driftNone}</p>
          ) : (
            <Notice kind="warning" title={t.driftSome(open)} />
          )
        }}
      </Loaded>
    </Section>
  )
}
