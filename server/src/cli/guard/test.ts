import { type JunitCase, type JunitSuite, junit } from '../../guard/report/junit.ts'
import { traceLines } from '../../guard/report/trace.ts'
import type { CaseResult } from './expectations.ts'
import { type Format, yamlText } from './lines.ts'

export interface RuleFileTest {
  readonly ruleFile: string
  readonly cases: readonly CaseResult[]
  /** What kept the tests of this file from running, in the rules or in the files of tests. */
  readonly error: { readonly in: 'rules' | 'tests'; readonly text: string } | null
  /** There is no file of tests for it in the folder. */
  readonly untested?: boolean
}

/** cfn-guard's own words: one paragraph for each case. */
export function testLines({ cases, error }: RuleFileTest, verbose: boolean): readonly string[] {
  const lines = cases.flatMap(({ name, passed, failed, open, trace }, i) => [
    `Test Case #${i + 1}`,
    ...(name === '' ? [] : [`Name: ${name}`]),
    ...open.map((rule) => `  No Test expectation was set for Rule ${rule}`),
    ...(verbose ? traceLines(trace()) : []),
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
  return error === null ? lines : [...lines, error.text]
}

/** The files of a folder, one after the other. */
export const folderLines = (tests: readonly RuleFileTest[], verbose: boolean): readonly string[] =>
  tests.flatMap((test) =>
    test.untested === true
      ? [`Guard File ${test.ruleFile} did not have any tests associated, skipping.`, '---']
      : [`Testing Guard File ${test.ruleFile}`, ...testLines(test, verbose), '---'],
  )

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines]

const reportOf = ({ ruleFile, cases, error }: RuleFileTest): unknown => ({
  rule_file: ruleFile,
  ...(error === null
    ? {
        test_cases: cases.map(({ name, passed, failed, open }) => ({
          name,
          passed_rules: passed,
          failed_rules: failed,
          skipped_rules: open.map((rule) => ({ name: rule })),
        })),
      }
    : { error: error.text }),
})

/** A folder gives a list of reports, a rule file one. */
export function testReport(
  tests: readonly RuleFileTest[],
  format: Exclude<Format, 'sarif'>,
  folder: boolean,
): { readonly value: unknown; readonly text: string } {
  const reports = tests.map(reportOf)
  const value = folder ? reports : reports[0]
  if (format === 'json') return { value, text: JSON.stringify(value, null, 2) }
  if (format === 'yaml') return { value, text: yamlText(value) }
  return { value, text: junit('rankan guard test', tests.map(suiteOf)) }
}

const suiteOf = ({ ruleFile, cases, error }: RuleFileTest): JunitSuite => ({
  name: ruleFile,
  cases:
    error === null
      ? cases.flatMap(junitCases)
      : [{ id: ruleFile, name: ruleFile, skipped: false, failure: null, error: error.text }],
})

const junitCases = ({ name, passed, failed }: CaseResult): readonly JunitCase[] => [
  ...passed.map((one) => ({ id: name, name: one.name, skipped: false, failure: null })),
  ...failed.map((one) => ({
    id: name,
    name: one.name,
    skipped: false,
    failure: `Expected = ${one.expected}, Evaluated = [${one.evaluated.join(', ')}]`,
  })),
]
