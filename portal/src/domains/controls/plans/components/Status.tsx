import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import type { ControlStatus } from '@rankan/server/domain/controls/applies.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { statusQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { DriftList } from './DriftList.tsx'

/** What is applied in one AWS organisation, and what was changed by hand since. */
export function Status({ organization }: { readonly organization: AwsOrganizationView }) {
  const query = useQuery(statusQuery(organization.id))
  return (
    <section className="flex flex-col gap-3" aria-label={organization.name}>
      <h3 className="text-std-17B-170">{organization.name}</h3>
      <Loaded query={query} lines={2}>
        {(status) => <StatusView status={status} />}
      </Loaded>
    </section>
  )
}

function StatusView({ status }: { readonly status: ControlStatus }) {
  const t = useTexts(texts)
  const { targets, drift, readAt } = status
  if (targets.every(({ sets }) => sets.length === 0))
    return <EmptyState title={t.nothingApplied}>{t.nothingAppliedText}</EmptyState>
  return (
    <>
      <ul className="flex flex-col gap-2">
        {targets.map(({ target, name, sets }) => (
          <li key={target}>
            <span className="font-700">{name ?? target}</span>
            <ul className="list-disc pl-6">
              {sets.map((set) => (
                <li key={set.name}>
                  <Link to="/control-plans/$planId" params={{ planId: set.planId }}>
                    {set.name}
                  </Link>{' '}
                  {t.versionOf(set.version)} · {t.since}: <DateText at={set.appliedAt} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <Facts items={[{ name: t.readAt, value: <DateText at={readAt} /> }]} />
      {drift.length === 0 ? readAt === null ? null : <p>{t.noDrift}</p> : <DriftList drift={drift} />}
    </>
  )
}
