import { placesOf, switchedOn } from '@rankan/server/src/catalog/live-coverage.ts'
import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import type { OnPlace } from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../../components/Loaded.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { placesQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** More than a person reads beside a form; the list of all is below. */
const SHOWN = 5

/** Where the forms of one type are on; for the centre. */
export function WhereOn({ controlId, type }: { readonly controlId: string; readonly type: ControlType }) {
  const query = useQuery(placesQuery())
  return (
    <Loaded query={query} lines={1}>
      {({ controls }) => <Places places={placesOf(switchedOn(controls), controlId, type)} />}
    </Loaded>
  )
}

function Places({ places }: { readonly places: readonly OnPlace[] }) {
  const t = useTexts(texts)
  if (places.length === 0)
    return (
      <p>
        <StatusBadge tone="neutral">{t.onNowhere}</StatusBadge>
      </p>
    )
  const isWhole = places.some(({ whole }) => whole)
  return (
    <div className="flex flex-col gap-1">
      <p>
        <StatusBadge tone={isWhole ? 'good' : 'warning'}>{isWhole ? t.on : t.onPartly}</StatusBadge>
      </p>
      <ul className="list-disc pl-6">
        {places.slice(0, SHOWN).map((one) => (
          <li key={`${one.awsOrganizationId} ${one.id} ${one.by} ${one.name}`} className="break-words">
            {one.awsOrganizationName}: {one.place} — {t.partOf[one.by]} ({one.name})
            {one.whole ? '' : ` — ${t.onPartly}`}
          </li>
        ))}
      </ul>
      {places.length > SHOWN ? <p>{t.morePlaces(places.length - SHOWN)}</p> : null}
    </div>
  )
}
