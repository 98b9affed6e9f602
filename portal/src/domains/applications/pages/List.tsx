import { APPLICATION_STATES, type ApplicationState } from '@rankan/server/domain/applications/kinds.ts'
import type { ApplicationRow, ListFilter } from '@rankan/server/domain/applications/view.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Page } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { listQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { STATE_TONES } from '../tones.ts'

const VIEWS = ['open', 'mine', 'all'] as const
type View = (typeof VIEWS)[number]

export function List() {
  const t = useTexts(texts)
  const { batchId } = useSearch({ from: '/shell/applications' })
  const mayApply = useMay('application.apply')
  const [view, setView] = useState<View>(batchId === undefined ? 'open' : 'all')
  const [state, setState] = useState<ApplicationState | 'any'>('any')
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const filter: Partial<ListFilter> = {
    view,
    ...(state === 'any' ? {} : { state }),
    ...(wanted === '' ? {} : { text: wanted }),
    ...(batchId === undefined ? {} : { batchId }),
  }
  const query = useInfiniteQuery({ ...listQuery(filter), placeholderData: (before) => before })
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const columns = useColumns()
  return (
    <Page
      title={t.listTitle}
      lead={t.listLead}
      actions={
        mayApply ? (
          <>
            <Link to="/applications/new" className={buttonClasses()}>
              {t.newApplication}
            </Link>
            <Link to="/applications/change" className={buttonClasses('secondary')}>
              {t.changeAccount}
            </Link>
            <Link to="/applications/batch" className={buttonClasses('secondary')}>
              {t.batchUpload}
            </Link>
          </>
        ) : undefined
      }
    >
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={t.view}
          value={view}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t.views[value] }))}
          className="w-44"
        />
        <Select
          label={t.state}
          value={state}
          onChange={setState}
          options={[
            { value: 'any' as const, label: t.anyState },
            ...APPLICATION_STATES.map((value) => ({ value, label: t.stateOf[value] })),
          ]}
          className="w-56"
        />
        <Field label={t.search} type="search" value={text} onChange={setText} className="w-full max-w-96" />
      </div>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        query.error === null && <Skeleton lines={6} />
      ) : (
        <DataTable
          label={t.listTitle}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          empty={<EmptyState title={t.emptyTitle}>{t.emptyText}</EmptyState>}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
          pendingMore={query.isFetchingNextPage}
        />
      )}
    </Page>
  )
}

function useColumns(): readonly Column<ApplicationRow>[] {
  const t = useTexts(texts)
  const pick = usePick()
  const nameOf = (row: ApplicationRow) => pick(row.systemName) || row.accountId || row.id
  return [
    {
      key: 'system',
      title: t.system,
      width: 14,
      value: nameOf,
      cell: (row) => (
        <Link to="/applications/$applicationId" params={{ applicationId: row.id }}>
          {nameOf(row)}
        </Link>
      ),
    },
    { key: 'organisation', title: t.organisation, width: 12, value: (row) => pick(row.organisationName) },
    { key: 'kind', title: t.kind, width: 10, value: (row) => t.kindOf[row.kind] },
    {
      key: 'environments',
      title: t.environments,
      width: 10,
      value: (row) => row.environments.map((e) => t.environmentOf[e]).join('・'),
    },
    {
      key: 'state',
      title: t.state,
      width: 10,
      value: (row) => t.stateOf[row.state],
      cell: (row) => <StatusBadge tone={STATE_TONES[row.state]}>{t.stateOf[row.state]}</StatusBadge>,
    },
    { key: 'applicant', title: t.applicant, width: 9, value: (row) => row.applicant.name },
    {
      key: 'since',
      title: t.since,
      width: 11,
      value: (row) => row.since,
      cell: (row) => <DateText at={row.since} />,
    },
  ]
}
