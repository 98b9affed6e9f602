import type { ApplyView } from '@rankan/server/domain/controls/applies.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { APPLY_TONES } from '../states.ts'
import { madeColumns, setColumn, targetColumn } from './columns.tsx'

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
      setColumn(t, '/control-applies/$applyId'),
      targetColumn(t),
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
      ...madeColumns<ApplyView>(t),
    ],
    [t],
  )
}
