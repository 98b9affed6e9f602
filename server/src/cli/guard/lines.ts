import { stringify } from 'yaml'
import type { Verdict } from '../../guard/guard.ts'
import type { Finding } from '../../guard/report/findings.ts'
import { type JunitSuite, junit } from '../../guard/report/junit.ts'
import { sarif } from '../../guard/report/sarif.ts'
import type { DataResult, RuleResult } from './validate.ts'

export type Shown = ReadonlySet<Verdict>

const TITLES: readonly (readonly [verdict: Verdict, title: string])[] = [
  ['SKIP', 'SKIP rules'],
  ['PASS', 'PASS rules'],
  ['FAIL', 'FAILED rules'],
]

/** The tables of the rules of one file on a document, as cfn-guard shows them. */
export function summaryLines(
  { place }: DataResult,
  { ruleFile, report, verdicts }: RuleResult,
  shown: Shown,
): readonly string[] {
  const rows = [...merged(verdicts)].map(([rule, verdict]) => ({ rule: ruleInFile(ruleFile, rule), verdict }))
  const width = Math.max(...rows.map(({ rule }) => rule.length)) + 4
  const tables = TITLES.filter(([verdict]) => shown.has(verdict)).flatMap(([verdict, title]) => {
    const own = rows
      .filter((row) => row.verdict === verdict)
      .map(({ rule }) => `${ruleFile}/${rule.padEnd(width)}${verdict}`)
    return own.length === 0 ? [] : [title, ...own]
  })
  return tables.length === 0 ? [] : [`${place} Status = ${report.status}`, ...tables, '---']
}

/** The rule that stands for clauses outside of rules has the file's name in front already. */
const ruleInFile = (ruleFile: string, rule: string): string =>
  rule.startsWith(`${ruleFile}/`) ? rule.slice(ruleFile.length + 1) : rule

/** Rules of one name count as one: it fails when one of them does. */
function merged(
  verdicts: readonly { readonly rule: string; readonly verdict: Verdict }[],
): ReadonlyMap<string, Verdict> {
  const RANK: Readonly<Record<Verdict, number>> = { SKIP: 0, PASS: 1, UNKNOWN: 2, FAIL: 3 }
  const all = new Map<string, Verdict>()
  for (const { rule, verdict } of verdicts) {
    const before = all.get(rule)
    if (before === undefined || RANK[verdict] > RANK[before]) all.set(rule, verdict)
  }
  return all
}

/** What failed where, for people. */
export function findingLines(file: string, finding: Finding): readonly string[] {
  const { rule, path, line, column, missing, found, wanted, message } = finding
  return [
    `${file}:${line}:${column}: ${rule} at ${path === '' ? '/' : path}`,
    missing === null ? `  found   ${found ?? 'nothing'}` : `  missing ${missing}`,
    `  wanted  ${wanted}`,
    ...(message === null
      ? []
      : message.split('\n').map((text, i) => `  ${i === 0 ? 'message' : '       '} ${text}`)),
  ]
}

/** Laid out as cfn-guard's. */
export const yamlText = (value: unknown): string =>
  stringify(value, { indentSeq: false, lineWidth: 0, singleQuote: true }).trimEnd()

export type Format = 'json' | 'yaml' | 'sarif' | 'junit'

/** All results as one text; what it is made of comes along for `--json`. */
export function structured(
  results: readonly DataResult[],
  format: Format,
): { readonly value: unknown; readonly text: string } {
  const reports = results.map(({ report, place }) => ({ ...report, name: place }))
  switch (format) {
    case 'json':
      return { value: reports, text: JSON.stringify(reports, null, 2) }
    case 'yaml':
      return { value: reports, text: yamlText(reports) }
    case 'sarif': {
      const value = sarif(
        results.map(({ name, rules }) => ({ name, findings: rules.flatMap(({ findings }) => findings) })),
      )
      return { value, text: JSON.stringify(value, null, 2) }
    }
    case 'junit':
      return { value: reports, text: junit('rankan guard validate', results.map(suiteOf)) }
  }
}

/** One suite for a document and one case for a rule file; the failure names the last rule that failed, as cfn-guard does. */
const suiteOf = ({ place, rules }: DataResult): JunitSuite => ({
  name: place,
  cases: rules.map(({ ruleFile, report, findings, verdicts }) => {
    const failing = verdicts.filter(({ verdict }) => verdict === 'FAIL').at(-1)?.rule
    const told = findings.map((f) => (f.message === null ? f.error : `${f.message}\n${f.error}`))
    return {
      name: ruleFile,
      skipped: report.status === 'SKIP',
      failure: failing === undefined ? null : told.join('\n'),
      ...(failing === undefined ? {} : { failing }),
    }
  }),
})
