import type { Language } from '../../kernel/text.ts'
import { type ControlWords, type Finding, fingerprint, type Report, type Severity } from '../finding.ts'
import { frameworksText } from './human.ts'
import { noteText } from './words.ts'

const LEVEL: Readonly<Record<Severity, 'note' | 'warning' | 'error'>> = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
}
/** GitHub's scale of 0 to 10, in the middle of its bands. */
const SCORE: Readonly<Record<Severity, string>> = { low: '2.0', medium: '5.5', high: '8.0', critical: '9.5' }

/** SARIF 2.1.0 (OASIS). What nobody knows is of kind `open`, what a waiver or the baseline excuses is suppressed. */
export function sarifReport(report: Report, language: Language): unknown {
  const rules = report.controls.filter(({ id }) => report.findings.some(({ control }) => control.id === id))
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'rankan',
            fullName: 'Rankan check',
            organization: 'Rankan',
            language,
            rules: rules.map((control) => ruleOf(control, language)),
          },
        },
        artifacts: [...new Set(report.documents.map(({ file }) => file))].map((file) => ({
          location: { uri: uriOf(file) },
        })),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.notes.map((note) => ({
              level: 'note',
              message: { text: noteText(note, language) },
            })),
          },
        ],
        results: report.findings.map((finding) =>
          resultOf(
            finding,
            rules.findIndex(({ id }) => id === finding.control.id),
            language,
          ),
        ),
      },
    ],
  }
}

const ruleOf = (control: ControlWords, language: Language): unknown => ({
  id: control.id,
  shortDescription: { text: control.title[language] },
  fullDescription: { text: control.objective[language] },
  help: { text: control.guidance[language] },
  defaultConfiguration: { level: LEVEL[control.severity] },
  properties: {
    'security-severity': SCORE[control.severity],
    tags: [
      'security',
      ...new Set(control.frameworks.map(({ framework, element }) => `${framework}/${element}`)),
    ],
  },
})

/** Relative references must not start with a slash. */
const uriOf = (name: string): string => encodeURI(name.replaceAll('\\', '/').replace(/^\/+/, ''))

function resultOf(finding: Finding, ruleIndex: number, language: Language): unknown {
  const { control, verdict, file, line, column, resource, construct, excused } = finding
  const names = [
    ...(resource === null ? [] : [{ name: resource, kind: 'resource' }]),
    ...(construct === null ? [] : [{ fullyQualifiedName: construct, kind: 'module' }]),
  ]
  return {
    ruleId: control.id,
    ruleIndex,
    kind: verdict === 'FAIL' ? 'fail' : 'open',
    level: verdict === 'FAIL' ? LEVEL[control.severity] : 'none',
    message: { text: messageOf(finding, language) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
        ...(names.length > 0 && { logicalLocations: names }),
      },
    ],
    partialFingerprints: { 'rankan/v1': fingerprint(finding) },
    ...(excused !== null && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification:
            excused.kind === 'baseline'
              ? 'baseline'
              : `${excused.id} (${excused.approvedBy}, ${excused.expires})`,
        },
      ],
    }),
    properties: {
      frameworks: frameworksText(finding),
      ...(finding.stack !== null && { stack: finding.stack }),
    },
  }
}

function messageOf({ control, resource, details, unknowns, verdict }: Finding, language: Language): string {
  const messages = [...new Set(details.map(({ message, wanted }) => message ?? wanted))]
  const why = verdict === 'UNKNOWN' ? unknowns.map(({ path, reason }) => `${path}: ${reason}`) : []
  return [
    `${resource ?? ''} ${control.title[language]}`.trim(),
    ...messages,
    ...why,
    control.guidance[language],
  ].join('\n')
}
