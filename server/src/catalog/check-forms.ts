import { parseAutomation } from '../automation/check.ts'
import { actionsOf } from '../automation/permissions.ts'
import { GuardSyntaxError } from '../guard/document/problem.ts'
import { compileRules } from '../guard/guard.ts'
import { type Issue, RankanError } from '../kernel/errors.ts'
import { checkText } from '../policy/exchange/check.ts'
import type { Facts } from '../policy/facts.ts'
import { effectiveBelow } from './cases/management.ts'
import { policyOf } from './cases.ts'
import { isManagedRule } from './config-rules.ts'
import { elementOf } from './frameworks.ts'
import {
  type Control,
  type ControlCase,
  type FileForm,
  type Form,
  formsOf,
  isFileForm,
  type PreventiveForm,
} from './record.ts'

const issue = (path: Issue['path'], code: string, message: string): Issue => ({ path, code, message })

/** Both outcomes of a form must have been tried; a kind that is not here is a management policy. */
const OUTCOMES: Readonly<Partial<Record<FileForm['kind'], readonly string[]>>> = {
  scp: ['denied', 'allowed'],
  rcp: ['denied', 'allowed'],
  'cfn-guard': ['FAIL', 'PASS'],
  'terraform-guard': ['FAIL', 'PASS'],
  'config-guard-rule': ['NON_COMPLIANT', 'COMPLIANT'],
  'ssm-automation': ['Success', 'Failed'],
}

/** What is wrong with the forms of a control: identifiers that do not exist, documents, outcomes that nobody tried. */
export const formIssues = (control: Control, facts: Facts): readonly Issue[] => [
  ...sameKind(control),
  ...bothProactive(control),
  ...formsOf(control.record).flatMap((form) =>
    isFileForm(form) ? fileIssues(control, form, facts) : identifierIssues(form),
  ),
]

function sameKind({ record }: Control): readonly Issue[] {
  const kinds = formsOf(record)
    .filter(isFileForm)
    .map(({ kind }) => kind)
  return kinds.flatMap((kind, i) =>
    kinds.indexOf(kind) === i
      ? []
      : [issue(['control.json', 'forms'], 'kind_twice', `There are two forms of the kind \`${kind}\`.`)],
  )
}

const PROACTIVE = ['cfn-guard', 'terraform-guard'] as const

/** What is checked in templates is checked in plans, too, and the other way round; or the record says why not. */
function bothProactive({ record }: Control): readonly Issue[] {
  const kinds = (record.forms.proactive ?? []).map(({ kind }) => kind)
  return PROACTIVE.flatMap((kind) => {
    const there = kinds.includes(kind)
    const absent = record.absent?.[kind] !== undefined
    if (kinds.length === 0 ? !absent : there !== absent) return []
    const message = absent
      ? `\`absent\` says why there is no form \`${kind}\`, but there is one, or there is no proactive form at all.`
      : `There is no form \`${kind}\`; say in \`absent\` why not.`
    return [issue(['control.json', 'absent'], 'proactive_form_missing', message)]
  })
}

function identifierIssues(form: Exclude<Form, FileForm>): readonly Issue[] {
  if (form.kind === 'security-hub')
    return elementOf('aws-security-hub', form.control) === null
      ? [
          issue(
            ['control.json', 'forms'],
            'unknown_control',
            `Security Hub has no control \`${form.control}\`.`,
          ),
        ]
      : []
  return isManagedRule(form.identifier)
    ? []
    : [
        issue(
          ['control.json', 'forms'],
          'unknown_rule',
          `AWS Config has no managed rule \`${form.identifier}\`.`,
        ),
      ]
}

function fileIssues(control: Control, form: FileForm, facts: Facts): readonly Issue[] {
  if (control.documents[form.file] === undefined)
    return [issue([form.file], 'no_file', `The control names \`${form.file}\`, which is not in its folder.`)]
  return [...documentIssues(control, form, facts), ...untriedIssues(control, form)]
}

