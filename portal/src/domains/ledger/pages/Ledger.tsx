import { type LedgerEntryView, ledgerEntryView } from '@rankan/server/domain/ledger/view.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { pages } from '../../../api/queries.ts'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Page } from '../../../components/Page.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { Entry } from '../components/Entry.tsx'
import { Verify } from '../components/Verify.tsx'
import { texts } from '../i18n/texts.ts'

export function Ledger() {
  const t = useTexts(texts)
  const filter = useSearch({ from: '/shell/ledger' })
  const mayVerify = useMay('ledger.verify')
  const query = useInfiniteQuery(
    pages('/api/ledger', ledgerEntryView, { kind: filter.kind, subject: filter.subject }),
  )
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const isFiltered = filter.kind !== undefined || filter.subject !== undefined
  return (
    <Page title={t.title} lead={t.lead}>
      {mayVerify ? <Verify /> : null}
      <Filter
        key={`${filter.kind} ${filter.subject}`}
        kind={filter.kind ?? ''}
        subject={filter.subject ?? ''}
      />
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        query.error === null && <Skeleton lines={8} />
      ) : entries.length === 0 ? (
        <EmptyState title={isFiltered ? t.emptyFilter : t.empty} />
      ) : (
        <Entries
          entries={entries}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
          pendingMore={query.isFetchingNextPage}
        />
      )}
    </Page>
  )
}

function Filter(props: { readonly kind: string; readonly subject: string }) {
  const t = useTexts(texts)
  const navigate = useNavigate({ from: '/ledger' })
  const [kind, setKind] = useState(props.kind)
  const [subject, setSubject] = useState(props.subject)
  const show = () =>
    navigate({
      search: {
        ...(kind.trim() === '' ? {} : { kind: kind.trim() }),
        ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
      },
    })
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void show()
      }}
    >
      <Field
        label={t.filterKind}
        hint={t.filterKindHint}
        value={kind}
        onChange={setKind}
        type="search"
        className="w-72"
      />
      <Field label={t.filterSubject} value={subject} onChange={setSubject} type="search" className="w-72" />
      <Button type="submit" look="secondary">
        {t.show}
      </Button>
    </form>
  )
}

function Entries(props: {
  readonly entries: readonly LedgerEntryView[]
  readonly onMore: (() => void) | null
  readonly pendingMore: boolean
}) {
  const t = useTexts(texts)
  const [open, setOpen] = useState<LedgerEntryView | null>(null)
  const columns = useMemo(
    (): readonly Column<LedgerEntryView>[] => [
      {
        key: 'at',
        title: t.at,
        width: 10,
        value: (entry) => entry.at,
        cell: (entry) => <DateText at={entry.at} />,
      },
      {
        key: 'kind',
        title: t.kind,
        width: 15,
        value: (entry) => entry.kind,
        cell: (entry) => (
          <button
            type="button"
            className="cursor-pointer text-left text-blue-900 underline"
            onClick={() => setOpen(entry)}
          >
            <code className="font-mono">{entry.kind}</code>
          </button>
        ),
      },
      { key: 'subject', title: t.subject, width: 16, value: (entry) => entry.subject },
      { key: 'actor', title: t.actor, width: 12, value: (entry) => `${entry.actorId} (${entry.actorRole})` },
      {
        key: 'leaf',
        title: t.leaf,
        width: 7,
        align: 'end',
        value: (entry) => entry.leafIndex,
        cell: (entry) => entry.leafIndex ?? t.notYet,
      },
    ],
    [t],
  )
  return (
    <>
      <DataTable
        label={t.title}
        rows={props.entries}
        columns={columns}
        rowKey={(entry) => entry.id}
        tools="export"
        onMore={props.onMore}
        pendingMore={props.pendingMore}
      />
      {open === null ? null : <Entry entry={open} onClose={() => setOpen(null)} />}
    </>
  )
}
