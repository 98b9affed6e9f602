import type { ReplayReport } from '@rankan/server/domain/policies/report.ts'
import { useLanguage, usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { skipWords } from '../../engine/skip-words.ts'
import { texts } from '../i18n/texts.ts'
import type { PlaceNames } from './place-names.ts'

interface Total {
  readonly name: string
  readonly value: number
  readonly hint?: string
}

interface TotalsProps {
  readonly report: ReplayReport
  readonly nameOf: PlaceNames
}

/** The few numbers that people ask for first. */
export function Totals({ report, nameOf }: TotalsProps) {
  const t = useTexts(texts)
  const { denied, unknown, against } = report
  const totals: readonly Total[] = [
    { name: t.newly, value: denied.calls - denied.already, hint: t.newlyHint },
    { name: t.already, value: denied.already, hint: t.alreadyHint },
    { name: t.unknown, value: unknown.calls, hint: t.unknownHint },
    { name: t.allowed, value: report.allowed },
    { name: t.calls, value: report.calls },
    { name: t.events, value: report.events },
    ...(against === null
      ? []
      : [
          { name: t.newlyDenied, value: against.newlyDenied.calls },
          { name: t.newlyAllowed, value: against.newlyAllowed.calls },
        ]),
  ]
  return (
    <>
      <dl className="grid gap-3 sm:grid-cols-2 md:grid-cols-3 lg:grid-cols-4">
        {totals.map((total) => (
          <TotalView key={total.name} {...total} />
        ))}
      </dl>
      <Assumptions report={report} nameOf={nameOf} />
    </>
  )
}

function TotalView({ name, value, hint }: Total) {
  const { language } = useLanguage()
  return (
    <div className="flex flex-col rounded-12 border border-solid-gray-420 p-4">
      <dt className="text-std-16B-170">{name}</dt>
      <dd className="text-std-28B-150 tabular-nums">{value.toLocaleString(language)}</dd>
      {hint === undefined ? null : <dd className="text-solid-gray-700">{hint}</dd>}
    </div>
  )
}

/** A reason that this portal does not know yet stands as it is. */
const exemptWord = (words: Readonly<Record<string, string>>, reason: string) => words[reason] ?? reason

/** What the answer rests on: readers must know it before they rely on the numbers. */
function Assumptions({ report, nameOf }: TotalsProps) {
  const t = useTexts(texts)
  const pick = usePick()
  const places = report.assumed.flatMap(({ what, target }) =>
    what === 'full_access' && target !== undefined ? [nameOf(target)] : [],
  )
  const skipped = Object.entries(report.skipped)
    .map(([reason, count]) => `${pick(skipWords(reason))} ${count.toLocaleString()}`)
    .join(', ')
  const exempt = Object.entries(report.exempt ?? {})
    .map(([reason, count]) => `${exemptWord(t.notBoundBy, reason)} ${count.toLocaleString()}`)
    .join(', ')
  const lines = [
    ...(places.length === 0 ? [] : [t.assumed(places.join(', '))]),
    ...(report.unplacedAccounts.length === 0 ? [] : [t.unplaced(report.unplacedAccounts.length)]),
    ...(report.delegatedAdministrators.length === 0
      ? []
      : [t.delegated(report.delegatedAdministrators.join(', '))]),
    ...(exempt === '' ? [] : [`${t.notBound}: ${exempt}`]),
    ...(skipped === '' ? [] : [`${t.skipped}: ${skipped}`]),
  ]
  if (lines.length === 0) return null
  return (
    <ul className="list-disc pl-6 text-solid-gray-700">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
