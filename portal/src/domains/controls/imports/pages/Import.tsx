import type { ImportDetail } from '@rankan/server/src/catalog/imports/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { buttonClasses } from '../../../../components/Button.tsx'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { Select } from '../../../../components/Select.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { importQuery } from '../api.ts'
import { AgainstLibrary, Changes, Notes } from '../components/Preview.tsx'
import { texts } from '../i18n/texts.ts'

/** One import: its versions, what each changed, and what it holds. */
export function Import() {
  const t = useTexts(texts)
  const { name } = useParams({ from: '/shell/control-imports/$name' })
  const [version, setVersion] = useState<number | undefined>(undefined)
  const latest = useQuery(importQuery(name, undefined))
  const query = useQuery(importQuery(name, version))
  const count = latest.data?.version ?? 1
  return (
    <Page
      title={name}
      actions={
        <Link to="/control-imports" className={buttonClasses('secondary')}>
          {t.toImports}
        </Link>
      }
    >
      <Select
        label={t.version}
        value={String(version ?? count)}
        onChange={(one) => setVersion(Number(one))}
        className="w-48"
        options={Array.from({ length: count }, (_, i) => ({
          value: String(count - i),
          label: t.versionOf(count - i),
        }))}
      />
      <Loaded query={query} lines={8}>
        {(found) => <Detail found={found} />}
      </Loaded>
    </Page>
  )
}

function Detail({ found }: { readonly found: ImportDetail }) {
  const t = useTexts(texts)
  const columns = useColumns()
  return (
    <>
      <Facts
        items={[
          { name: t.kind, value: t.kindOf[found.kind] },
          { name: t.source, value: <span className="break-all">{found.source}</span> },
          { name: t.sourceVersionShort, value: found.sourceVersion || '—' },
          { name: t.at, value: <DateText at={found.createdAt} /> },
          { name: t.by, value: found.createdBy },
        ]}
      />
      <Section title={found.version === 1 ? t.firstTime : t.against(found.version - 1)}>
        <Changes {...found.difference} />
      </Section>
      <AgainstLibrary library={found.library} />
      <Notes notes={found.notes} />
      <Section title={t.contents}>
        <DataTable label={t.contents} rows={found.items} columns={columns} rowKey={({ id }) => id} tools />
      </Section>
    </>
  )
}

function useColumns(): readonly Column<ImportDetail['items'][number]>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      { key: 'id', title: t.item, width: 14, value: ({ id }) => id },
      { key: 'title', title: t.itemTitle, width: 20, value: ({ title }) => title },
      { key: 'on', title: t.on, width: 14, value: ({ on }) => on.join(', ') },
    ],
    [t],
  )
}
