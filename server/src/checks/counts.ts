import { atLeast, type Finding, type Report, type Severity } from './finding.ts'

export interface Threshold {
  readonly severity: Severity
  /** Whether what nobody knows counts like a failure. */
  readonly unknown: boolean
}

/** Whether a finding makes the check fail. */
export const counts = ({ control, verdict, excused }: Finding, threshold: Threshold): boolean =>
  excused === null &&
  atLeast(control.severity, threshold.severity) &&
  (verdict === 'FAIL' || threshold.unknown)

export const fails = ({ findings }: Pick<Report, 'findings'>, threshold: Threshold): boolean =>
  findings.some((finding) => counts(finding, threshold))
