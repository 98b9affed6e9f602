import { type GuardDocument, readDocument } from '../../guard/document/document.ts'
import { compileRules, overall, type Verdict } from '../../guard/guard.ts'
import { cloudFormationDocument } from '../../templates/cloudformation/template.ts'
import { terraformDocument } from '../../templates/terraform/plan.ts'
import type { ItemCase, PlanCase, TemplateCase } from '../record.ts'

/** The verdict of the whole rule file on a document, or `no rules`. Throws what the Guard engine throws. */
export const fileVerdict = (text: string, document: unknown): Verdict | 'no rules' =>
  verdictOn(text, readDocument(JSON.stringify(document)))

function verdictOn(text: string, { value }: GuardDocument): Verdict | 'no rules' {
  const rules = compileRules(text)
  return rules === null ? 'no rules' : overall(rules.verdicts(value))
}

/** Functions are worked out before the rules see the template; what cannot be worked out is unknown. */
export const templateVerdict = (text: string, { template }: TemplateCase): string =>
  verdictOn(text, cloudFormationDocument(readDocument(JSON.stringify(template))))

export const planVerdict = (text: string, { plan }: PlanCase): string =>
  verdictOn(text, terraformDocument(readDocument(JSON.stringify(plan))))

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
