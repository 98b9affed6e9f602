import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ApplicationLink } from '../../../components/ApplicationLink.tsx'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { Tabs } from '../../../components/Tabs.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { accountsOfQuery, applicationsOfQuery, organisationQuery } from '../api.ts'
import { Contacts } from '../components/Contacts.tsx'
import { Contracts } from '../components/Contracts.tsx'
import { History } from '../components/History.tsx'
import { OrganisationLink } from '../components/OrganisationLink.tsx'
import { People } from '../components/People.tsx'
import { Systems } from '../components/Systems.tsx'
import { Branch } from '../components/Tree.tsx'
import { texts } from '../i18n/texts.ts'

export function Organisation() {
  const t = useTexts(texts)
  const pick = usePick()
  const { organisationId } = useParams({ from: '/shell/organisations/$organisationId' })
  const { on } = useSearch({ from: '/shell/organisations/$organisationId' })
  const navigate = useNavigate({ from: '/organisations/$organisationId' })
  const query = useQuery(organisationQuery(organisationId, on))
  const shown = query.data?.now ?? query.data?.timeline.at(-1)
  const setDay = (day: string) => void navigate({ search: day === '' ? {} : { on: day }, replace: true })
  return (
    <Page
      title={shown === undefined ? t.organisation : pick(shown.name)}
      {...(shown === undefined ? {} : { lead: shown.code })}
    >
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t.on} hint={t.onHint} type="date" value={on ?? ''} onChange={setDay} />
        {on === undefined ? null : (
          <Button look="secondary" onPress={() => setDay('')}>
            {t.today}
          </Button>
        )}
      </div>
      <Loaded query={query}>{(page) => <Details page={page} on={on} />}</Loaded>
    </Page>
  )
}

function Details({ page, on }: { readonly page: OrganisationPage; readonly on: string | undefined }) {
  const t = useTexts(texts)
  const tabs = [
    { key: 'history', title: t.history, content: <Overview page={page} on={on} /> },
    { key: 'systems', title: t.systems, content: <Systems page={page} /> },
    { key: 'contacts', title: t.contacts, content: <Contacts page={page} /> },
    { key: 'people', title: t.people, content: <People page={page} /> },
    { key: 'contracts', title: t.contracts, content: <Contracts page={page} /> },
    { key: 'accounts', title: t.accounts, content: <Accounts organisationId={page.id} /> },
    { key: 'applications', title: t.applications, content: <Applications organisationId={page.id} /> },
  ]
  return (
    <>
      {page.now === null ? <Notice kind="warning" title={t.notOnDay} /> : null}
      {on === undefined ? null : <Notice kind="info" title={t.pastDay(on)} />}
      <Tabs label={t.tabs} tabs={tabs} />
    </>
  )
}

function Overview({ page, on }: { readonly page: OrganisationPage; readonly on: string | undefined }) {
  const t = useTexts(texts)
  return (
    <div className="flex flex-col gap-6">
      <Card>
        <NowFacts page={page} on={on} />
      </Card>
      <Section title={t.history}>
        <History page={page} />
      </Section>
      {page.children === 0 ? null : (
        <Section title={t.children}>
          <Card>
            <Branch parent={page.id} on={on} />
          </Card>
        </Section>
      )}
    </div>
  )
}

function NowFacts({ page, on }: { readonly page: OrganisationPage; readonly on: string | undefined }) {
  const t = useTexts(texts)
  const now = page.now ?? page.timeline.at(-1)
  if (now === undefined) return null
  return (
    <Facts
      items={[
        { name: t.name, value: now.name.ja },
        { name: t.kana, value: now.kana ?? '—' },
        { name: t.english, value: `${now.name.en} ${page.nameEnDerived ? t.derived : ''}` },
        { name: t.code, value: <code className="font-mono">{now.code}</code> },
        { name: t.kind, value: t.kindOf[now.kind] },
        {
          name: t.parent,
          value: now.parent === null ? '—' : <OrganisationLink organisation={now.parent} on={on} />,
        },
      ]}
    />
  )
}

function Accounts({ organisationId }: { readonly organisationId: string }) {
  const t = useTexts(texts)
  const query = useQuery(accountsOfQuery(organisationId))
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t.noAccounts} />
        ) : (
          <ul className="flex flex-col gap-2">
            {items.map((account) => (
              <li key={account.id} className="flex flex-wrap gap-4">
                <Link to="/accounts/$accountId" params={{ accountId: account.accountId }}>
                  {account.name}
                </Link>
                <code className="font-mono">{account.accountId}</code>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

function Applications({ organisationId }: { readonly organisationId: string }) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(applicationsOfQuery(organisationId))
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t.noApplications} />
        ) : (
          <ul className="flex flex-col gap-2">
            {items.map((application) => (
              <li key={application.id} className="flex flex-wrap gap-4">
                <ApplicationLink id={application.id}>
                  {pick(application.systemName) || application.id}
                </ApplicationLink>
                <DateText at={application.createdAt} dayOnly />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}
