import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import type { GuardrailList } from '@rankan/server/domain/policies/guardrails.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { buttonClasses } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page, Section } from '../../../components/Page.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { awsOrganizationsQuery, guardrailsQuery } from '../api.ts'
import { GuardrailTable } from '../components/GuardrailTable.tsx'
import { PlaceTable } from '../components/PlaceTable.tsx'
import { texts } from '../i18n/texts.ts'

export function Policies() {
  const t = useTexts(texts)
  const query = useQuery(awsOrganizationsQuery())
  return (
    <Page
      title={t.policiesTitle}
      lead={t.policiesLead}
      actions={
        <Link to="/policies/editor" className={buttonClasses()}>
          {t.write}
        </Link>
      }
    >
      <Loaded query={query}>
        {(organizations) =>
          organizations.length === 0 ? (
            <EmptyState title={t.noOrganizations} />
          ) : (
            organizations.map((organization) => (
              <Organization key={organization.id} organization={organization} />
            ))
          )
        }
      </Loaded>
    </Page>
  )
}

function Organization({ organization }: { readonly organization: AwsOrganizationView }) {
  const t = useTexts(texts)
  const query = useQuery(guardrailsQuery(organization.id))
  return (
    <Section title={organization.name}>
      <Loaded query={query}>
        {(list) =>
          list.readAt === null ? (
            <EmptyState title={t.notReadYet}>{t.notReadYetText}</EmptyState>
          ) : (
            <InForce list={list} name={organization.name} />
          )
        }
      </Loaded>
    </Section>
  )
}

function InForce({ list, name }: { readonly list: GuardrailList; readonly name: string }) {
  const t = useTexts(texts)
  return (
    <>
      <Facts
        items={[
          { name: t.readAt, value: <DateText at={list.readAt} /> },
          { name: t.managementAccount, value: list.managementAccountId ?? '—' },
        ]}
      />
      <h3 className="text-std-18B-160">{t.inForce}</h3>
      <GuardrailTable list={list} label={`${t.inForce}: ${name}`} />
      <h3 className="text-std-18B-160">{t.places}</h3>
      <p className="text-solid-gray-700">{t.placesLead}</p>
      <PlaceTable list={list} label={`${t.places}: ${name}`} />
    </>
  )
}
