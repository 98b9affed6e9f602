import type { ReportSection, ReportTable } from '../../domain/policies/kinds.ts'
import type {
  ReplayReport,
  ReportGroup,
  ReportLine,
  ReportSectionView,
  UnknownSectionView,
} from '../../domain/policies/report.ts'
import { invalid } from '../../kernel/errors.ts'
import { csvFile, csvLine } from '../csv.ts'

type Fixed<T> = T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T
/** The report as it is made, before it is cut and kept. */
export type AnyReport = Fixed<ReplayReport>

/** A table of the report, with the names of its columns. */
export function reportCsv(report: AnyReport, section: ReportSection, table: ReportTable): string {
  const found = sectionOf(report, section)
  if (table === 'missing') {
    if (!('missing' in found)) throw noSuch(section, table)
    const lines = found.missing.map(({ missing, calls }) =>
      csvLine([missing.what, missing.key ?? missing.kind ?? '', String(calls)]),
    )
    return csvFile(['what,name,calls', ...lines])
  }
  if (table === 'groups') return csvFile([GROUP_HEAD, ...found.groups.map(groupLine)])
  const lines = table === 'byStatement' ? ('byStatement' in found ? found.byStatement : null) : found[table]
  if (lines === null) throw noSuch(section, table)
  return csvFile([`${HEADS[table]},calls,already_denied,first,last`, ...lines.map(lineOf)])
}

const HEADS = {
  byDay: 'day',
  byAccount: 'account_id',
  byPrincipal: 'principal',
  byAction: 'action',
  byResource: 'resource',
  byStatement: 'statement',
} as const

const GROUP_HEAD =
  'principal,action,calls,already_denied,first,last,statements,sample_event_id,sample_resource,sample_region,explanation_ja,explanation_en,missing'

function sectionOf(
  report: AnyReport,
  section: ReportSection,
): Fixed<ReportSectionView> | Fixed<UnknownSectionView> {
  if (section === 'denied' || section === 'unknown') return report[section]
  if (report.against === null)
    throw invalid('not_compared', 'This replay was not compared with another version of the policies.')
  return report.against[section]
}

const noSuch = (section: ReportSection, table: ReportTable) =>
  invalid('no_such_table', `The section \`${section}\` has no table \`${table}\`.`)

const lineOf = ({ value, calls, already, first, last }: Fixed<ReportLine>): string =>
  csvLine([value, String(calls), String(already), first, last])

function groupLine(group: Fixed<ReportGroup>): string {
  const { sample } = group
  return csvLine([
    group.principal,
    group.action,
    String(group.calls),
    String(group.already),
    group.first,
    group.last,
    group.statements.map(({ policy, index, sid }) => `${policy} ${sid ?? `#${index + 1}`}`).join('; '),
    sample.eventId,
    sample.resource,
    sample.region,
    sample.explanation.map(({ ja }) => ja).join(' '),
    sample.explanation.map(({ en }) => en).join(' '),
    sample.missing.map(({ what, key, kind }) => key ?? kind ?? what).join('; '),
  ])
}
