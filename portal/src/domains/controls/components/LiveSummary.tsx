import { countOn, type Switched } from '@rankan/server/src/catalog/live-coverage.ts'
import type { ControlPlaces, FrameworkCoverage } from '@rankan/server/src/catalog/view.ts'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

interface Props {
  readonly coverage: FrameworkCoverage
  readonly switched: Switched
  readonly organizations: ControlPlaces['organizations']
}

/** How much of the framework is served by controls that are on somewhere, and how old that knowledge is. */
export function LiveSummary({ coverage, switched, organizations }: Props) {
  const t = useTexts(texts)
  return (
    <div className="flex flex-col gap-1">
      <p className="text-std-17B-170">
        {t.liveText(countOn(coverage.sections, switched), coverage.framework.requirements)}
      </p>
      <ul className="list-disc pl-6 text-solid-gray-700">
        {organizations.map(({ id, name, readAt, inPlaceAt }) => (
          <li key={id}>
            {name}: {t.policiesRead} {readAt === null ? t.never : <DateText at={readAt} />} · {t.inPlaceRead}{' '}
            {inPlaceAt === null ? t.never : <DateText at={inPlaceAt} />}
          </li>
        ))}
      </ul>
    </div>
  )
}
