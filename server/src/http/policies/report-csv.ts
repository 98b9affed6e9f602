import type { ReportSection, ReportTable } from '../../domain/policies/kinds.ts'
import type {
  ReplayReport,
  ReportGroup,
  ReportLine,
  ReportSectionView,
  UnknownSectionView,
} from '../../domain/policies/report.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Bilingual, Language } from '../../kernel/text.ts'
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

/** The columns in the words of a reader, by the names that programs know. */
const TITLES: Readonly<Record<string, Bilingual>> = {
  what: { ja: '種類', en: 'What' },
  name: { ja: '名前', en: 'Name' },
  day: { ja: '日(UTC)', en: 'Day (UTC)' },
  account_id: { ja: 'アカウント', en: 'Account' },
  principal: { ja: '利用者・ロール', en: 'User or role' },
  action: { ja: '操作', en: 'Action' },
  resource: { ja: '対象', en: 'Resource' },
  statement: { ja: '拒否した文', en: 'Statement' },
  statements: { ja: '拒否した文', en: 'Statements' },
  calls: { ja: '回数', en: 'Calls' },
  already_denied: { ja: '当時すでに拒否', en: 'Denied already' },
  first: { ja: '最初(UTC)', en: 'First (UTC)' },
  last: { ja: '最後(UTC)', en: 'Last (UTC)' },
  sample_event_id: { ja: '例のイベント ID', en: 'Sample: event ID' },
  sample_resource: { ja: '例の対象', en: 'Sample: resource' },
  sample_region: { ja: '例のリージョン', en: 'Sample: region' },
  explanation_ja: { ja: '説明', en: 'Explanation (Japanese)' },
  explanation_en: { ja: '説明(英語)', en: 'Explanation' },
  missing: { ja: '分かれば決まること', en: 'Would decide' },
}

/** The same table with the first line in words. */
export function titled(csv: string, language: Language): string {
  const end = csv.indexOf('\r\n')
  const names = csv.slice(1, end).split(',')
  return csvFile([csvLine(names.map((name) => TITLES[name]?.[language] ?? name))]).trimEnd() + csv.slice(end)
}
