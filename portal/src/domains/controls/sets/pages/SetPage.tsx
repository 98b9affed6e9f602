import type { ControlSetView } from '@rankan/server/domain/controls/sets.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMay } from '../../../../app/session.tsx'
import { buttonClasses } from '../../../../components/Button.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { Select } from '../../../../components/Select.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { awsOrganizationsQuery } from '../../../policies/api.ts'
import { setVersionQuery } from '../../plans/api.ts'
import { MakePlan } from '../../plans/components/MakePlan.tsx'
import { setQuery } from '../api.ts'
import { Chosen } from '../components/Chosen.tsx'
import { Difference } from '../components/Difference.tsx'
import { texts } from '../i18n/texts.ts'

/** One control set: its controls, its versions and their differences, and a plan from it. */
export function SetPage() {
  const pick = usePick()
  const t = useTexts(texts)
  const { name } = useParams({ from: '/shell/control-sets/$name' })
  const { version } = useSearch({ from: '/shell/control-sets/$name' })
  const latest = useQuery(setQuery(name))
  const asked = useQuery({
    ...setVersionQuery({ name, version: version ?? 1 }),
    enabled: version !== undefined,
  })
  const shown = version === undefined ? latest : asked
  const mayChange = useMay('control_set.change')
  return (
    <Page
      title={shown.data === undefined ? name : pick(shown.data.title)}
      lead={shown.data === undefined ? undefined : pick(shown.data.description)}
      actions={
        <>
          <Link to="/control-sets" className={buttonClasses('secondary')}>
            {t.toSets}
          </Link>
          {mayChange ? (
            <Link to="/control-sets/$name/edit" params={{ name }} className={buttonClasses('primary')}>
              {t.edit}
            </Link>
          ) : null}
        </>
      }
    >
      <Loaded query={shown} lines={8}>
        {(set) => <SetView key={`${set.name} ${set.version}`} set={set} />}
      </Loaded>
    </Page>
  )
}

function SetView({ set }: { readonly set: ControlSetView }) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const choose = (version: string) =>
    void navigate({
      to: '/control-sets/$name',
      params: { name: set.name },
      search: { version: Number(version) },
    })
  return (
    <>
      <Select
        label={t.version}
        value={String(set.version)}
        onChange={choose}
        className="w-48"
        options={Array.from({ length: set.versions }, (_, i) => ({
          value: String(set.versions - i),
          label: t.versionOf(set.versions - i),
        }))}
      />
      <Facts
        items={[
          { name: t.name, value: <code className="font-mono">{set.name}</code> },
          { name: t.origin, value: t.originOf[set.origin] },
          {
            name: t.savedAt,
            value: set.createdAt === null ? t.shipped : <DateText at={set.createdAt} />,
          },
          { name: t.savedBy, value: set.createdBy ?? '—' },
        ]}
      />
      <Section title={`${t.controls} (${set.controls.length})`}>
        <Chosen choices={set.controls} />
      </Section>
      <Section title={t.difference}>
        <Difference set={set} />
      </Section>
      <PlanIt set={set} />
    </>
  )
}

function PlanIt({ set }: { readonly set: ControlSetView }) {
  const t = useTexts(texts)
  const mayMake = useMay('control_plan.make')
  const organizations = useQuery(awsOrganizationsQuery())
  if (!mayMake || organizations.data === undefined) return null
  return (
    <Section title={t.plan}>
      {set.version === set.versions ? null : <p>{t.planLatest}</p>}
      <MakePlan organizations={organizations.data} sets={[set]} />
    </Section>
  )
}
