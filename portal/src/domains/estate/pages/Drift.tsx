import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Checkbox } from '../../../components/Choice.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Page } from '../../../components/Page.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { driftQuery } from '../api.ts'
import { DriftTable } from '../components/DriftTable.tsx'
import { texts } from '../i18n/texts.ts'

export function Drift() {
  const t = useTexts(texts)
  const [showResolved, setShowResolved] = useState(false)
  const query = useInfiniteQuery(driftQuery(showResolved ? {} : { state: 'open' }))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={t.driftTitle} lead={t.driftLead}>
      <Checkbox checked={showResolved} onChange={setShowResolved}>
        {t.showResolved}
      </Checkbox>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        query.error === null && <Skeleton lines={6} />
      ) : rows.length === 0 ? (
        <EmptyState title={t.driftEmpty}>{t.driftEmptyText}</EmptyState>
      ) : (
        <DriftTable
          rows={rows}
          total={query.data.pages[0]?.total ?? null}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
          pendingMore={query.isFetchingNextPage}
        />
      )}
    </Page>
  )
}
