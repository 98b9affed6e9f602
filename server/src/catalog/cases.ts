import { automationVerdict } from './cases/automation.ts'
import { itemVerdict, planVerdict, templateVerdict } from './cases/guard.ts'
import { AS_WANTED, managementVerdict } from './cases/management.ts'
import { policyVerdict } from './cases/policy.ts'
import { defaultsOf, fill, type Values } from './fill.ts'
import { type Control, type ControlCase, type FileForm, formOfKind } from './record.ts'

export interface CaseResult {
  readonly name: string
  readonly form: ControlCase['form']
  readonly expect: string
  /** What the engine of the form said, or why it could not. */
  readonly found: string
  readonly passed: boolean
}

/** The form as a policy document, with the parameters of the control or with others. */
export const policyOf = (control: Control, form: Pick<FileForm, 'file'>, values?: Values): unknown =>
  fill(control.documents[form.file], { ...defaultsOf(control.record.parameters), ...values })

/** What one would hand to AWS: a policy with its parameters filled in; rules and automation documents as they are. */
export const documentOf = (control: Control, form: FileForm): unknown =>
  form.kind === 'ssm-automation' || form.kind.endsWith('-guard') || form.kind === 'config-guard-rule'
    ? control.documents[form.file]
    : policyOf(control, form)

/** Runs the cases of a control in the engine of their form, with the parameters as they are by default. */
export const runCases = (control: Control): readonly CaseResult[] =>
  control.cases.map((one) => {
    const expect = expected(one)
    const found = foundBy(control, one)
    return { name: one.name, form: one.form, expect, found, passed: found === expect }
  })

const expected = (one: ControlCase): string => ('expect' in one ? one.expect : AS_WANTED)

function foundBy(control: Control, one: ControlCase): string {
  const form = formOfKind(control.record, one.form)
  if (form === undefined) return 'no such form'
  try {
    return verdictOf(control, form, one)
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : error}`
  }
}

/** One engine for each kind of form. */
function verdictOf(control: Control, form: FileForm, one: ControlCase): string {
  const text = (): string => String(control.documents[form.file])
  switch (one.form) {
    case 'scp':
    case 'rcp':
      return policyVerdict(policyOf(control, form), one)
    case 'cfn-guard':
      return templateVerdict(text(), one)
    case 'terraform-guard':
      return planVerdict(text(), one)
    case 'config-guard-rule':
      return itemVerdict(text(), one)
    case 'ssm-automation':
      return automationVerdict(control.documents[form.file], one)
    default:
      return managementVerdict(policyOf(control, form), one)
  }
}
