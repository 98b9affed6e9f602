import { readDocument } from '../guard/document/document.ts'
import { compileRules, overall } from '../guard/guard.ts'
import { invariant } from '../kernel/errors.ts'
import { evaluateJson } from '../policy/exchange/evaluate.ts'
import { defaultsOf, fill, type Values } from './fill.ts'
import {
  type Control,
  type ControlCase,
  formsOf,
  type PolicyCase,
  type PreventiveForm,
  type TemplateCase,
} from './record.ts'

export interface CaseResult {
  readonly name: string
  readonly form: ControlCase['form']
  readonly expect: ControlCase['expect']
  /** What the engine of the form said, or why it could not. */
  readonly found: string
  readonly passed: boolean
}

/** Every identity may do everything, so that the form alone decides. */
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
/** As AWS attaches `RCPFullAWSAccess`: RCPs only take away. */
const EVERYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

/** The form as a policy document, with the parameters of the control or with others. */
export const policyOf = (control: Control, form: PreventiveForm, values?: Values): unknown =>
  fill(control.documents[form.file], { ...defaultsOf(control.record.parameters), ...values })

/** Runs the cases of a control in the engine of their form, with the parameters as they are by default. */
export function runCases(control: Control): readonly CaseResult[] {
  return control.cases.map((one) => {
    const found = one.form === 'cfn-guard' ? ruleVerdict(control, one) : policyVerdict(control, one)
    return { name: one.name, form: one.form, expect: one.expect, found, passed: found === one.expect }
  })
}

const NO_FORM = 'no such form'

function policyVerdict(control: Control, { form: kind, request }: PolicyCase): string {
  const form = control.record.forms.preventive?.find((one) => one.kind === kind)
  if (form === undefined) return NO_FORM
  const document = policyOf(control, form)
  const level = (policies: readonly unknown[]) => [{ target: 'r-root', policies }]
  const policies = {
    identity: EVERYTHING,
    // An outsider and a service need the resource's word as well; the control under test may still take it away.
    resource: EVERYBODY,
    ...(kind === 'scp' ? { scps: level([EVERYTHING, document]) } : { rcps: level([EVERYBODY, document]) }),
  }
  const [answer] = evaluateJson([request], policies, { explain: false })
  invariant(answer, 'The engine answered nothing.')
  if ('verdict' in answer) return String(answer.verdict)
  return `error: ${JSON.stringify('error' in answer ? answer.error : answer)}`
}

function ruleVerdict(control: Control, { form: kind, template }: TemplateCase): string {
  const form = formsOf(control.record).find((one) => one.kind === kind)
  if (form === undefined) return NO_FORM
  try {
    const rules = compileRules(String(control.documents[form.file]))
    return rules === null ? 'no rules' : overall(rules.verdicts(readDocument(JSON.stringify(template)).value))
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : error}`
  }
}
