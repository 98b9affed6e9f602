import { CONTROL_TYPES, type ControlType } from '@rankan/server/src/catalog/types.ts'
import type { FrameworkCoverage } from '@rankan/server/src/catalog/view.ts'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

interface ServiceRow {
  readonly service: string
  readonly controls: number
  readonly byType: Readonly<Record<ControlType, number>>
}

/** Service by service: how many controls of each type serve this framework. */
export function ServiceTable({ coverage }: { readonly coverage: FrameworkCoverage }) {
  const t = useTexts(texts)
  const columns = useColumns(coverage.framework.id)
  const rows = useMemo(() => rowsOf(coverage), [coverage])
  return (
    <DataTable
      label={t.byService}
      rows={rows}
      columns={columns}
      rowKey={({ service }) => service}
      tools="export"
    />
  )
}

function rowsOf({ controls }: FrameworkCoverage): readonly ServiceRow[] {
  const services = [...new Set(controls.flatMap((control) => control.services))]
  const count = (service: string, type: ControlType) =>
    controls.filter((one) => one.services.includes(service) && one.types.includes(type)).length
  return services
    .map((service) => ({
      service,
      controls: controls.filter((one) => one.services.includes(service)).length,
      byType: {
        preventive: count(service, 'preventive'),
        proactive: count(service, 'proactive'),
        detective: count(service, 'detective'),
        responsive: count(service, 'responsive'),
      },
    }))
    .sort((a, b) => b.controls - a.controls || (a.service < b.service ? -1 : 1))
}

function useColumns(framework: string): readonly Column<ServiceRow>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      {
        key: 'service',
        title: t.services,
        width: 10,
        value: ({ service }) => (service === '*' ? t.allServices : service),
        cell: ({ service }) => (
          <Link to="/controls" search={{ framework, service }}>
            {service === '*' ? t.allServices : service}
          </Link>
        ),
      },
      {
        key: 'controls',
        title: t.controlsTitle,
        width: 6,
        align: 'end',
        value: ({ controls }) => controls,
      },
      ...CONTROL_TYPES.map(
        (type): Column<ServiceRow> => ({
          key: type,
          title: t.typeOf[type],
          width: 8,
          align: 'end',
          value: ({ byType }) => byType[type],
          cell: ({ byType }) => (byType[type] === 0 ? '—' : byType[type]),
        }),
      ),
    ],
    [t, framework],
  )
}
