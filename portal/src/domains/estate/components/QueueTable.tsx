import type { QueueItem } from '@rankan/server/domain/accounts/work-view.ts'
import { useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { WORK_TONES } from '../tones.ts'
import { RepairDialog } from './RepairDialog.tsx'

export function QueueTable(props: {
  readonly items: readonly QueueItem[]
  readonly onMore: (() => void) | null
  readonly pendingMore: boolean
}) {
  const t = useTexts(texts)
  const [repairing, setRepairing] = useState<QueueItem | null>(null)
  const columns = useColumns(setRepairing)
  return (
    <>
      <DataTable
        label={t.workList}
        rows={props.items}
        columns={columns}
        rowKey={(item) => item.workId}
        tools
        onMore={props.onMore}
        pendingMore={props.pendingMore}
      />
      {repairing === null ? null : <RepairDialog item={repairing} onClose={() => setRepairing(null)} />}
    </>
  )
}

function useColumns(onRepair: (item: QueueItem) => void): readonly Column<QueueItem>[] {
  const t = useTexts(texts)
  const pick = usePick()
  const mayRepair = useMay('application.repair')
  return useMemo(
    () => [
      {
        key: 'organisation',
        title: t.organisation,
        width: 12,
        value: (item) => pick(item.organisationName),
        cell: (item) => (
          <ApplicationLink id={item.applicationId}>{pick(item.organisationName)}</ApplicationLink>
        ),
      },
      { key: 'kind', title: t.kind, width: 9, value: (item) => t.kindOf[item.kind] },
      {
        key: 'environment',
        title: t.environment,
        width: 7,
        value: (item) => (item.environment === null ? null : t.environmentOf[item.environment]),
      },
      {
        key: 'state',
        title: t.status,
        width: 10,
        value: (item) => t.stateOf[item.state],
        cell: (item) => (
          <span className="flex flex-wrap items-center gap-2">
            <StatusBadge tone={WORK_TONES[item.state]}>{t.stateOf[item.state]}</StatusBadge>
            {item.state === 'needs_repair' && mayRepair ? (
              <Button look="secondary" small onPress={() => onRepair(item)}>
                {t.repair}
              </Button>
            ) : null}
          </span>
        ),
      },
      {
        key: 'step',
        title: t.step,
        width: 13,
        value: (item) => (item.stepTitle ? pick(item.stepTitle) : item.step),
      },
      {
        key: 'since',
        title: t.since,
        width: 11,
        value: (item) => item.queuedAt,
        cell: (item) => <DateText at={item.queuedAt} />,
      },
      {
        key: 'eta',
        title: t.eta,
        width: 11,
        value: (item) => item.etaAt,
        cell: (item) => <DateText at={item.etaAt} />,
      },
      {
        key: 'deadline',
        title: t.deadline,
        width: 11,
        value: (item) => item.deadline,
        cell: (item) => <DateText at={item.deadline} dayOnly />,
      },
    ],
    [t, pick, mayRepair, onRepair],
  )
}
