import { switchedOn } from '@rankan/server/src/catalog/live-coverage.ts'
import { CONTROL_TYPES } from '@rankan/server/src/catalog/types.ts'
import type { ControlPlaces, FrameworkCoverage, FrameworkRow } from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { Checkbox } from '../../../components/Choice.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { coverageQuery, coverageUrl, frameworksQuery, placesQuery } from '../api.ts'
import { ElementMap } from '../components/ElementMap.tsx'
import { LiveSummary } from '../components/LiveSummary.tsx'
import { SectionTable } from '../components/SectionTable.tsx'
import { ServiceSelect, TypeSelect } from '../components/Selects.tsx'
import { ServiceTable } from '../components/ServiceTable.tsx'
import { TypeMarks } from '../components/TypeMarks.tsx'
import { texts } from '../i18n/texts.ts'

const FIRST = 'nist-csf-2.0'

/** Which elements of a framework the controls serve, and the gaps. */
export function FrameworkPage() {
  const t = useTexts(texts)
  const { framework = FIRST, type, service } = useSearch({ from: '/shell/frameworks' })
  const frameworks = useQuery(frameworksQuery())
  const coverage = useQuery(coverageQuery(framework, { type, service }))
  const whole = useQuery(coverageQuery(framework, {}))
  const live = useQuery({ ...placesQuery(), enabled: useMay('control_plan.read') })
  return (
    <Page title={t.frameworkTitle} lead={t.frameworkLead} actions={<Downloads framework={framework} />}>
      <Loaded query={frameworks} lines={2}>
        {({ items }) => <Filters frameworks={items} chosen={framework} whole={whole.data} />}
      </Loaded>
      <Loaded query={coverage} lines={10}>
        {(found) => <Coverage coverage={found} live={live.data ?? null} />}
      </Loaded>
    </Page>
  )
}

function Downloads({ framework }: { readonly framework: string }) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const { type, service } = useSearch({ from: '/shell/frameworks' })
  const mayLive = useMay('control_plan.read')
  return (
    <>
      {(['svg', 'csv'] as const).map((format) => (
        <a
          key={format}
          href={coverageUrl(framework, format, { type, service }, language, mayLive)}
          download
          className={buttonClasses('secondary')}
        >
          {t[format]}
        </a>
      ))}
    </>
  )
}

function Filters(props: {
  readonly frameworks: readonly FrameworkRow[]
  readonly chosen: string
  /** Unfiltered, for the services that there are. */
  readonly whole: FrameworkCoverage | undefined
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/frameworks' })
  const narrow = (part: Partial<typeof search>) =>
    void navigate({ to: '/frameworks', search: { ...search, ...part }, replace: true })
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select
        label={t.framework}
        value={props.chosen}
        onChange={(framework) => narrow({ framework })}
        className="w-full sm:w-96"
        options={props.frameworks.map(({ id, title }) => ({ value: id, label: pick(title) }))}
      />
      <TypeSelect value={search.type} onChange={(type) => narrow({ type })} />
      <ServiceSelect
        services={props.whole?.controls.flatMap((control) => control.services) ?? []}
        value={search.service}
        onChange={(service) => narrow({ service })}
      />
    </div>
  )
}

interface CoverageProps {
  readonly coverage: FrameworkCoverage
  /** Where controls are on; null: not known, or not for the reader. */
  readonly live: ControlPlaces | null
}

function Coverage({ coverage, live }: CoverageProps) {
  const t = useTexts(texts)
  const { framework } = coverage
  const [onlyGaps, setOnlyGaps] = useState(false)
  const switched = useMemo(() => (live === null ? null : switchedOn(live.controls)), [live])
  return (
    <>
      <Section title={t.summary}>
        <p className="text-std-20B-150" role="status">
          {t.summaryText(framework.requirements - framework.gaps, framework.requirements)}{' '}
          {t.gapsText(framework.gaps)}
        </p>
        {live === null || switched === null ? null : (
          <LiveSummary coverage={coverage} switched={switched} organizations={live.organizations} />
        )}
        <SectionTable sections={coverage.sections} />
        <p className="text-solid-gray-700">
          {t.frameworkNote} {framework.withdrawn === 0 ? null : t.withdrawn(framework.withdrawn)}
        </p>
        <FrameworkFacts framework={framework} />
      </Section>
      <Section
        title={t.map}
        actions={
          <Checkbox checked={onlyGaps} onChange={setOnlyGaps}>
            {t.onlyGaps}
          </Checkbox>
        }
      >
        <TypeMarks types={CONTROL_TYPES} />
        <ElementMap coverage={coverage} onlyGaps={onlyGaps} switched={switched} />
      </Section>
      <Section title={t.byService}>
        <p className="text-solid-gray-700">{t.byServiceText}</p>
        <ServiceTable coverage={coverage} />
      </Section>
    </>
  )
}

function FrameworkFacts({ framework }: { readonly framework: FrameworkRow }) {
  const t = useTexts(texts)
  return (
    <Facts
      items={[
        {
          name: t.source,
          // Of a framework of the operator's own it is a word, not an address.
          value: /^https?:/.test(framework.source) ? (
            <a href={framework.source} rel="noreferrer" className="break-all">
              {framework.source}
            </a>
          ) : (
            framework.source
          ),
        },
        { name: t.asOf, value: <DateText at={framework.asOf} dayOnly /> },
      ]}
    />
  )
}
