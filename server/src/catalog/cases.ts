import { invariant } from '../kernel/errors.ts'
import { evaluateJson } from '../policy/exchange/evaluate.ts'
import { defaultsOf, fill, type Values } from './fill.ts'
import type { Control, ControlCase, PreventiveForm } from './record.ts'

export interface CaseResult {
  readonly name: string
  readonly form: ControlCase['form']
  readonly expect: ControlCase['expect']
  /** What the policy engine said, or why it could not. */
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

/** Runs the cases of a control in the policy engine, with the parameters as they are by default. */
export function runCases(control: Control): readonly CaseResult[] {
  return control.cases.map((one) => {
    const form = control.record.forms.preventive.find(({ kind }) => kind === one.form)
    const found = form === undefined ? 'no such form' : verdictOf(policyOf(control, form), one)
    return { name: one.name, form: one.form, expect: one.expect, found, passed: found === one.expect }
  })
}

function verdictOf(document: unknown, { form, request }: ControlCase): string {
  const level = (policies: readonly unknown[]) => [{ target: 'r-root', policies }]
  const policies = {
    identity: EVERYTHING,
    // An outsider and a service need the resource's word as well; the control under test may still take it away.
    resource: EVERYBODY,
    ...(form === 'scp' ? { scps: level([EVERYTHING, document]) } : { rcps: level([EVERYBODY, document]) }),
  }
  const [answer] = evaluateJson([request], policies, { explain: false })
  invariant(answer, 'The engine answered nothing.')
  if ('verdict' in answer) return String(answer.verdict)
  return `error: ${JSON.stringify('error' in answer ? answer.error : answer)}`
}
