import { readDocument } from '../../guard/document/document.ts'
import { compileRules, overall, type Verdict } from '../../guard/guard.ts'
import type { ItemCase, TemplateCase } from '../record.ts'

/** The verdict of the whole rule file on a document, or `no rules`. Throws what the Guard engine throws. */
export function fileVerdict(text: string, document: unknown): Verdict | 'no rules' {
  const rules = compileRules(text)
  return rules === null ? 'no rules' : overall(rules.verdicts(readDocument(JSON.stringify(document)).value))
}

export const templateVerdict = (text: string, { template }: TemplateCase): string =>
  fileVerdict(text, template)

/** How AWS Config reads the verdict of a custom policy rule. */
const COMPLIANCE: Readonly<Record<string, ItemCase['expect']>> = {
  PASS: 'COMPLIANT',
  FAIL: 'NON_COMPLIANT',
  SKIP: 'NOT_APPLICABLE',
}

export function itemVerdict(text: string, { item }: ItemCase): string {
  const verdict = fileVerdict(text, item)
  return COMPLIANCE[verdict] ?? verdict
}
