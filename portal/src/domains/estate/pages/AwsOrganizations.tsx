import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Meter } from '../../../components/Meter.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { awsOrganizationsQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'

export function AwsOrganizations() {
  const t = useTexts(texts)
  const query = useQuery(awsOrganizationsQuery())
  return (
    <Page title={t.organizationsTitle} lead={t.organizationsLead}>
      <Loaded query={query}>
        {(organizations) =>
          organizations.length === 0 ? (
            <EmptyState title={t.organizationsEmpty} />
          ) : (
            organizations.map((organization) => (
              <Section key={organization.id} title={organization.name}>
                <Card>
                  <OrganizationFacts organization={organization} />
                </Card>
              </Section>
            ))
          )
        }
      </Loaded>
    </Page>
  )
}

function OrganizationFacts({ organization }: { readonly organization: AwsOrganizationView }) {
  const t = useTexts(texts)
  const { accounts, accountLimit } = organization
  return (
    <Facts
      items={[
        { name: t.organizationId, value: organization.organizationId ?? '—' },
        { name: t.managementAccount, value: organization.managementAccountId ?? '—' },
        { name: t.engine, value: t.engineOf[organization.engine] },
        {
          name: t.capacity,
          value: (
            <Meter
              label={t.capacity}
              used={accounts}
              limit={accountLimit}
              text={t.ofLimit(accounts, accountLimit)}
            />
          ),
        },
        {
          name: t.lastSweep,
          value: (
            <>
              {organization.lastSweepAt === null ? t.never : <DateText at={organization.lastSweepAt} />}{' '}
              {organization.lastSweepComplete === false ? t.sweepIncomplete : null}
            </>
          ),
        },
        {
          name: t.driftTitle,
          value:
            organization.openDrift === 0 ? (
              t.driftEmpty
            ) : (
              <Link to="/drift">{t.driftCount(organization.openDrift)}</Link>
            ),
        },
      ]}
    />
  )
}
