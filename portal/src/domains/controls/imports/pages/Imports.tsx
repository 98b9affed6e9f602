import type { ImportView } from '@rankan/server/src/catalog/imports/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { importsQuery } from '../api.ts'
import { NewImport } from '../components/NewImport.tsx'
import { texts } from '../i18n/texts.ts'

/** Controls of others, frameworks of one's own and what AWS has in place: what was taken, and taking more. */
export function Imports() {
  const t = useTexts(texts)
  const columns = useColumns()
  const query = useQuery(importsQuery())
  const mayTake = useMay('control_import.take')
  return (
    <Page title={t.title} lead={t.lead}>
      {mayTake ? <NewImport /> : null}
      <Section title={t.kept}>
        <Loaded query={query} lines={3}>
          {(rows) => (
            <DataTable
              label={t.kept}
              rows={rows}
              columns={columns}
              rowKey={({ name }) => name}
              empty={<EmptyState title={t.none} />}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

function useColumns(): readonly Column<ImportView>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      {
        key: 'name',
        title: t.name,
        width: 12,
        value: ({ name }) => name,
        cell: ({ name }) => (
          <Link to="/control-imports/$name" params={{ name }}>
            {name}
          </Link>
        ),
      },
      { key: 'kind', title: t.kind, width: 12, value: ({ kind }) => t.kindOf[kind] },
      {
        key: 'source',
        title: t.source,
        width: 13,
        value: ({ source, sourceVersion }) => `${source} ${sourceVersion}`.trim(),
        cell: ({ source, sourceVersion }) => (
          <>
            <span className="block break-words">{source}</span>
            <span className="block break-words text-solid-gray-700">{sourceVersion}</span>
          </>
        ),
      },
      { key: 'version', title: t.version, width: 6, align: 'end', value: ({ version }) => version },
      { key: 'entries', title: t.count, width: 6, align: 'end', value: ({ entries }) => entries },
      {
        key: 'at',
        title: t.at,
        width: 11,
        value: ({ createdAt }) => createdAt,
        cell: ({ createdAt, createdBy }) => (
          <>
            <DateText at={createdAt} />
            <span className="block text-solid-gray-700">{createdBy}</span>
          </>
        ),
      },
    ],
    [t],
  )
}
