import { type GuardDocument, readDocument } from '../guard/document/document.ts'
import { compileRules } from '../guard/guard.ts'
import { findingsOf } from '../guard/report/findings.ts'
import type { Bilingual } from '../kernel/text.ts'
import { cloudFormationDocument } from '../templates/cloudformation/template.ts'
import { terraformDocument } from '../templates/terraform/plan.ts'
import { effectiveBelow } from './cases/management.ts'
import { policyAnswer } from './cases/policy.ts'
import { type CaseResult, policyOf, runCases } from './cases.ts'
import { type Control, type ControlCase, formOfKind } from './record.ts'

export interface ExplainedCase extends CaseResult {
  /** Of an SCP or RCP: the answer of the policy engine in words. */
  readonly sentences: readonly Bilingual[]
  /** Of a Guard rule: what it found wrong. */
  readonly findings: readonly RuleFinding[]
  /** Of a policy that is merged down the tree: the effective policy, as JSON text. */
  readonly effective: string | null
}

export interface RuleFinding {
  /** `/Resources/Bucket/Properties` */
  readonly path: string
  readonly found: string | null
  /** What is missing at the path, or null when something is there. */
  readonly missing: string | null
  readonly wanted: string
  readonly message: string | null
}

const NOTHING = { sentences: [], findings: [], effective: null } as const

/** Runs one case, which need not be one of the control's own, and says why it came out so. */
export function explainCase(control: Control, one: ControlCase): ExplainedCase {
  const [result] = runCases({ ...control, cases: [one] })
  if (result === undefined) throw new TypeError('One case has one result.')
  const form = formOfKind(control.record, one.form)
  if (form === undefined || result.found.startsWith('error:')) return { ...NOTHING, ...result }
  return { ...NOTHING, ...result, ...why(control, form.file, one) }
}

function why(control: Control, file: string, one: ControlCase): Partial<ExplainedCase> {
  switch (one.form) {
    case 'scp':
    case 'rcp':
      return { sentences: sentencesIn(policyAnswer(policyOf(control, { file }), one, true)) }
    case 'cfn-guard':
      return { findings: findingsIn(control, file, cloudFormationDocument(read(one.template))) }
    case 'terraform-guard':
      return { findings: findingsIn(control, file, terraformDocument(read(one.plan))) }
    case 'config-guard-rule':
      return { findings: findingsIn(control, file, read(one.item)) }
    case 'ssm-automation':
      return {}
    default:
      return { effective: effectiveText(effectiveBelow(policyOf(control, { file }), one.child)) }
  }
}

function sentencesIn(answer: object): readonly Bilingual[] {
  const { explanation } = answer as {
    readonly explanation?: { readonly ja: readonly string[]; readonly en: readonly string[] }
  }
  return (explanation?.ja ?? []).map((ja, at) => ({ ja, en: explanation?.en[at] ?? ja }))
}

const read = (given: unknown): GuardDocument => readDocument(JSON.stringify(given, null, 2))

/** What failed; of a verdict that hangs on values which nobody knows yet, what would fail. */
function findingsIn(control: Control, file: string, document: GuardDocument): readonly RuleFinding[] {
  const ruleText = String(control.documents[file])
  const rules = compileRules(ruleText)
  if (rules === null) return []
  const verdicts = rules
    .evaluate(document)
    .map((one) => (one.open === null ? one : { ...one, failures: one.open.failures }))
  return findingsOf({ ruleFile: file, ruleText, document }, verdicts).map(
    ({ path, found, missing, wanted, message }) => ({ path, found, missing, wanted, message }),
  )
}

const effectiveText = (effective: ReturnType<typeof effectiveBelow>): string =>
  typeof effective === 'string' ? effective : JSON.stringify(effective.document, null, 2)
