import type {
  ControlDetail,
  ControlInForce,
  FormInForce,
  PlaceInForce,
} from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMay } from '../../../app/session.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { inForceQuery } from '../api.ts'
import { type Effect, effectOf } from '../effect.ts'
import { texts } from '../i18n/texts.ts'
import { AppliedWhere } from '../plans/components/AppliedWhere.tsx'

/** What the policies in force do of what this control would do. */
export function InForce({ control: { record } }: { readonly control: ControlDetail }) {
  const t = useTexts(texts)
  const mayRead = useMay('control_plan.read')
  const asks = record.forms.preventive?.some(({ kind }) => kind === 'scp' || kind === 'rcp') ?? false
  return (
    <>
      {mayRead ? <AppliedWhere controlId={record.id} /> : null}
      {asks ? <Asked controlId={record.id} /> : <p>{t.inForceNone}</p>}
      <p className="text-solid-gray-700">{t.inForceOthers}</p>
    </>
  )
}

function Asked({ controlId }: { readonly controlId: string }) {
  const t = useTexts(texts)
  const query = useQuery(inForceQuery(controlId))
  return (
    <>
      <p className="text-solid-gray-700">{t.inForceLead}</p>
      <Loaded query={query}>{(found) => <Places found={found} />}</Loaded>
    </>
  )
}

function Places({ found }: { readonly found: ControlInForce }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <>
      <DataTable
        label={t.inForce}
        rows={found.places}
        columns={columns}
        rowKey={({ awsOrganizationId, id }) => `${awsOrganizationId} ${id}`}
        tools="export"
        empty={<EmptyState title={t.noPlaces} />}
      />
      {found.unread.length === 0 ? null : <p>{t.unread(found.unread.join(', '))}</p>}
      {found.more ? <p>{t.more}</p> : null}
    </>
  )
}

const TONES: Readonly<Record<Effect, Tone>> = { full: 'good', partly: 'warning', none: 'neutral' }

const policiesOf = (forms: readonly FormInForce[]) =>
  [...new Set(forms.flatMap(({ policies }) => policies))].join(', ')

function useColumns(): readonly Column<PlaceInForce>[] {
  const t = useTexts(texts)
  return useMemo(() => {
    const counts = ({ forms }: PlaceInForce) =>
      forms.map(({ kind, denied, tried }) => t.deniedOf(kind.toUpperCase(), denied, tried))
    return [
      {
        key: 'place',
        title: t.place,
        width: 14,
        value: ({ name }) => name,
        cell: ({ name, kind, id, awsOrganizationName }) => (
          <>
            {name} <span className="text-solid-gray-700">({t.placeKindOf[kind]})</span>
            <span className="block text-solid-gray-700">
              {awsOrganizationName === null ? id : `${awsOrganizationName} ${id}`}
            </span>
          </>
        ),
      },
      {
        key: 'effect',
        title: t.effect,
        width: 12,
        value: (row) => t[effectOf(row.forms)],
        cell: (row) => (
          <span className="flex flex-col items-start gap-1">
            <StatusBadge tone={TONES[effectOf(row.forms)]}>{t[effectOf(row.forms)]}</StatusBadge>
            {counts(row).map((count) => (
              <span key={count}>{count}</span>
            ))}
          </span>
        ),
      },
      { key: 'counts', title: 'SCP / RCP', hidden: true, value: (row) => counts(row).join(', ') },
      {
        key: 'policies',
        title: t.deniedBy,
        width: 14,
        value: ({ forms }) => policiesOf(forms),
        cell: ({ forms }) => policiesOf(forms) || '—',
      },
      {
        key: 'readAt',
        title: t.readAt,
        width: 11,
        value: ({ readAt }) => readAt,
        cell: ({ readAt }) => <DateText at={readAt} />,
      },
    ]
  }, [t])
}
