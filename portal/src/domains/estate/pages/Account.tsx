import { ACCOUNT_STATUS_TEXT } from '@rankan/server/domain/accounts/status.ts'
import type { AccountDetail } from '@rankan/server/domain/accounts/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMay } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { accountQuery } from '../api.ts'
import { AccountWorks } from '../components/AccountWorks.tsx'
import { texts } from '../i18n/texts.ts'
import { ACCOUNT_TONES } from '../tones.ts'

export function Account() {
  const t = useTexts(texts)
  const { accountId } = useParams({ from: '/shell/accounts/$accountId' })
  const query = useQuery(accountQuery(accountId))
  return (
    <Page
      title={query.data?.name ?? accountId}
      lead={accountId}
      actions={query.data === undefined ? undefined : <WhyDenied account={query.data.accountId} />}
    >
      <Loaded query={query}>
        {(account) => (
          <>
            <Warnings account={account} />
            <Section title={t.facts}>
              <Card>
                <AccountFacts account={account} />
              </Card>
            </Section>
            <Section title={t.works}>
              <AccountWorks works={account.works} />
            </Section>
            <Section title={t.contacts}>
              <Contacts account={account} />
            </Section>
            <Closure account={account} />
            <Details account={account} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function WhyDenied({ account }: { readonly account: string }) {
  const t = useTexts(texts)
  return (
    <Link to="/denied" search={{ account }} className={buttonClasses('secondary')}>
      {t.whyDenied}
    </Link>
  )
}

function Warnings({ account }: { readonly account: AccountDetail }) {
  const t = useTexts(texts)
  const maySee = useMay('drift.read')
  return (
    <>
      {account.openDrift === 0 ? null : (
        <Notice kind="warning" title={t.driftOnAccount}>
          {maySee ? <Link to="/drift">{t.toDrift}</Link> : null}
        </Notice>
      )}
      {account.suspension === null ? null : (
        <Notice kind="warning" title={t.suspendedSince}>
          <DateText at={account.suspension.at} /> {account.suspension.reason}
        </Notice>
      )}
    </>
  )
}

function AccountFacts({ account }: { readonly account: AccountDetail }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { organisationName, systemName, environment } = account
  return (
    <Facts
      items={[
        {
          name: t.status,
          value: (
            <StatusBadge tone={ACCOUNT_TONES[account.status]}>
              {pick(ACCOUNT_STATUS_TEXT[account.status])}
            </StatusBadge>
          ),
        },
        {
          name: t.organisation,
          value: organisationName === null ? t.noOrganisation : pick(organisationName),
        },
        { name: t.system, value: systemName === null ? '—' : pick(systemName) },
        { name: t.environment, value: environment === null ? '—' : t.environmentOf[environment] },
        { name: t.email, value: account.email },
        { name: t.ou, value: `${account.ouName} (${account.ouId})` },
        { name: t.awsOrganization, value: account.awsOrganizationId },
        { name: t.awsState, value: <code className="font-mono">{account.awsState}</code> },
        { name: t.origin, value: t.originOf[account.origin] },
        { name: t.created, value: <DateText at={account.createdAt} /> },
        { name: t.ready, value: <DateText at={account.readyAt} /> },
        ...(account.closedAt === null ? [] : [{ name: t.closed, value: <DateText at={account.closedAt} /> }]),
      ]}
    />
  )
}

function Contacts({ account }: { readonly account: AccountDetail }) {
  const t = useTexts(texts)
  if (account.contacts.length === 0) return <EmptyState title={t.noContacts} />
  return (
    <ul className="grid gap-4 md:grid-cols-3">
      {account.contacts.map((contact) => (
        <li key={contact.type} className="rounded-12 border border-solid-gray-420 p-4">
          <p className="text-std-16B-170">{t.contactOf[contact.type]}</p>
          <p>{contact.name}</p>
          <p className="text-solid-gray-700">{contact.title}</p>
          <p>{contact.email}</p>
          <p>{contact.phone}</p>
        </li>
      ))}
    </ul>
  )
}

function Closure({ account }: { readonly account: AccountDetail }) {
  const t = useTexts(texts)
  if (account.closure === null) return null
  return (
    <Section title={t.closureTitle}>
      <Card>
        <Facts
          items={[
            {
              name: t.closureRequested[account.closure.knownBy],
              value: <DateText at={account.closure.requestedAt} />,
            },
            { name: t.closureUntil, value: <DateText at={account.closure.windowEndsAt} /> },
            { name: t.closureEvidence, value: <Evidence hash={account.closure.evidenceHash} /> },
          ]}
        />
      </Card>
    </Section>
  )
}

function Evidence({ hash }: { readonly hash: string }) {
  const t = useTexts(texts)
  return hash === '' ? t.closureNoEvidence : <code className="font-mono">{hash}</code>
}

/** What the workflows wrote down, under the names that they use. */
function Details({ account }: { readonly account: AccountDetail }) {
  const t = useTexts(texts)
  const facts = Object.entries(account.facts)
  if (facts.length === 0) return null
  return (
    <Section title={t.details}>
      <Card>
        <Facts
          items={facts.map(([name, value]) => ({ name, value: <code className="font-mono">{value}</code> }))}
        />
      </Card>
    </Section>
  )
}
