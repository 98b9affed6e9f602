import type { ReplayView } from '@rankan/server/domain/policies/replays.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { buttonClasses } from '../../../../components/Button.tsx'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Page } from '../../../../components/Page.tsx'
import { Skeleton } from '../../../../components/Skeleton.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { replaysQuery } from '../../api.ts'
import { texts } from '../i18n/texts.ts'
import { REPLAY_TONES } from '../view.ts'

export function Replays() {
  const t = useTexts(texts)
  const mayStart = useMay('replay.start')
  const query = useInfiniteQuery(replaysQuery())
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const columns = useColumns()
  const start = mayStart ? (
    <Link to="/replays/new" className={buttonClasses()}>
      {t.start}
    </Link>
  ) : null
  return (
    <Page title={t.title} lead={t.lead} actions={rows.length === 0 ? undefined : start}>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined && query.error === null ? <Skeleton lines={6} /> : null}
      {query.data !== undefined && rows.length === 0 ? (
        <EmptyState title={t.none}>
          <p className="max-w-2xl text-left">{t.noneText}</p>
          {start}
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          tools
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
          pendingMore={query.isFetchingNextPage}
        />
      )}
    </Page>
  )
}

function useColumns(): readonly Column<ReplayView>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      {
        key: 'title',
        title: t.name,
        width: 16,
        value: (row) => row.title,
        cell: (row) => (
          <Link to="/replays/$replayId" params={{ replayId: row.id }}>
            {row.title}
          </Link>
        ),
      },
      {
        key: 'state',
        title: t.state,
        width: 8,
        value: (row) => t.stateOf[row.state],
        cell: (row) => <StatusBadge tone={REPLAY_TONES[row.state]}>{t.stateOf[row.state]}</StatusBadge>,
      },
      {
        key: 'policies',
        title: t.policies,
        width: 12,
        value: (row) => row.policies.map(({ name }) => name).join(', '),
      },
      {
        key: 'denied',
        title: t.deniedCalls,
        width: 7,
        align: 'end',
        value: (row) => row.totals?.denied ?? null,
        cell: (row) => row.totals?.denied.toLocaleString() ?? '—',
      },
      {
        key: 'unknown',
        title: t.unknownCalls,
        width: 7,
        align: 'end',
        value: (row) => row.totals?.unknown ?? null,
        cell: (row) => row.totals?.unknown.toLocaleString() ?? '—',
      },
      {
        key: 'created',
        title: t.created,
        width: 11,
        value: (row) => row.createdAt,
        cell: (row) => (
          <>
            <DateText at={row.createdAt} />
            <span className="block text-solid-gray-700">{row.createdBy}</span>
          </>
        ),
      },
    ],
    [t],
  )
}
