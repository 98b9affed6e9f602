import type { PlanView } from '@rankan/server/domain/controls/plans.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { PLAN_TONES } from '../states.ts'

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
      {
        key: 'set',
        title: t.set,
        width: 13,
        value: ({ set }) => set,
        cell: ({ id, set, version }) => (
          <>
            <Link to="/control-plans/$planId" params={{ planId: id }}>
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
        value: ({ target, targetName }) => targetName ?? target,
        cell: ({ target, targetName, action }) => (
          <>
            {targetName ?? target}
            <span className="block text-solid-gray-700">{t.actionOf[action]}</span>
          </>
        ),
      },
      {
        key: 'state',
        title: t.state,
        width: 10,
        value: ({ state }) => t.planStateOf[state],
        cell: ({ state }) => <StatusBadge tone={PLAN_TONES[state]}>{t.planStateOf[state]}</StatusBadge>,
      },
      { key: 'steps', title: t.changes, width: 6, align: 'end', value: ({ steps }) => steps },
      { key: 'by', title: t.by, width: 10, value: ({ createdBy }) => createdBy },
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
