import { stringify } from 'yaml'
import type { Verdict } from '../../guard/guard.ts'
import type { Finding } from '../../guard/report/findings.ts'
import { type JunitSuite, junit } from '../../guard/report/junit.ts'
import { sarif } from '../../guard/report/sarif.ts'
import type { DataResult } from './validate.ts'

export type Shown = ReadonlySet<Verdict>

const TITLES: readonly (readonly [verdict: Verdict, title: string])[] = [
  ['SKIP', 'SKIP rules'],
  ['PASS', 'PASS rules'],
  ['FAIL', 'FAILED rules'],
]

/** The table of rules of a data file, as cfn-guard shows it, and what failed where. */
export function summaryLines(result: DataResult, shown: Shown): readonly string[] {
  const status = result.report.status
  const rows = result.rules.flatMap(({ ruleFile, verdicts }) =>
    [...merged(verdicts)].map(([rule, verdict]) => ({ name: `${ruleFile}/${rule}`, verdict })),
  )
  const tables = TITLES.filter(([verdict]) => shown.has(verdict)).flatMap(([verdict, title]) => {
    const own = rows
      .filter((row) => row.verdict === verdict)
      .map(({ name }) => `${name.padEnd(40)} ${verdict}`)
    return own.length === 0 ? [] : [title, ...own]
  })
  const head = tables.length === 0 ? [] : [`${result.name} Status = ${status}`, ...tables, '---']
  return [
    ...head,
    ...result.rules.flatMap(({ findings }) => findings.flatMap((f) => findingLines(result.name, f))),
  ]
}

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

function findingLines(file: string, finding: Finding): readonly string[] {
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
      return { value: reports, text: stringify(reports).trimEnd() }
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
