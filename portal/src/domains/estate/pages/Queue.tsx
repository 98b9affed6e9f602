import type { QueueItem, QueueView } from '@rankan/server/domain/accounts/work-view.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Page, Section } from '../../../components/Page.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { queueQuery } from '../api.ts'
import { QueueTable } from '../components/QueueTable.tsx'
import { QuotasButton } from '../components/QuotasDialog.tsx'
import { Slots } from '../components/Slots.tsx'
import { Tenants } from '../components/Tenants.tsx'
import { texts } from '../i18n/texts.ts'

/** Slots and estimates change without an event of their own. */
const REFRESH_MS = 5_000

export function Queue() {
  const t = useTexts(texts)
  const query = useInfiniteQuery({ ...queueQuery(), refetchInterval: REFRESH_MS })
  const pages = query.data?.pages
  const first = pages?.[0]
  const items = pages?.flatMap((page) => page.items) ?? []
  return (
    <Page title={t.queueTitle} lead={t.queueLead}>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {first === undefined ? (
        query.error === null && <Skeleton lines={8} />
      ) : (
        <>
          <Organizations view={first} />
          <Section title={t.waitingByTenant}>
            <Tenants items={items} />
          </Section>
          <Section title={t.workList}>
            <WorkList
              items={items}
              onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
              pendingMore={query.isFetchingNextPage}
            />
          </Section>
        </>
      )}
    </Page>
  )
}

function Organizations({ view }: { readonly view: QueueView }) {
  return (
    <>
      {view.organizations.map((organization) => (
        <Section
          key={organization.awsOrganizationId}
          title={organization.name}
          actions={<QuotasButton id={organization.awsOrganizationId} name={organization.name} />}
        >
          <Slots organization={organization} />
        </Section>
      ))}
    </>
  )
}

function WorkList(props: {
  readonly items: readonly QueueItem[]
  readonly onMore: (() => void) | null
  readonly pendingMore: boolean
}) {
  const t = useTexts(texts)
  if (props.items.length === 0) return <EmptyState title={t.queueEmpty}>{t.queueEmptyText}</EmptyState>
  return <QueueTable {...props} />
}
