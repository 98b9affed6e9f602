import { Link } from '@tanstack/react-router'
import type { Column } from '../../../../components/DataTable.tsx'
import { DateText } from '../../../../components/Values.tsx'
import type { PlanTexts } from '../i18n/texts.ts'

/** What a plan and an apply have in common. */
interface Row {
  readonly id: string
  readonly set: string
  readonly version: number
  readonly target: string
  readonly targetName: string | null
  readonly action: keyof PlanTexts['actionOf']
  readonly createdBy: string
  readonly createdAt: string
}

export const setColumn = <T extends Row>(
  t: PlanTexts,
  to: '/control-plans/$planId' | '/control-applies/$applyId',
): Column<T> => ({
  key: 'set',
  title: t.set,
  width: 13,
  value: ({ set }) => set,
  cell: ({ id, set, version }) => (
    <>
      <Link to={to} params={{ planId: id, applyId: id }}>
        {set}
      </Link>
      <span className="block text-solid-gray-700">{t.versionOf(version)}</span>
    </>
  ),
})

export const targetColumn = <T extends Row>(t: PlanTexts): Column<T> => ({
  key: 'target',
  title: t.target,
  width: 12,
  value: ({ target, targetName }) => targetName ?? target,
  cell: ({ target, targetName, action }) => (
    <>
      {targetName ?? target}
      <span className="block text-solid-gray-700">{t.actionOf[action]}</span>
    </>
  ),
})

export const madeColumns = <T extends Row>(t: PlanTexts): readonly Column<T>[] => [
  { key: 'by', title: t.by, width: 10, value: ({ createdBy }) => createdBy },
  {
    key: 'at',
    title: t.at,
    width: 11,
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <DateText at={createdAt} />,
  },
]
