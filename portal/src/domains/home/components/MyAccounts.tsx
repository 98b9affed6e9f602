import { ACCOUNT_STATUS_TEXT } from '@rankan/server/domain/accounts/status.ts'
import { accountRow } from '@rankan/server/domain/accounts/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getPage } from '../../../api/client.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Section } from '../../../components/Page.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const AT_MOST = 10

export function MyAccounts() {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery({
    queryKey: ['accounts', 'home'],
    queryFn: ({ signal }) => getPage('/api/accounts', accountRow, { limit: AT_MOST }, signal),
  })
  return (
    <Section title={t.accountsTitle} actions={<Link to="/accounts">{t.allAccounts}</Link>}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t.accountsEmpty}>{t.accountsEmptyText}</EmptyState>
          ) : (
            <ul className="divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420">
              {items.map((account) => (
                <li key={account.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
                  <span className="min-w-0 flex-1 basis-64">
                    <Link to="/accounts/$accountId" params={{ accountId: account.accountId }}>
                      {account.name}
                    </Link>
                    <span className="block text-solid-gray-700">
                      {account.systemName === null ? account.accountId : pick(account.systemName)}
                    </span>
                  </span>
                  <span>{pick(ACCOUNT_STATUS_TEXT[account.status])}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}
