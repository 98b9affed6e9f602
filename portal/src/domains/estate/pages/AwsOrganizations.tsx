import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Meter } from '../../../components/Meter.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { toast } from '../../../components/Toast.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { awsOrganizationsQuery, sweepNow } from '../api.ts'
import { SettingsButton } from '../components/SettingsDialog.tsx'
import { texts } from '../i18n/texts.ts'

export function AwsOrganizations() {
  const t = useTexts(texts)
  const maySweep = useMay('estate.change')
  const query = useQuery(awsOrganizationsQuery())
  return (
    <Page title={t.organizationsTitle} lead={t.organizationsLead}>
      <Loaded query={query}>
        {(organizations) =>
          organizations.length === 0 ? (
            <EmptyState title={t.organizationsEmpty} />
          ) : (
            organizations.map((organization) => (
              <Section
                key={organization.id}
                title={organization.name}
                actions={
                  <div className="flex flex-wrap items-start gap-2">
                    <SettingsButton id={organization.id} name={organization.name} />
                    {maySweep ? <Sweep organizationId={organization.id} /> : null}
                  </div>
                }
              >
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

function Sweep({ organizationId }: { readonly organizationId: string }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const sweep = useMutation({
    mutationFn: () => sweepNow(organizationId),
    onSuccess: async ({ listed, opened }) => {
      toast(t.sweepDone(listed, opened))
      await client.invalidateQueries()
    },
  })
  return (
    <div className="flex flex-col items-end gap-2">
      <Button look="secondary" small onPress={() => sweep.mutate()} isPending={sweep.isPending}>
        {t.sweepNow}
      </Button>
      {sweep.error === null ? null : <ErrorView error={sweep.error} />}
    </div>
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
