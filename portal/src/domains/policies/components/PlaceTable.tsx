import type { GuardrailList, PlaceView } from '@rankan/server/domain/policies/guardrails.ts'
import { REPLAY_KINDS, type ReplayKind } from '@rankan/server/domain/policies/kinds.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { Used } from './Used.tsx'

/** Root, OUs and accounts: what is attached there, and how many more policies AWS takes. */
export function PlaceTable({ list, label }: { readonly list: GuardrailList; readonly label: string }) {
  const columns = useColumns(list)
  return (
    <DataTable
      label={label}
      rows={list.places}
      columns={columns}
      rowKey={(row) => row.id}
      tools={list.places.length > 6 ? true : 'export'}
    />
  )
}

const slotOf = (row: PlaceView, kind: ReplayKind) => row.slots.find((slot) => slot.kind === kind)

function useColumns(list: GuardrailList): readonly Column<PlaceView>[] {
  const t = useTexts(texts)
  return useMemo(() => {
    const names = new Map(list.policies.map(({ id, name }) => [id, name]))
    const places = new Map(list.places.map((place) => [place.id, place]))
    const depth = (place: PlaceView | undefined): number =>
      place?.parentId == null ? 0 : 1 + depth(places.get(place.parentId))
    const attached = (row: PlaceView) => row.policies.map((id) => names.get(id) ?? id).join(', ')
    const slots = (kind: ReplayKind): Column<PlaceView> => ({
      key: kind,
      title: t.slotsLeft(kind.toUpperCase()),
      width: 14,
      value: (row) => slotOf(row, kind)?.left ?? null,
      cell: (row) => <Slots row={row} kind={kind} />,
    })
    return [
      {
        key: 'name',
        title: t.placeName,
        width: 12,
        value: (row) => row.name,
        cell: (row) => (
          <span className="block" style={{ paddingLeft: `${depth(row)}rem` }}>
            {row.name} <span className="text-solid-gray-700">({t.placeKindOf[row.kind]})</span>
          </span>
        ),
      },
      { key: 'id', title: 'ID', hidden: true, value: (row) => row.id },
      { key: 'policies', title: t.attachedHere, width: 13, value: attached },
      {
        key: 'accounts',
        title: t.accountsBelow,
        width: 7,
        align: 'end',
        value: (row) => row.accounts,
        cell: (row) => row.accounts.toLocaleString(),
      },
      ...REPLAY_KINDS.map(slots),
    ]
  }, [t, list])
}

function Slots({ row, kind }: { readonly row: PlaceView; readonly kind: ReplayKind }) {
  const t = useTexts(texts)
  const slot = slotOf(row, kind)
  if (slot === undefined) return <span className="text-solid-gray-700">{t.disabled}</span>
  return (
    <Used
      label={t.slotsLeft(kind.toUpperCase())}
      used={slot.used}
      limit={slot.limit}
      text={t.slotsText(slot.left, slot.limit)}
    />
  )
}