function untriedIssues(control: Control, form: FileForm): readonly Issue[] {
  const tried = new Set(
    control.cases.filter((one) => one.form === form.kind).map((one) => outcomeOf(control, form, one)),
  )
  return (OUTCOMES[form.kind] ?? [ALONE, HELD])
    .filter((outcome) => !tried.has(outcome))
    .map((outcome) =>
      issue(['cases.json'], 'untried', `No case of the form \`${form.kind}\` is \`${outcome}\`.`),
    )
}

/** The outcomes of a management policy: nothing below it, and a policy below it that is held back. */
const ALONE = 'alone'
const HELD = 'held'

function outcomeOf(control: Control, form: FileForm, one: ControlCase): string {
  if ('expect' in one) return one.expect
  if (one.child === undefined) return ALONE
  const found = effectiveBelow(policyOf(control, form), one.child)
  return typeof found !== 'string' && found.ignored.length > 0 ? HELD : 'changed'
}

function documentIssues(control: Control, form: FileForm, facts: Facts): readonly Issue[] {
  switch (form.kind) {
    case 'cfn-guard':
    case 'terraform-guard':
    case 'config-guard-rule':
      return ruleIssues(control, form)
    case 'ssm-automation':
      return automationIssues(control, form, facts)
    default:
      return policyIssues(control, form, facts)
  }
}

function ruleIssues(control: Control, form: FileForm): readonly Issue[] {
  try {
    const rules = compileRules(String(control.documents[form.file]))
    return rules === null ? [issue([form.file], 'no_rules', 'The file holds no rule.')] : []
  } catch (error) {
    if (error instanceof GuardSyntaxError) return [issue([form.file], 'bad_rule', error.message)]
    throw error
  }
}

function policyIssues(control: Control, form: PreventiveForm, facts: Facts): readonly Issue[] {
  const kind = form.kind === 'scp' || form.kind === 'rcp' ? form.kind : undefined
  try {
    const { documents, problems } = checkText(JSON.stringify(policyOf(control, form)), kind, facts)
    return [...problems, ...documents.flatMap((one) => one.problems)].map(({ path, code, message }) =>
      issue([form.file, path], code, message),
    )
  } catch (error) {
    if (error instanceof RankanError && error.kind === 'invalid')
      return [issue([form.file], error.code, error.message)]
    throw error
  }
}

/** Faults of the document, and a role that is given more or less than the steps call. */
function automationIssues(
  control: Control,
  form: Extract<FileForm, { kind: 'ssm-automation' }>,
  facts: Facts,
): readonly Issue[] {
  const { document, issues } = parseAutomation(control.documents[form.file])
  if (document === null) return issues.map((one) => ({ ...one, path: [form.file, ...one.path] }))
  const at = ['control.json', 'forms', 'responsive']
  const needed = actionsOf(document)
  return [
    ...needed
      .filter((action) => !form.permissions.includes(action))
      .map((action) =>
        issue(at, 'permission_missing', `A step needs \`${action}\`, which \`permissions\` lacks.`),
      ),
    ...form.permissions
      .filter((action) => !needed.includes(action))
      .map((action) => issue(at, 'permission_unused', `No step needs \`${action}\`.`)),
    ...needed
      .filter((action) => !isAction(action, facts))
      .map((action) => issue([form.file], 'unknown_action', `AWS has no action \`${action}\`.`)),
    ...(Object.hasOwn(document.parameters, form.resource)
      ? []
      : [issue(at, 'unknown_parameter', `The document has no parameter \`${form.resource}\`.`)]),
    ...(form.automatic || form.approval !== undefined
      ? []
      : [issue(at, 'approval_missing', 'Say in `approval` what a person has to weigh before it runs.')]),
  ]
}

function isAction(action: string, facts: Facts): boolean {
  const [prefix = '', name = ''] = action.split(':')
  return facts.service(prefix)?.actions.has(name.toLowerCase()) === true
}
