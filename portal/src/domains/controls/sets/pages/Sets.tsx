import type { ControlSetView } from '@rankan/server/domain/controls/sets.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { buttonClasses } from '../../../../components/Button.tsx'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page } from '../../../../components/Page.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { setsQuery } from '../../plans/api.ts'
import { texts } from '../i18n/texts.ts'

/** Every control set, the latest version of each. */
export function Sets() {
  const t = useTexts(texts)
  const columns = useColumns()
  const query = useQuery(setsQuery())
  const mayChange = useMay('control_set.change')
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        mayChange ? (
          <Link to="/control-sets/new" className={buttonClasses('primary')}>
            {t.new}
          </Link>
        ) : null
      }
    >
      <Loaded query={query} lines={4}>
        {(rows) => (
          <DataTable
            label={t.title}
            rows={rows}
            columns={columns}
            rowKey={({ name }) => name}
            empty={<EmptyState title={t.none} />}
          />
        )}
      </Loaded>
    </Page>
  )
}

function useColumns(): readonly Column<ControlSetView>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      {
        key: 'title',
        title: t.title,
        width: 22,
        value: ({ title }) => pick(title),
        cell: ({ name, title, description }) => (
          <>
            <Link to="/control-sets/$name" params={{ name }} className="block">
              {pick(title)}
            </Link>
            <span className="block text-solid-gray-700">{pick(description)}</span>
          </>
        ),
      },
      { key: 'name', title: t.name, width: 12, value: ({ name }) => name },
      { key: 'version', title: t.version, width: 5, align: 'end', value: ({ version }) => version },
      { key: 'count', title: t.count, width: 6, align: 'end', value: ({ controls }) => controls.length },
      { key: 'origin', title: t.origin, width: 10, value: ({ origin }) => t.originOf[origin] },
      {
        key: 'savedAt',
        title: t.savedAt,
        width: 11,
        value: ({ createdAt }) => createdAt ?? '',
        cell: ({ createdAt }) => (createdAt === null ? '—' : <DateText at={createdAt} />),
      },
    ],
    [t, pick],
  )
}
