import type { ControlRecord } from '../catalog/record.ts'
import type { Bilingual } from '../kernel/text.ts'

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What a finding says of a control, in both languages. */
export interface ControlWords {
  readonly id: string
  readonly title: Bilingual
  readonly objective: Bilingual
  readonly guidance: Bilingual
  readonly severity: Severity
  readonly frameworks: readonly { readonly framework: string; readonly element: string }[]
}

export const wordsOf = (record: ControlRecord): ControlWords => ({
  id: record.id,
  title: record.title,
  objective: record.objective,
  guidance: record.guidance,
  severity: record.severity,
  frameworks: record.frameworks.map(({ framework, element }) => ({ framework, element })),
})

/** A clause of a rule that failed, or that hangs on values nobody knows. Lines and columns count from 1. */
export interface Detail {
  readonly rule: string
  /** `/Resources/Bucket/Properties/BucketEncryption` */
  readonly path: string
  readonly line: number
  readonly column: number
  readonly found: string | null
  readonly missing: string | null
  readonly wanted: string
  readonly message: string | null
}

/** A control and a resource that does not follow it (FAIL), or of which nobody can say (UNKNOWN). */
export interface Finding {
  readonly control: ControlWords
  readonly verdict: 'FAIL' | 'UNKNOWN'
  readonly file: string
  /** Of a CDK assembly: the stack, with the nested ones. */
  readonly stack: string | null
  /** Logical id or Terraform address; null: the template as a whole. */
  readonly resource: string | null
  readonly type: string | null
  /** CDK's construct path. */
  readonly construct: string | null
  readonly line: number
  readonly column: number
  readonly details: readonly Detail[]
  /** Why nobody knows. */
  readonly unknowns: readonly { readonly path: string; readonly reason: string }[]
  /** A known finding of the baseline, or the waiver that excepts it. */
  readonly excused: Excuse | null
}

export type Excuse =
  | { readonly kind: 'baseline' }
  | { readonly kind: 'waiver'; readonly id: string; readonly approvedBy: string; readonly expires: string }

/** The same finding in another run: lines may move, what is wrong stays. */
export const fingerprint = ({ control, file, stack, resource, verdict }: Finding): string =>
  [control.id, verdict, file, stack ?? '', resource ?? ''].join('|')

export const atLeast = (severity: Severity, threshold: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold)

export interface Report {
  readonly documents: readonly {
    readonly file: string
    readonly stack: string | null
    readonly kind: string
    readonly resources: number
  }[]
  /** Controls that were asked. */
  readonly controls: readonly ControlWords[]
  readonly findings: readonly Finding[]
  /** Pairs of a control and a document, by verdict. */
  readonly verdicts: Readonly<Record<'PASS' | 'FAIL' | 'UNKNOWN' | 'SKIP', number>>
  /** For people: files that were left out, waivers that expired or excuse nothing. */
  readonly notes: readonly Note[]
}

export type Note =
  | { readonly kind: 'not_read'; readonly file: string; readonly why: string }
  | { readonly kind: 'waiver_expired'; readonly id: string; readonly expires: string }
  | { readonly kind: 'waiver_unused'; readonly id: string }
  | { readonly kind: 'baseline_gone'; readonly fingerprint: string }
