import { CONTROL_TYPES } from '@rankan/server/src/catalog/types.ts'
import type { SectionView } from '@rankan/server/src/catalog/view.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { Share } from './Share.tsx'

/** Function by function: how many of its elements have a control, in all and by type. */
export function SectionTable({ sections }: { readonly sections: readonly SectionView[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return <DataTable label={t.summary} rows={sections} columns={columns} rowKey={({ id }) => id} />
}

function useColumns(): readonly Column<SectionView>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      {
        key: 'area',
        title: t.area,
        width: 12,
        value: ({ id, title }) => (title === null ? id : `${id} ${pick(title)}`),
      },
      {
        key: 'gaps',
        title: t.gap,
        width: 5,
        align: 'end',
        value: ({ gaps }) => gaps,
      },
      {
        key: 'served',
        title: t.served,
        width: 8,
        value: ({ requirements, gaps }) => requirements - gaps,
        cell: ({ requirements, gaps }) => (
          <Share part={requirements - gaps} whole={requirements} look="bg-solid-gray-700" />
        ),
      },
      ...CONTROL_TYPES.map(
        (type): Column<SectionView> => ({
          key: type,
          title: t.typeOf[type],
          width: 8,
          value: ({ served }) => served[type],
          cell: ({ served, requirements }) => <Share part={served[type]} whole={requirements} type={type} />,
        }),
      ),
    ],
    [t, pick],
  )
}
