import { stringify } from 'yaml'
import { junit } from '../../guard/report/junit.ts'
import type { CaseResult } from './expectations.ts'
import type { Format } from './lines.ts'

export interface RuleFileTest {
  readonly ruleFile: string
  readonly cases: readonly CaseResult[]
}

/** cfn-guard's own words: one paragraph for each case. */
export function testLines({ cases }: RuleFileTest): readonly string[] {
  return cases.flatMap(({ name, passed, failed, open }, i) => [
    `Test Case #${i + 1}`,
    `Name: ${name}`,
    ...open.map((rule) => `  No Test expectation was set for Rule ${rule}`),
    ...titled(
      '  FAIL Rules:',
      failed.map(
        (one) => `    ${one.name}: Expected = ${one.expected}, Evaluated = [${one.evaluated.join(', ')}]`,
      ),
    ),
    ...titled(
      '  PASS Rules:',
      passed.map((one) => `    ${one.name}: Expected = ${one.evaluated}`),
    ),
    '',
  ])
}

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines]

const reportOf = ({ ruleFile, cases }: RuleFileTest): unknown => ({
  rule_file: ruleFile,
  test_cases: cases.map(({ name, passed, failed, open }) => ({
    name,
    passed_rules: passed,
    failed_rules: failed,
    skipped_rules: open.map((rule) => ({ name: rule })),
  })),
})

/** One rule file gives one report, several a list. */
export function testReport(
  tests: readonly RuleFileTest[],
  format: Exclude<Format, 'sarif'>,
): { readonly value: unknown; readonly text: string } {
  const reports = tests.map(reportOf)
  const value = reports.length === 1 ? reports[0] : reports
  if (format === 'json') return { value, text: JSON.stringify(value, null, 2) }
  if (format === 'yaml') return { value, text: stringify(value).trimEnd() }
  return {
    value,
    text: junit(
      'rankan guard test',
      tests.map(({ ruleFile, cases }) => ({ name: ruleFile, cases: cases.flatMap(junitCases) })),
    ),
  }
}

const junitCases = ({ name, passed, failed }: CaseResult) => [
  ...passed.map((one) => ({ id: name, name: one.name, skipped: false, failure: null })),
  ...failed.map((one) => ({
    id: name,
    name: one.name,
    skipped: false,
    failure: `Expected = ${one.expected}, Evaluated = [${one.evaluated.join(', ')}]`,
  })),
]
