import { DRIFT_ACTION_TEXT, DRIFT_KIND_TEXT } from '@rankan/server/domain/drift/kinds.ts'
import type { DriftRow } from '@rankan/server/domain/drift/view.ts'
import { useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { DriftChoice } from '../drift-choice.ts'
import { texts } from '../i18n/texts.ts'
import { DRIFT_TONES } from '../tones.ts'
import { DriftDialog } from './DriftDialog.tsx'

export function DriftTable(props: {
  readonly rows: readonly DriftRow[]
  readonly total: number | null
  readonly onMore: (() => void) | null
  readonly pendingMore: boolean
}) {
  const t = useTexts(texts)
  const [choice, setChoice] = useState<DriftChoice | null>(null)
  const columns = useColumns(setChoice)
  return (
    <>
      <DataTable {...props} label={t.driftTitle} columns={columns} rowKey={(row) => row.id} tools />
      {choice === null ? null : <DriftDialog choice={choice} onClose={() => setChoice(null)} />}
    </>
  )
}

function useColumns(onChoose: (choice: DriftChoice) => void): readonly Column<DriftRow>[] {
  const t = useTexts(texts)
  const pick = usePick()
  const mayResolve = useMay('drift.resolve')
  return useMemo(
    () => [
      {
        key: 'kind',
        title: t.driftKind,
        width: 11,
        value: (row) => pick(DRIFT_KIND_TEXT[row.kind]),
        cell: (row) => (
          <span className="flex flex-col items-start gap-1">
            {pick(DRIFT_KIND_TEXT[row.kind])}
            <StatusBadge tone={DRIFT_TONES[row.state]}>{t.driftStateOf[row.state]}</StatusBadge>
          </span>
        ),
      },
      { key: 'state', title: t.status, hidden: true, value: (row) => t.driftStateOf[row.state] },
      {
        key: 'account',
        title: t.name,
        width: 12,
        value: (row) => row.accountName,
        cell: (row) => (
          <>
            <span className="block">{row.accountName}</span>
            <span className="block text-solid-gray-700">{row.accountId}</span>
            {row.organisationName === null ? t.noOrganisation : pick(row.organisationName)}
          </>
        ),
      },
      { key: 'accountId', title: t.accountId, hidden: true, value: (row) => row.accountId },
      {
        key: 'organisation',
        title: t.organisation,
        hidden: true,
        value: (row) => (row.organisationName === null ? t.noOrganisation : pick(row.organisationName)),
      },
      {
        key: 'expected',
        title: t.difference,
        width: 12,
        sortable: false,
        value: (row) => `${row.expected ?? '—'} → ${row.actual ?? '—'}`,
        cell: (row) => (
          <>
            <span className="block text-solid-gray-700">{row.expected ?? '—'}</span>
            <span className="block">→ {row.actual ?? '—'}</span>
          </>
        ),
      },
      {
        key: 'found',
        title: t.found,
        width: 9,
        value: (row) => row.foundAt,
        cell: (row) => <DateText at={row.foundAt} />,
      },
      {
        key: 'actions',
        title: t.action,
        width: 15.5,
        sortable: false,
        value: (row) =>
          row.resolution === null || row.resolution === 'vanished'
            ? null
            : pick(DRIFT_ACTION_TEXT[row.resolution]),
        cell: (row) =>
          row.state === 'open' && mayResolve ? (
            <span className="flex flex-col items-start gap-2">
              {row.actions.map((action, index) => (
                <Button
                  key={action}
                  small
                  look={index === 0 ? 'primary' : 'secondary'}
                  onPress={() => onChoose({ drift: row, action })}
                >
                  {pick(DRIFT_ACTION_TEXT[action])}
                </Button>
              ))}
            </span>
          ) : (
            (row.reason ?? '—')
          ),
      },
    ],
    [t, pick, mayResolve, onChoose],
  )
}
