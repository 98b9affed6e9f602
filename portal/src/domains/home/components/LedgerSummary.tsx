import { ledgerEntryView } from '@rankan/server/domain/ledger/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getPage } from '../../../api/client.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Section } from '../../../components/Page.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const AT_MOST = 8

export function LedgerSummary() {
  const t = useTexts(texts)
  const query = useQuery({
    queryKey: ['ledger', 'home'],
    queryFn: ({ signal }) => getPage('/api/ledger', ledgerEntryView, { limit: AT_MOST }, signal),
  })
  return (
    <Section title={t.ledgerTitle} actions={<Link to="/ledger">{t.openLedger}</Link>}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t.ledgerEmpty} />
          ) : (
            <ul className="divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420">
              {items.map((entry) => (
                <li key={entry.id} className="flex flex-wrap gap-x-4 px-4 py-2">
                  <DateText at={entry.at} />
                  <code className="font-mono">{entry.kind}</code>
                  <span className="text-solid-gray-700">{entry.subject}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}
