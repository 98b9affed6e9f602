import type { AwsOrganizationView } from '@rankan/server/domain/accounts/view.ts'
import type { ControlStatus } from '@rankan/server/domain/controls/applies.ts'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../../../components/Loaded.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { awsOrganizationsQuery } from '../../../policies/api.ts'
import { setVersionQuery, statusQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** The targets to which Rankan applied a set that holds the control; for the centre. */
export function AppliedWhere({ controlId }: { readonly controlId: string }) {
  const t = useTexts(texts)
  const organizations = useQuery(awsOrganizationsQuery())
  return (
    <section className="flex flex-col gap-2" aria-label={t.appliedHere}>
      <h3 className="text-std-17B-170">{t.appliedHere}</h3>
      <Loaded query={organizations} lines={1}>
        {(found) => (
          <ul className="flex flex-col gap-2">
            {found.map((one) => (
              <InOrganization key={one.id} organization={one} controlId={controlId} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

interface Where {
  readonly organization: AwsOrganizationView
  readonly controlId: string
}

function InOrganization({ organization, controlId }: Where) {
  const query = useQuery(statusQuery(organization.id))
  return (
    <li>
      <span className="font-700">{organization.name}</span>{' '}
      <Loaded query={query} lines={1}>
        {(status) => <Targets status={status} controlId={controlId} />}
      </Loaded>
    </li>
  )
}

function Targets({ status, controlId }: { readonly status: ControlStatus; readonly controlId: string }) {
  const t = useTexts(texts)
  const refs = [
    ...new Map(status.targets.flatMap(({ sets }) => sets.map((one) => [keyOf(one), one] as const))),
  ]
  const sets = useQueries({ queries: refs.map(([, ref]) => setVersionQuery(ref)) })
  const holding = new Set(
    sets.flatMap(({ data }) =>
      data?.controls.some(({ control }) => control === controlId) ? [keyOf(data)] : [],
    ),
  )
  const found = status.targets.flatMap(({ target, name, sets: applied }) =>
    applied.filter((one) => holding.has(keyOf(one))).map((one) => ({ ...one, where: name ?? target })),
  )
  if (found.length === 0) return <span>{t.appliedNowhere}</span>
  return (
    <ul className="list-disc pl-6">
      {found.map((one) => (
        <li key={`${one.where} ${keyOf(one)}`}>
          {one.where}:{' '}
          <Link to="/control-plans/$planId" params={{ planId: one.planId }}>
            {one.name} {t.versionOf(one.version)}
          </Link>{' '}
          (<DateText at={one.appliedAt} />)
        </li>
      ))}
    </ul>
  )
}

const keyOf = ({ name, version }: { readonly name: string; readonly version: number }): string =>
  `${name} ${version}`
