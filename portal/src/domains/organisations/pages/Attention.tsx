import type { AttentionItem } from '@rankan/server/domain/organisations/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Button } from '../../../components/Button.tsx'
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
import { RenewException } from '../forms/RenewException.tsx'
import { texts } from '../i18n/texts.ts'

/** Whom the sweep told, and when: the owner first, the centre when nothing happened. */
function Told({ item }: { readonly item: AttentionItem }) {
  const t = useTexts(texts)
  if (item.ownerToldAt === null && item.centreToldAt === null) return <>{t.toldNobody}</>
  return (
    <ul>
      {item.ownerToldAt === null ? null : (
        <li>
          {t.toldOwner} <DateText at={item.ownerToldAt} dayOnly />
        </li>
      )}
      {item.centreToldAt === null ? null : (
        <li>
          {t.toldCentre} <DateText at={item.centreToldAt} dayOnly />
        </li>
      )}
    </ul>
  )
}

/** The application that the exception belongs to; the centre may let it go on. */
function ExceptionActions({ item }: { readonly item: AttentionItem }) {
  const t = useTexts(texts)
  const mayRenew = useMay('application.exception.renew')
  const [open, setOpen] = useState(false)
  return (
    <span className="flex flex-wrap items-center gap-2">
      <ApplicationLink id={item.subject}>{t.openApplication}</ApplicationLink>
      {mayRenew ? (
        <Button look="secondary" small onPress={() => setOpen(true)}>
          {t.renew}
        </Button>
      ) : null}
      {open ? <RenewException item={item} onClose={() => setOpen(false)} /> : null}
    </span>
  )
}

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
      {
        key: 'words',
        title: t.task,
        width: 26,
        value: (item) => pick(item.words),
        cell: (item) => (
          <>
            {pick(item.words)}
            {item.kind === 'exception_expired' ? <ExceptionActions item={item} /> : null}
          </>
        ),
      },
      {
        key: 'told',
        title: t.told,
        width: 12,
        value: (item) => item.centreToldAt ?? item.ownerToldAt,
        cell: (item) => <Told item={item} />,
      },
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
            rowKey={(item) => item.key}
            tools
            empty={<EmptyState title={t.attentionNone} />}
          />
        )}
      </Loaded>
    </Page>
  )
}
