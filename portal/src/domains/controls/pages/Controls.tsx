import { SEVERITIES } from '@rankan/server/src/catalog/record.ts'
import type { ControlRow } from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { buttonClasses } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { controlsQuery } from '../api.ts'
import { ANY, ServiceSelect, TypeSelect } from '../components/Selects.tsx'
import { TypeMarks } from '../components/TypeMarks.tsx'
import { texts } from '../i18n/texts.ts'
import { SEVERITY_TONES } from '../words.ts'

export function Controls() {
  const t = useTexts(texts)
  const { framework, element } = useSearch({ from: '/shell/controls' })
  const query = useQuery(controlsQuery({ framework, element }))
  return (
    <Page
      title={t.controlsTitle}
      lead={t.controlsLead}
      actions={
        <Link to="/frameworks" className={buttonClasses('secondary')}>
          {t.toFrameworks}
        </Link>
      }
    >
      {framework === undefined || element === undefined ? null : (
        <p className="flex flex-wrap items-center gap-3" role="note">
          {t.forElement(framework, element)}
          <Link to="/controls">{t.showAll}</Link>
        </p>
      )}
      <Loaded query={query} lines={8}>
        {(rows) => <ControlTable rows={rows} />}
      </Loaded>
    </Page>
  )
}

function ControlTable({ rows }: { readonly rows: readonly ControlRow[] }) {
  const t = useTexts(texts)
  const columns = useColumns()
  const [severity, setSeverity] = useState<string>(ANY)
  const { type = ANY, service = ANY } = useSearch({ from: '/shell/controls' })
  const shown = useMemo(
    () =>
      rows.filter(
        (row) =>
          (type === ANY || row.types.some((one) => one === type)) &&
          (service === ANY || row.services.includes(service)) &&
          (severity === ANY || row.severity === severity),
      ),
    [rows, type, service, severity],
  )
  return (
    <DataTable
      label={t.controlsTitle}
      rows={shown}
      total={rows.length}
      columns={columns}
      rowKey={(row) => row.id}
      tools
      filters={<Filters rows={rows} severity={severity} onSeverity={setSeverity} />}
      empty={<EmptyState title={t.noControls}>{t.noControlsText}</EmptyState>}
    />
  )
}

/** Type and service stand in the address, so that the framework's page can lead here. */
function Filters(props: {
  readonly rows: readonly ControlRow[]
  readonly severity: string
  readonly onSeverity: (severity: string) => void
}) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/controls' })
  const narrow = (part: Partial<typeof search>) =>
    void navigate({ to: '/controls', search: { ...search, ...part }, replace: true })
  return (
    <>
      <TypeSelect value={search.type} onChange={(type) => narrow({ type })} />
      <ServiceSelect
        services={props.rows.flatMap((row) => row.services)}
        value={search.service}
        onChange={(service) => narrow({ service })}
        everyService
      />
      <Select
        label={t.severity}
        value={props.severity}
        onChange={props.onSeverity}
        className="w-40"
        options={[
          { value: ANY, label: t.any },
          ...SEVERITIES.toReversed().map((value) => ({ value, label: t.severityOf[value] })),
        ]}
      />
    </>
  )
}

const ELEMENTS_SHOWN = 3

function useColumns(): readonly Column<ControlRow>[] {
  const t = useTexts(texts)
  const pick = usePick()
  return useMemo(
    () => [
      {
        key: 'title',
        title: t.name,
        width: 17,
        value: (row) => pick(row.title),
        cell: (row) => (
          <>
            <Link to="/controls/$controlId" params={{ controlId: row.id }} className="block">
              {pick(row.title)}
            </Link>
            <span className="block text-solid-gray-700">{pick(row.objective)}</span>
          </>
        ),
      },
      { key: 'id', title: 'ID', hidden: true, value: (row) => row.id },
      { key: 'objective', title: t.objective, hidden: true, value: (row) => pick(row.objective) },
      {
        key: 'resourceTypes',
        title: t.resourceTypes,
        hidden: true,
        value: (row) => row.resourceTypes.join(', '),
      },
      {
        key: 'severity',
        title: t.severity,
        width: 9,
        value: (row) => SEVERITIES.indexOf(row.severity),
        cell: (row) => (
          <StatusBadge tone={SEVERITY_TONES[row.severity]}>{t.severityOf[row.severity]}</StatusBadge>
        ),
      },
      {
        key: 'types',
        title: t.types,
        width: 10,
        value: (row) => row.types.map((type) => t.typeOf[type]).join(', '),
        cell: (row) => <TypeMarks types={row.types} />,
      },
      {
        key: 'services',
        title: t.services,
        width: 8,
        value: (row) => row.services.join(', '),
        cell: (row) => row.services.map((one) => (one === '*' ? t.allServices : one)).join(', '),
      },
      {
        key: 'elements',
        title: t.elements,
        width: 9,
        value: (row) => row.elements.map(({ element }) => element).join(', '),
        cell: ({ elements }) =>
          `${elements
            .slice(0, ELEMENTS_SHOWN)
            .map(({ element }) => element)
            .join(', ')}${elements.length > ELEMENTS_SHOWN ? ' …' : ''}`,
      },
      {
        key: 'cases',
        title: t.cases,
        width: 5,
        align: 'end',
        value: (row) => row.cases,
      },
    ],
    [t, pick],
  )
}
