import type { ReportGroup } from '@rankan/server/domain/policies/report.ts'
import { useState } from 'react'
import { Button } from '../../../../components/Button.tsx'
import { DataTable } from '../../../../components/DataTable.tsx'
import { Dialog } from '../../../../components/Dialog.tsx'
import { Facts } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { Ticks } from '../../components/Ticks.tsx'
import { texts } from '../i18n/texts.ts'
import { missingText } from '../missing.ts'
import { shortArn } from '../view.ts'
import { useCounts } from './LineTable.tsx'

const statementsOf = ({ statements }: ReportGroup) =>
  statements.map(({ policy, sid, index }) => `${policy} / ${sid ?? `#${index + 1}`}`).join(', ')

/** One caller and one action, with a sample that explains itself. */
export function Groups(props: {
  readonly label: string
  readonly groups: readonly ReportGroup[]
  readonly denials: boolean
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const counts = useCounts<ReportGroup>(props.denials)
  const [chosen, setChosen] = useState<ReportGroup | null>(null)
  return (
    <>
      <DataTable
        label={props.label}
        rows={props.groups}
        rowKey={(group) => `${group.principal} ${group.action} ${statementsOf(group)}`}
        tools
        columns={[
          {
            key: 'principal',
            title: t.principal,
            width: 15,
            value: (group) => group.principal,
            cell: (group) => shortArn(group.principal),
          },
          { key: 'action', title: t.action, width: 12, value: (group) => group.action },
          { key: 'statement', title: t.statement, width: 12, value: statementsOf },
          {
            key: 'why',
            title: t.why,
            width: 6,
            sortable: false,
            value: ({ sample }) => sample.explanation.map(pick).join(' ').replaceAll('`', ''),
            cell: (group) => (
              <Button
                look="quiet"
                small
                onPress={() => setChosen(group)}
                aria-label={t.whyOf(shortArn(group.principal), group.action)}
              >
                {t.why}
              </Button>
            ),
          },
          ...counts,
        ]}
      />
      {chosen === null ? null : <Sample group={chosen} onClose={() => setChosen(null)} />}
    </>
  )
}

function Sample({ group, onClose }: { readonly group: ReportGroup; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { sample } = group
  return (
    <Dialog title={t.sample} isOpen onClose={onClose} wide>
      <Facts
        items={[
          { name: t.principal, value: group.principal },
          { name: t.action, value: group.action },
          { name: t.resource, value: sample.resource ?? t.unknownResource },
          { name: t.region, value: sample.region },
          { name: t.sampleId, value: <code className="font-mono">{sample.eventId ?? '—'}</code> },
        ]}
      />
      <h3 className="text-std-17B-170">{t.explanation}</h3>
      <ul className="list-disc pl-6">
        {sample.explanation.map((sentence) => (
          <li key={sentence.en}>
            <Ticks text={pick(sentence)} />
          </li>
        ))}
      </ul>
      {sample.missing.length === 0 ? null : (
        <>
          <h3 className="text-std-17B-170">{t.missing}</h3>
          <ul className="list-disc pl-6">
            {sample.missing.map((missing) => (
              <li key={JSON.stringify(missing)}>
                <Ticks text={pick(missingText(missing))} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
