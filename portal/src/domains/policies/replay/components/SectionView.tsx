import type { ReportSection, ReportTable } from '@rankan/server/domain/policies/kinds.ts'
import { EXPORTED_GROUPS, EXPORTED_LINES } from '@rankan/server/domain/policies/replays.ts'
import type { ReportSectionView, UnknownSectionView } from '@rankan/server/domain/policies/report.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '../../../../components/DataTable.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Select } from '../../../../components/Select.tsx'
import { useLanguage, usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { exportUrl, tenantsQuery } from '../../api.ts'
import { texts } from '../i18n/texts.ts'
import { missingText } from '../missing.ts'
import { byOrganisation, shortArn } from '../view.ts'
import { DayChart } from './DayChart.tsx'
import { Groups } from './Groups.tsx'
import { LineTable } from './LineTable.tsx'
import type { PlaceNames } from './place-names.ts'

type Section = ReportSectionView | UnknownSectionView
type Table = Exclude<ReportTable, 'byDay'> | 'byOrganisation'

/** Names of the tables in `sizes`, where the server counts the lines of a table in all. */
const SIZES: Readonly<Partial<Record<Table, string>>> = {
  groups: 'group',
  byAccount: 'account',
  byPrincipal: 'principal',
  byAction: 'action',
  byResource: 'resource',
}

/** One part of a result: the days, and the calls by whom, what and why. */
export function SectionView(props: {
  readonly replayId: string
  readonly name: ReportSection
  readonly section: Section
  readonly nameOf: PlaceNames
}) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const { section, name, replayId } = props
  const [table, setTable] = useState<Table>(name === 'unknown' ? 'missing' : 'groups')
  if (section.calls === 0) return <EmptyState title={name === 'denied' ? t.nothingDenied : t.nothing} />
  const denials = name === 'denied' || name === 'newlyDenied'
  const tables: readonly Table[] = [
    ...('missing' in section ? (['missing'] as const) : []),
    'groups',
    'byOrganisation',
    'byAccount',
    'byPrincipal',
    'byAction',
    'byResource',
    ...('byStatement' in section ? (['byStatement'] as const) : []),
  ]
  return (
    <div className="flex flex-col gap-6">
      <DayChart lines={section.byDay} calls={section.calls} denials={denials} />
      <div className="flex flex-wrap items-end gap-4">
        <Select
          label={t.tables}
          value={table}
          onChange={setTable}
          className="w-72"
          options={tables.map((value) => ({ value, label: t.tableOf[value] }))}
        />
        {table === 'byOrganisation' ? null : (
          <a href={exportUrl(replayId, name, table, language)} download className="py-2">
            {t.export}
          </a>
        )}
      </div>
      <Kept section={section} table={table} />
      <TableView section={section} table={table} denials={denials} nameOf={props.nameOf} />
    </div>
  )
}

function Kept({ section, table }: { readonly section: Section; readonly table: Table }) {
  const t = useTexts(texts)
  const all = section.sizes[SIZES[table === 'byOrganisation' ? 'byAccount' : table] ?? '']
  const lines = table === 'groups' ? section.groups : linesOf(section, table)
  if (all === undefined || all <= lines.length) return null
  const most = table === 'groups' ? EXPORTED_GROUPS : EXPORTED_LINES
  return (
    <p>
      {t.kept(lines.length, all)} {all > most ? t.exported(most, all) : null}
    </p>
  )
}

function linesOf(section: Section, table: Table) {
  if (table === 'byOrganisation') return section.byAccount
  if (table === 'byStatement') return 'byStatement' in section ? section.byStatement : []
  return table === 'groups' || table === 'missing' ? [] : section[table]
}

function TableView(props: {
  readonly section: Section
  readonly table: Table
  readonly denials: boolean
  readonly nameOf: PlaceNames
}) {
  const t = useTexts(texts)
  const { section, table, denials } = props
  const shared = { label: t.tableOf[table], lines: linesOf(section, table), denials }
  switch (table) {
    case 'groups':
      return <Groups label={shared.label} groups={section.groups} denials={denials} nameOf={props.nameOf} />
    case 'missing':
      return <MissingTable section={section} />
    case 'byOrganisation':
    case 'byAccount':
      return <Accounts section={section} table={table} denials={denials} />
    case 'byPrincipal':
      return <LineTable {...shared} title={t.principal} name={({ value }) => shortArn(value)} />
    case 'byAction':
      return <LineTable {...shared} title={t.action} name={({ value }) => value} />
    case 'byResource':
      return (
        <LineTable
          {...shared}
          title={t.resource}
          name={({ value }) => (value === '' ? t.unknownResource : value)}
        />
      )
    case 'byStatement':
      return (
        <LineTable
          {...shared}
          title={t.statement}
          name={({ value }) => (value === 'implicit_deny' ? t.implicit : value)}
        />
      )
  }
}

/** Accounts by their names, and joined to the organisations that use them. */
function Accounts(props: {
  readonly section: Section
  readonly table: 'byAccount' | 'byOrganisation'
  readonly denials: boolean
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(tenantsQuery())
  const { section, table, denials } = props
  const label = t.tableOf[table]
  return (
    <Loaded query={query}>
      {(tenants) =>
        table === 'byOrganisation' ? (
          <LineTable
            label={label}
            lines={byOrganisation(section.byAccount, tenants)}
            title={t.organisation}
            name={({ organisation }) => (organisation === null ? t.noOrganisation : pick(organisation))}
            more={[
              { key: 'accounts', title: t.accounts, width: 7, align: 'end', value: (line) => line.accounts },
            ]}
            denials={denials}
          />
        ) : (
          <LineTable
            label={label}
            lines={section.byAccount}
            title={t.account}
            name={({ value }) => {
              const name = tenants.get(value)?.name
              return name === undefined ? value : `${name} (${value})`
            }}
            denials={denials}
          />
        )
      }
    </Loaded>
  )
}

function MissingTable({ section }: { readonly section: Section }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (!('missing' in section)) return null
  return (
    <DataTable
      label={t.tableOf.missing}
      rows={section.missing}
      rowKey={({ missing }) => JSON.stringify(missing)}
      tools
      exportLabel={t.exportShown}
      columns={[
        {
          key: 'missing',
          title: t.missing,
          width: 24,
          value: ({ missing }) => pick(missingText(missing)).replaceAll('`', ''),
        },
        {
          key: 'calls',
          title: t.count,
          width: 8,
          align: 'end',
          value: ({ calls }) => calls,
          cell: ({ calls }) => calls.toLocaleString(),
        },
      ]}
    />
  )
}
