import { counts, fails, type Threshold } from '../counts.ts'
import { fingerprint, type Report } from '../finding.ts'

/** The report as data, both languages in it. */
export const jsonReport = (report: Report, threshold: Threshold): unknown => ({
  version: 1,
  ok: !fails(report, threshold),
  threshold: threshold.severity,
  failOnUnknown: threshold.unknown,
  documents: report.documents,
  controls: report.controls.map(({ id }) => id),
  verdicts: report.verdicts,
  findings: report.findings.map((finding) => ({
    ...finding,
    fingerprint: fingerprint(finding),
    counts: counts(finding, threshold),
  })),
  notes: report.notes,
})
