import type { Finding } from './findings.ts'

/** Findings by file in SARIF 2.1.0 (OASIS); rule ids in capitals, as cfn-guard has them. */
export function sarif(
  files: readonly { readonly name: string; readonly findings: readonly Finding[] }[],
): unknown {
  const failing = files.filter(({ findings }) => findings.length > 0)
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'rankan',
            fullName: 'Rankan guard',
            organization: 'Rankan',
            rules: [
              ...new Set(failing.flatMap(({ findings }) => findings.map(({ rule }) => ruleId(rule)))),
            ].map((id) => ({ id })),
            shortDescription: { text: 'Rules of AWS CloudFormation Guard on documents in JSON and YAML.' },
          },
        },
        artifacts: failing.map(({ name }) => ({ location: { uri: uriOf(name) } })),
        results: failing.flatMap(({ name, findings }) => findings.map((finding) => result(name, finding))),
      },
    ],
  }
}

/** A rule that has its file's name in front is told by that name. */
const ruleId = (rule: string): string => (rule.split('.')[0] ?? rule).toUpperCase()

/** Relative references must not start with a slash. */
const uriOf = (name: string): string => encodeURI(name.replaceAll('\\', '/').replace(/^\/+/, ''))

const result = (name: string, finding: Finding): unknown => ({
  ruleId: ruleId(finding.rule),
  level: 'error',
  message: { text: [finding.error, finding.message ?? ''].join(' ').trim() },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(name) },
        region: { startLine: finding.line, startColumn: finding.column },
      },
    },
  ],
})
