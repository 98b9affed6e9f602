import type { ApplyView } from '@rankan/server/domain/controls/applies.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { APPLY_TONES } from '../states.ts'

export function ApplyTable({ rows }: { readonly rows: readonly ApplyView[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <DataTable
      label={t.applies}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t.noApplies} />}
    />
  )
}

function useColumns(): readonly Column<ApplyView>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      {
        key: 'set',
        title: t.set,
        width: 13,
        value: ({ set }) => set,
        cell: ({ id, set, version }) => (
          <>
            <Link to="/control-applies/$applyId" params={{ applyId: id }}>
              {set}
            </Link>
            <span className="block text-solid-gray-700">{t.versionOf(version)}</span>
          </>
        ),
      },
      {
        key: 'target',
        title: t.target,
        width: 12,
        value: ({ targetName }) => targetName,
        cell: ({ targetName, action }) => (
          <>
            {targetName}
            <span className="block text-solid-gray-700">{t.actionOf[action]}</span>
          </>
        ),
      },
      {
        key: 'state',
        title: t.state,
        width: 12,
        value: ({ state }) => t.applyStateOf[state],
        cell: ({ state, steps, stepsDone }) => (
          <span className="flex flex-col items-start gap-1">
            <StatusBadge tone={APPLY_TONES[state]}>{t.applyStateOf[state]}</StatusBadge>
            {t.doneOf(stepsDone, steps)}
          </span>
        ),
      },
      { key: 'reason', title: t.reason, width: 12, value: ({ reason }) => reason },
      { key: 'by', title: t.by, width: 9, value: ({ createdBy }) => createdBy },
      {
        key: 'at',
        title: t.at,
        width: 11,
        value: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => <DateText at={createdAt} />,
      },
    ],
    [t],
  )
}
