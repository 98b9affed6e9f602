import type { PlanQuota } from '@rankan/server/domain/controls/plans.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { Meter } from '../../../../components/Meter.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** Each quota that the plan touches, as it will be after it. */
export function QuotaTable({ quotas }: { readonly quotas: readonly PlanQuota[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <DataTable label={t.quotas} rows={quotas} columns={columns} rowKey={(row) => `${row.what} ${row.of}`} />
  )
}

function useColumns(): readonly Column<PlanQuota>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      {
        key: 'what',
        title: t.quotas,
        width: 18,
        value: ({ what, of }) => `${t.quotaOf[what]} ${of}`,
        cell: ({ what, of }) => (
          <>
            {t.quotaOf[what]}
            <span className="block break-all text-solid-gray-700">{of}</span>
          </>
        ),
      },
      {
        key: 'after',
        title: t.afterPlan,
        width: 20,
        value: ({ after }) => after,
        cell: ({ what, after, limit, left }) => (
          <Meter label={t.quotaOf[what]} used={after} limit={limit} text={t.quotaText(after, limit, left)} />
        ),
      },
    ],
    [t],
  )
}
