import type { ControlDrift } from '@rankan/server/domain/controls/plans.ts'
import { Notice } from '../../../../components/Notice.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { Ticks } from '../../../policies/components/Ticks.tsx'
import { texts } from '../i18n/texts.ts'

/** What somebody changed by hand, and what Rankan proposes. */
export function DriftList({ drift }: { readonly drift: readonly ControlDrift[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <Notice kind="warning" title={`${t.drift} (${drift.length})`}>
      <p>{t.driftText}</p>
      <ul className="list-disc pl-6">
        {drift.map((one) => (
          <li key={`${one.what} ${one.part} ${one.name} ${one.target}`}>
            <Ticks text={pick(one.words)} />
            <span className="block text-solid-gray-700">
              {t.proposal}: <Ticks text={pick(one.proposal)} />
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
