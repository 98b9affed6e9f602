import type { AttentionItem } from '@rankan/server/domain/organisations/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { attentionQuery } from '../api.ts'
import { OrganisationLink } from '../components/OrganisationLink.tsx'
import { texts } from '../i18n/texts.ts'

export function Attention() {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(attentionQuery)
  const columns = useMemo(
    (): readonly Column<AttentionItem>[] => [
      {
        key: 'severity',
        title: t.state,
        width: 7,
        value: (item) => t.severity[item.severity],
        cell: (item) => (
          <StatusBadge tone={item.severity === 'high' ? 'bad' : 'warning'}>
            {t.severity[item.severity]}
          </StatusBadge>
        ),
      },
      {
        key: 'organisation',
        title: t.organisation,
        width: 12,
        value: (item) => (item.organisation === null ? null : pick(item.organisation.name)),
        cell: (item) =>
          item.organisation === null ? '—' : <OrganisationLink organisation={item.organisation} />,
      },
      { key: 'kind', title: t.kind, width: 11, value: (item) => t.attentionKind[item.kind] },
      { key: 'words', title: t.task, width: 26, value: (item) => pick(item.words) },
      {
        key: 'since',
        title: t.since,
        width: 8,
        value: (item) => item.since,
        cell: (item) => <DateText at={item.since} dayOnly />,
      },
    ],
    [t, pick],
  )
  return (
    <Page title={t.attentionTitle} lead={t.attentionLead}>
      <Loaded query={query}>
        {({ items }) => (
          <DataTable
            label={t.attentionTitle}
            rows={items}
            columns={columns}
            rowKey={(item) => `${item.kind} ${item.organisation?.id ?? ''} ${item.subject}`}
            tools
            empty={<EmptyState title={t.attentionNone} />}
          />
        )}
      </Loaded>
    </Page>
  )
}
