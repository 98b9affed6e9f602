import { ACCOUNT_STATUS_TEXT, ACCOUNT_STATUSES } from '@rankan/server/domain/accounts/status.ts'
import type { AccountRow } from '@rankan/server/domain/accounts/view.ts'
import { ENVIRONMENTS } from '@rankan/server/domain/applications/kinds.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Page } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { accountsQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { ACCOUNT_TONES } from '../tones.ts'

/** How often the list looks for changes while it is open. */
const REFRESH_MS = 20_000
const ANY = 'any'

export function Accounts() {
  const t = useTexts(texts)
  const query = useInfiniteQuery({ ...accountsQuery({}), refetchInterval: REFRESH_MS })
  const { hasNextPage, isFetching, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const total = query.data?.pages[0]?.total ?? rows.length
  return (
    <Page title={t.accountsTitle} lead={t.accountsLead}>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined && query.error === null ? <Skeleton lines={8} /> : null}
      {query.data === undefined ? null : (
        <>
          {query.hasNextPage ? <p role="status">{t.accountsLoading(rows.length, total)}</p> : null}
          <AccountTable rows={rows} />
        </>
      )}
    </Page>
  )
}

function AccountTable({ rows }: { readonly rows: readonly AccountRow[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const columns = useColumns()
  const [status, setStatus] = useState<string>(ANY)
  const [environment, setEnvironment] = useState<string>(ANY)
  const shown = useMemo(
    () =>
      rows.filter(
        (row) =>
          (status === ANY || row.status === status) &&
          (environment === ANY || row.environment === environment),
      ),
    [rows, status, environment],
  )
  return (
    <DataTable
      label={t.accountsTitle}
      rows={shown}
      total={rows.length}
      columns={columns}
      rowKey={(row) => row.id}
      tools
      filters={
        <>
          <Select
            label={t.status}
            value={status}
            onChange={setStatus}
            className="w-52"
            options={[
              { value: ANY, label: t.anyStatus },
              ...ACCOUNT_STATUSES.map((value) => ({ value, label: pick(ACCOUNT_STATUS_TEXT[value]) })),
            ]}
          />
          <Select
            label={t.environment}
            value={environment}
            onChange={setEnvironment}
            className="w-44"
            options={[
              { value: ANY, label: t.anyEnvironment },
              ...ENVIRONMENTS.map((value) => ({ value, label: t.environmentOf[value] })),
            ]}
          />
        </>
      }
      {...(rows.length === 0
        ? { empty: <EmptyState title={t.accountsEmpty}>{t.accountsEmptyText}</EmptyState> }
        : {})}
    />
  )
}

function useColumns(): readonly Column<AccountRow>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      {
        key: 'name',
        title: t.name,
        width: 12.75,
        value: (row) => row.name,
        cell: (row) => (
          <>
            <Link to="/accounts/$accountId" params={{ accountId: row.accountId }} className="block">
              {row.name}
            </Link>
            <span className="text-solid-gray-700">{row.accountId}</span>
          </>
        ),
      },
      { key: 'accountId', title: t.accountId, hidden: true, value: (row) => row.accountId },
      { key: 'email', title: t.email, hidden: true, value: (row) => row.email },
      {
        key: 'organisation',
        title: t.organisation,
        width: 10.25,
        value: (row) => (row.organisationName === null ? t.noOrganisation : pick(row.organisationName)),
        cell: (row) => (
          <>
            <span className="block">
              {row.organisationName === null ? t.noOrganisation : pick(row.organisationName)}
            </span>
            <span className="text-solid-gray-700">{row.systemName === null ? '' : pick(row.systemName)}</span>
          </>
        ),
      },
      {
        key: 'organisationCode',
        title: t.organisationCode,
        hidden: true,
        value: (row) => row.organisationCode,
      },
      {
        key: 'system',
        title: t.system,
        hidden: true,
        value: (row) => (row.systemName === null ? null : pick(row.systemName)),
      },
      {
        key: 'environment',
        title: t.environment,
        width: 9.75,
        value: (row) => (row.environment === null ? null : t.environmentOf[row.environment]),
      },
      {
        key: 'status',
        title: t.status,
        width: 9,
        value: (row) => pick(ACCOUNT_STATUS_TEXT[row.status]),
        cell: (row) => (
          <span className="flex flex-wrap gap-1">
            <StatusBadge tone={ACCOUNT_TONES[row.status]}>
              {pick(ACCOUNT_STATUS_TEXT[row.status])}
            </StatusBadge>
            {row.openDrift > 0 ? (
              <StatusBadge tone="warning">{t.driftCount(row.openDrift)}</StatusBadge>
            ) : null}
          </span>
        ),
      },
      { key: 'ou', title: t.ou, width: 7, value: (row) => row.ouName },
      {
        key: 'ready',
        title: t.ready,
        width: 10.75,
        value: (row) => row.readyAt,
        cell: (row) => <DateText at={row.readyAt} />,
      },
    ],
    [t, pick],
  )
}
