import { typesOf } from '@rankan/server/src/catalog/types.ts'
import type { ControlDetail } from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Page, Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { controlQuery } from '../api.ts'
import { Cases } from '../components/Cases.tsx'
import { Edges } from '../components/Edges.tsx'
import { Forms } from '../components/Forms.tsx'
import { InForce } from '../components/InForce.tsx'
import { ParameterFields } from '../components/ParameterFields.tsx'
import { TypeMarks } from '../components/TypeMarks.tsx'
import { texts } from '../i18n/texts.ts'
import { typedDefaults, withParameters } from '../parameters.ts'
import { SEVERITY_TONES } from '../words.ts'

/** One control: what it is for, its forms side by side, what is behind it, where it is in force, and its cases. */
export function Control() {
  const t = useTexts(texts)
  const pick = usePick()
  const { controlId } = useParams({ from: '/shell/controls/$controlId' })
  const query = useQuery(controlQuery(controlId))
  const title = query.data === undefined ? t.name : pick(query.data.record.title)
  return (
    <Page title={title}>
      <Loaded query={query} lines={10}>
        {(detail) => <ControlView key={detail.record.id} detail={detail} />}
      </Loaded>
    </Page>
  )
}

function ControlView({ detail }: { readonly detail: ControlDetail }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { record } = detail
  const [typed, setTyped] = useState(() => typedDefaults(record.parameters))
  const control = useMemo(() => withParameters(detail, typed), [detail, typed])
  return (
    <>
      <Head detail={detail} />
      <Notice kind="info" title={t.guidance}>
        <p className="text-solid-gray-700">{t.guidanceLead}</p>
        <p>{pick(record.guidance)}</p>
      </Notice>
      <Section title={t.forms}>
        <Forms control={control} />
      </Section>
      {Object.keys(record.parameters).length === 0 ? null : (
        <Section title={t.parameters}>
          <ParameterFields parameters={record.parameters} typed={typed} onChange={setTyped} />
        </Section>
      )}
      <Section title={t.inForce}>
        <InForce control={detail} />
      </Section>
      <Section title={t.cases}>
        <Cases control={control} />
      </Section>
      <Section title={t.edges}>
        <Edges edges={detail.edges} />
      </Section>
    </>
  )
}

function Head({ detail }: { readonly detail: ControlDetail }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { record } = detail
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <StatusBadge tone={SEVERITY_TONES[record.severity]}>
          {t.severity}: {t.severityOf[record.severity]}
        </StatusBadge>
        <TypeMarks types={typesOf(record)} />
        <span className="text-solid-gray-700">
          <code className="font-mono">{record.id}</code> · {t.version(record.version)}
        </span>
      </div>
      <Facts
        items={[
          { name: t.objective, value: pick(record.objective) },
          { name: t.rationale, value: pick(record.rationale) },
          {
            name: t.services,
            value: record.services.map((service) => (
              <Link key={service} to="/controls" search={{ service }} className="mr-3">
                {service === '*' ? t.allServices : service}
              </Link>
            )),
          },
          {
            name: t.resourceTypes,
            value: (
              <span className="break-words">
                {record.resourceTypes.length === 0 ? t.allResources : record.resourceTypes.join(', ')}
              </span>
            ),
          },
        ]}
      />
    </>
  )
}
