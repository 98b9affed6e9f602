import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../../app/session.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { awsOrganizationsQuery } from '../../../policies/api.ts'
import { appliesQuery, plansQuery, setsQuery } from '../api.ts'
import { ApplyTable } from '../components/ApplyTable.tsx'
import { MakePlan } from '../components/MakePlan.tsx'
import { PlanTable } from '../components/PlanTable.tsx'
import { SetList } from '../components/SetList.tsx'
import { Status } from '../components/Status.tsx'
import { texts } from '../i18n/texts.ts'

/** Sets of controls, what is applied where, and the plans and applies of the past. */
export function Plans() {
  const t = useTexts(texts)
  const sets = useQuery(setsQuery())
  const organizations = useQuery(awsOrganizationsQuery())
  const plans = useQuery(plansQuery())
  const applies = useQuery(appliesQuery())
  const mayMake = useMay('control_plan.make')
  return (
    <Page title={t.title} lead={t.lead}>
      <Section title={t.status}>
        <Loaded query={organizations}>
          {(found) =>
            found.length === 0 ? (
              <EmptyState title={t.noOrganizations} />
            ) : (
              found.map((one) => <Status key={one.id} organization={one} />)
            )
          }
        </Loaded>
      </Section>
      {mayMake && organizations.data !== undefined && sets.data !== undefined ? (
        <Section title={t.make}>
          <MakePlan organizations={organizations.data} sets={sets.data} />
        </Section>
      ) : null}
      <Section title={t.plans}>
        <Loaded query={plans}>{(rows) => <PlanTable rows={rows} />}</Loaded>
      </Section>
      <Section title={t.applies}>
        <Loaded query={applies}>{(rows) => <ApplyTable rows={rows} />}</Loaded>
      </Section>
      <Section title={t.sets}>
        <Loaded query={sets}>{(found) => <SetList sets={found} />}</Loaded>
      </Section>
    </Page>
  )
}
