import { gzipSync } from 'node:zlib'
import type { Report, Section, UnknownSection } from '../../analytics/replay/report.ts'
import { REPORT_SECTIONS, type ReportSection, type ReportTable } from '../../domain/policies/kinds.ts'
import { KEPT_LINES } from '../../domain/policies/replays.ts'
import { reportCsv } from '../../http/policies/report-csv.ts'
import type { WholeTable } from '../../ports/replays.ts'

type Tables = Omit<Section, 'byStatement'>

/** Tables that may be long; days and statements are few. */
const LONG = [
  'byAccount',
  'byPrincipal',
  'byAction',
  'byResource',
  'groups',
] as const satisfies readonly ReportTable[]

const sectionOf = ({ denied, unknown, against }: Report, section: ReportSection): Tables | null => {
  if (section === 'denied') return denied
  return section === 'unknown' ? unknown : (against?.[section] ?? null)
}

/** The tables that the result does not keep whole, as files. */
export const longTables = (report: Report): readonly WholeTable[] =>
  REPORT_SECTIONS.flatMap((section) =>
    LONG.flatMap((table) => {
      const lines = sectionOf(report, section)?.[table].length ?? 0
      if (lines <= KEPT_LINES) return []
      const csvGz = gzipSync(reportCsv(report, section, table)).toString('base64')
      return [{ section, table, lines, csvGz }]
    }),
  )

/** The report with the lines that the result keeps; `sizes` still tells of all. */
export const keptReport = (report: Report): Report => ({
  ...report,
  denied: cut(report.denied),
  unknown: cut<UnknownSection>(report.unknown),
  against: report.against && {
    newlyDenied: cut(report.against.newlyDenied),
    newlyAllowed: cut(report.against.newlyAllowed),
  },
})

function cut<T extends Tables>(section: T): T {
  const first = <L>(lines: readonly L[]) => lines.slice(0, KEPT_LINES)
  return {
    ...section,
    byAccount: first(section.byAccount),
    byPrincipal: first(section.byPrincipal),
    byAction: first(section.byAction),
    byResource: first(section.byResource),
    groups: first(section.groups),
  }
}
