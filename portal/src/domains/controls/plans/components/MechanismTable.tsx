import type { Mechanism } from '@rankan/server/domain/controls/plans.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { StatusBadge, type Tone } from '../../../../components/StatusBadge.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { Ticks } from '../../../policies/components/Ticks.tsx'
import { texts } from '../i18n/texts.ts'

/** By what each form of each control is carried here, or why by nothing. */
export function MechanismTable({ mechanisms }: { readonly mechanisms: readonly Mechanism[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  // Two forms that nothing carries, for one reason, are one line.
  const rows = [...new Map(mechanisms.map((one) => [keyOf(one), one])).values()]
  return <DataTable label={t.mechanisms} rows={rows} columns={columns} rowKey={keyOf} tools />
}

const keyOf = ({ control, type, form, by, why }: Mechanism): string =>
  [control, type, form, by ?? '', why?.en ?? ''].join(' ')

const TONES: Readonly<Record<Mechanism['state'], Tone>> = {
  in_force: 'good',
  to_do: 'active',
  not_here: 'neutral',
}

function useColumns(): readonly Column<Mechanism>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      {
        key: 'control',
        title: t.control,
        width: 12,
        value: ({ control }) => control,
        cell: ({ control }) => (
          <Link to="/controls/$controlId" params={{ controlId: control }}>
            {control}
          </Link>
        ),
      },
      {
        key: 'form',
        title: t.form,
        width: 10,
        value: ({ type, form }) => `${t.formOf[type]} ${form}`,
        cell: ({ type, form }) => (
          <>
            {t.formOf[type]}
            <span className="block text-solid-gray-700">{form}</span>
          </>
        ),
      },
      {
        key: 'state',
        title: t.state,
        width: 10,
        value: ({ state }) => t.mechanismOf[state],
        cell: ({ state }) => <StatusBadge tone={TONES[state]}>{t.mechanismOf[state]}</StatusBadge>,
      },
      {
        key: 'through',
        title: t.through,
        width: 18,
        value: ({ part, by, why }) =>
          [part === null ? '' : t.partOf[part], by ?? '', why === null ? '' : pick(why)].join(' ').trim(),
        cell: ({ part, by, why }) => (
          <>
            {part === null ? null : t.partOf[part]}
            {by === null ? null : <span className="block break-all">{by}</span>}
            {why === null ? null : (
              <span className="block">
                <Ticks text={pick(why)} />
              </span>
            )}
          </>
        ),
      },
    ],
    [t, pick],
  )
}
