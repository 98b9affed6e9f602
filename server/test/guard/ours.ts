import { readDocument } from '../../src/guard/document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from '../../src/guard/document/problem.ts'
import { compileRules } from '../../src/guard/guard.ts'
import { fileReport } from '../../src/guard/report/report.ts'
import { traceJson, traceLines } from '../../src/guard/report/trace.ts'
import type { OfficialVerdicts } from './official.ts'

/** Our verdicts in the shape of the official ones; null: our engine stops with an error, too. */
export function ourVerdicts(rules: string, document: string): OfficialVerdicts | null {
  try {
    const compiled = compileRules(rules)
    const parsed = readDocument(document)
    const verdicts = compiled?.evaluate(parsed) ?? []
    const names = (wanted: string): readonly string[] =>
      [...new Set(verdicts.filter(({ verdict }) => verdict === wanted).map(({ rule }) => rule))].sort()
    return { fail: names('FAIL'), skip: names('SKIP'), pass: names('PASS') }
  } catch (error) {
    if (error instanceof GuardEvaluationError || error instanceof GuardSyntaxError) return null
    throw error
  }
}

/** Our report and trace as the official engine's, without white space. */
export function ourTrace(ruleText: string, text: string): string {
  const ruleFile = 'RULES_STDIN[1]'
  const name = 'DATA_STDIN[1]'
  const rules = compileRules(ruleText, ruleFile)
  const document = readDocument(text)
  const source = { ruleFile, ruleText, document }
  const trace = { source, name, rules: rules?.trace(document) ?? [] }
  const report = fileReport(name, source, rules?.evaluate(document) ?? [])
  return [JSON.stringify(report), ...traceLines(trace), JSON.stringify(traceJson(trace))]
    .join('')
    .replace(/\s+/g, '')
}
