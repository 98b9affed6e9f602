import { junit } from '../../guard/report/junit.ts'
import type { Language } from '../../kernel/text.ts'
import { counts, type Threshold } from '../counts.ts'
import type { Finding, Report } from '../finding.ts'
import { frameworksText } from './human.ts'

/** One suite for each document, one case for each control; findings that count are its failures. */
export const junitReport = (report: Report, language: Language, threshold: Threshold): string =>
  junit(
    'rankan check',
    report.documents.map(({ file, stack }) => ({
      name: stack === null ? file : `${file} (${stack})`,
      cases: report.controls.map((control) => {
        const own = report.findings.filter(
          (finding) => finding.control.id === control.id && finding.file === file && finding.stack === stack,
        )
        const failing = own.filter((finding) => counts(finding, threshold))
        return {
          id: control.id,
          name: control.title[language],
          skipped: failing.length === 0 && own.length > 0,
          failure:
            failing.length === 0
              ? null
              : failing.map((finding) => failureText(finding, language)).join('\n\n'),
        }
      }),
    })),
  )

function failureText(finding: Finding, language: Language): string {
  const { verdict, file, line, column, resource, control, details, unknowns } = finding
  return [
    `${verdict} ${file}:${line}:${column} ${resource ?? ''}`.trim(),
    ...details.map(({ message, wanted, path }) => `${path}: ${message ?? wanted}`),
    ...unknowns.map(({ path, reason }) => `${path}: ${reason}`),
    control.guidance[language],
    frameworksText(finding),
  ].join('\n')
}
