import type { PlanView } from '@rankan/server/domain/controls/plans.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { PLAN_TONES } from '../states.ts'
import { madeColumns, setColumn, targetColumn } from './columns.tsx'

export function PlanTable({ rows }: { readonly rows: readonly PlanView[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <DataTable
      label={t.plans}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t.noPlans} />}
    />
  )
}

function useColumns(): readonly Column<PlanView>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      setColumn(t, '/control-plans/$planId'),
      targetColumn(t),
      {
        key: 'state',
        title: t.state,
        width: 10,
        value: ({ state }) => t.planStateOf[state],
        cell: ({ state }) => <StatusBadge tone={PLAN_TONES[state]}>{t.planStateOf[state]}</StatusBadge>,
      },
      { key: 'steps', title: t.changes, width: 6, align: 'end', value: ({ steps }) => steps },
      ...madeColumns<PlanView>(t),
    ],
    [t],
  )
}
