import { readDocument } from '../../src/guard/document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from '../../src/guard/document/problem.ts'
import { compileRules } from '../../src/guard/guard.ts'
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
