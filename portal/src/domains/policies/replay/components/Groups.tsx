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
import { shortArn, withPlaceNames } from '../view.ts'
import { useCounts } from './LineTable.tsx'
import type { PlaceNames } from './place-names.ts'

const statementsOf = ({ statements }: ReportGroup) =>
  statements.map(({ policy, sid, index }) => `${policy} / ${sid ?? `#${index + 1}`}`).join(', ')

/** One caller and one action, with a sample that explains itself. */
export function Groups(props: {
  readonly label: string
  readonly groups: readonly ReportGroup[]
  readonly denials: boolean
  readonly nameOf: PlaceNames
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
        exportLabel={t.exportShown}
        columns={[
          {
            key: 'principal',
            title: t.principal,
            width: 15,
            value: (group) => group.principal,
            cell: (group) => shortArn(group.principal),
          },
          { key: 'action', title: t.action, width: 11, value: (group) => group.action },
          { key: 'statement', title: t.statement, width: 12, value: statementsOf },
          {
            key: 'why',
            title: t.why,
            width: 7,
            sortable: false,
            value: ({ sample }) =>
              withPlaceNames(sample.explanation.map(pick).join(' '), props.nameOf).replaceAll('`', ''),
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
      {chosen === null ? null : (
        <Sample group={chosen} nameOf={props.nameOf} onClose={() => setChosen(null)} />
      )}
    </>
  )
}

function Sample(props: {
  readonly group: ReportGroup
  readonly nameOf: PlaceNames
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const { group, nameOf, onClose } = props
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
            <Ticks text={withPlaceNames(pick(sentence), nameOf)} />
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
