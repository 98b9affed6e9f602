import type { ApplicationRow } from '@rankan/server/domain/applications/view.ts'
import { useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Checkbox } from '../../../components/Choice.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Page } from '../../../components/Page.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { toast } from '../../../components/Toast.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applicationQuery, type Decision, decideMany, listQuery } from '../api.ts'
import { DecisionDialog } from '../components/DecisionDialog.tsx'
import { Delegations } from '../components/Delegations.tsx'
import { countOf, Verdicts } from '../components/Verdicts.tsx'
import { texts } from '../i18n/texts.ts'
import { STATE_TONES } from '../tones.ts'

export function Inbox() {
  const t = useTexts(texts)
  const query = useInfiniteQuery(listQuery({ view: 'waiting' }))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState(false)
  const selected = rows.filter((row) => chosen.has(row.id))
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen)
    if (on) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  return (
    <Page title={t.inboxTitle} lead={t.inboxLead}>
      {query.error === null ? null : <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        query.error === null && <Skeleton lines={4} />
      ) : rows.length === 0 ? (
        <EmptyState title={t.inboxEmpty}>{t.inboxEmptyText}</EmptyState>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-4">
            <Checkbox
              checked={selected.length === rows.length}
              onChange={(on) => setChosen(on ? new Set(rows.map((r) => r.id)) : new Set())}
            >
              {t.selectAll}
            </Checkbox>
            <p role="status">{t.selected(selected.length)}</p>
            <Button isDisabled={selected.length === 0} onPress={() => setAsking(true)}>
              {t.approveSelected}
            </Button>
          </div>
          <ul className="flex flex-col gap-4">
            {rows.map((row) => (
              <InboxItem
                key={row.id}
                row={row}
                chosen={chosen.has(row.id)}
                onChoose={(on) => toggle(row.id, on)}
              />
            ))}
          </ul>
          {query.hasNextPage ? (
            <Button look="secondary" onPress={() => void query.fetchNextPage()}>
              {t.next}
            </Button>
          ) : null}
        </>
      )}
      {asking ? <BulkApprove rows={selected} onClose={() => setAsking(false)} /> : null}
      <Delegations />
    </Page>
  )
}

function InboxItem(props: {
  readonly row: ApplicationRow
  readonly chosen: boolean
  readonly onChoose: (on: boolean) => void
}) {
  const { row } = props
  const t = useTexts(texts)
  const pick = usePick()
  const [decision, setDecision] = useState<Decision | null>(null)
  const [open, setOpen] = useState(false)
  const name = pick(row.systemName) || row.accountId || row.id
  return (
    <li className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 bg-white p-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <Checkbox checked={props.chosen} onChange={props.onChoose}>
          <span className="sr-only">
            {t.select}: {name}
          </span>
        </Checkbox>
        <div className="min-w-0 flex-1 basis-64">
          <Link
            to="/applications/$applicationId"
            params={{ applicationId: row.id }}
            className="text-std-17B-170"
          >
            {name}
          </Link>
          <p className="text-solid-gray-700">
            {pick(row.organisationName)}・{t.kindOf[row.kind]}
            {row.environments.length > 0
              ? `・${row.environments.map((e) => t.environmentOf[e]).join('・')}`
              : ''}
          </p>
          <p className="text-solid-gray-700">
            {t.applicant}: {row.applicant.name}・<DateText at={row.since} />
          </p>
        </div>
        <StatusBadge tone={STATE_TONES[row.state]}>{t.stateOf[row.state]}</StatusBadge>
      </div>
      <div className="flex flex-wrap gap-3">
        <Button small onPress={() => setDecision('approve')}>
          {t.approve}
        </Button>
        <Button small look="secondary" onPress={() => setDecision('return')}>
          {t.returnBack}
        </Button>
        <Button small look="danger" onPress={() => setDecision('reject')}>
          {t.reject}
        </Button>
        <Button small look="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
          {t.verdicts}
        </Button>
      </div>
      {open ? <ItemVerdicts id={row.id} /> : null}
      {decision === null ? null : (
        <DecisionDialog application={row} decision={decision} onClose={() => setDecision(null)} />
      )}
    </li>
  )
}

function ItemVerdicts({ id }: { readonly id: string }) {
  const query = useQuery(applicationQuery(id))
  return <Loaded query={query}>{(view) => <Verdicts verdicts={view.verdicts} />}</Loaded>
}

/** Nobody approves many without seeing what the rules say of each. */
function BulkApprove({
  rows,
  onClose,
}: {
  readonly rows: readonly ApplicationRow[]
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const client = useQueryClient()
  const views = useQueries({ queries: rows.map((row) => applicationQuery(row.id)) })
  const send = useMutation({
    mutationFn: () =>
      decideMany(
        rows.map(({ id, version }) => ({ id, version })),
        'approve',
        '',
      ),
    onSuccess: async ({ results }) => {
      const refused = results.filter((r) => r.state === null)
      toast(t.bulkDone(results.length - refused.length))
      await client.invalidateQueries({ queryKey: ['applications'] })
      if (refused.length === 0) onClose()
    },
  })
  const refused = send.data?.results.filter((r) => r.state === null) ?? []
  return (
    <Confirm
      title={t.bulkTitle(rows.length)}
      isOpen
      wide
      onClose={onClose}
      action={t.approve}
      pending={send.isPending}
      disabled={views.some((v) => v.data === undefined)}
      onConfirm={() => send.mutate()}
    >
      {send.error === null ? null : <ErrorView error={send.error} />}
      {refused.length === 0 ? null : (
        <Notice kind="error" title={t.bulkRefused(refused.length)}>
          <ul>
            {refused.map((r) => (
              <li key={r.id}>
                {r.id}: {r.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <ul className="flex flex-col divide-y divide-solid-gray-200">
        {rows.map((row, i) => {
          const verdicts = views[i]?.data?.verdicts ?? []
          return (
            <li key={row.id} className="py-2">
              <p className="font-700">
                {pick(row.organisationName)} {pick(row.systemName) || row.accountId}
              </p>
              <p>
                {t.counts(
                  countOf(verdicts, 'pass'),
                  countOf(verdicts, 'warn'),
                  countOf(verdicts, 'fail'),
                  countOf(verdicts, 'unknown'),
                )}
              </p>
              <ul className="list-disc pl-6">
                {verdicts
                  .filter((v) => v.outcome !== 'pass')
                  .map((v) => (
                    <li key={v.rule}>
                      {t.outcomeOf[v.outcome]}: {pick(v.message)}
                    </li>
                  ))}
              </ul>
            </li>
          )
        })}
      </ul>
    </Confirm>
  )
}
