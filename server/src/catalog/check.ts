import { GuardSyntaxError } from '../guard/document/problem.ts'
import { compileRules } from '../guard/guard.ts'
import type { Issue } from '../kernel/errors.ts'
import { RankanError } from '../kernel/errors.ts'
import { checkText } from '../policy/exchange/check.ts'
import type { Facts } from '../policy/facts.ts'
import { policyOf, runCases } from './cases.ts'
import { elementOf, isFramework } from './frameworks.ts'
import { type Control, type FileForm, type Form, formsOf, isFileForm, type PreventiveForm } from './record.ts'

/**
 * What is wrong with a control, by the path inside its folder: edges to what a framework does not have, documents that
 * do not parse or lint, cases that do not come out, forms without a case that passes and one that fails.
 */
export function checkControl(control: Control, facts: Facts): readonly Issue[] {
  return [
    ...control.record.frameworks.flatMap((edge, i) => edgeIssues(edge, ['control.json', 'frameworks', i])),
    ...formsOf(control.record).flatMap((form) => formIssues(control, form, facts)),
    ...runCases(control).flatMap(({ passed, name, expect, found }, i) =>
      passed
        ? []
        : [
            issue(
              ['cases.json', i],
              'case_failed',
              `The case \`${name}\` is \`${found}\`, expected \`${expect}\`.`,
            ),
          ],
    ),
  ]
}

const issue = (path: Issue['path'], code: string, message: string): Issue => ({ path, code, message })

function edgeIssues(
  { framework, element }: { framework: string; element: string },
  path: Issue['path'],
): readonly Issue[] {
  if (!isFramework(framework))
    return [issue([...path, 'framework'], 'unknown_framework', `There is no framework \`${framework}\`.`)]
  const found = elementOf(framework, element)
  if (found === null)
    return [issue([...path, 'element'], 'unknown_element', `\`${framework}\` has no element \`${element}\`.`)]
  return found.withdrawn
    ? [
        issue(
          [...path, 'element'],
          'withdrawn_element',
          `\`${element}\` was withdrawn from \`${framework}\`.`,
        ),
      ]
    : []
}

/** Both outcomes of a form must have been tried. */
const OUTCOMES: Readonly<Partial<Record<Form['kind'], readonly string[]>>> = {
  scp: ['denied', 'allowed'],
  rcp: ['denied', 'allowed'],
  'cfn-guard': ['FAIL', 'PASS'],
  'config-guard-rule': ['NON_COMPLIANT', 'COMPLIANT'],
}

function formIssues(control: Control, form: Form, facts: Facts): readonly Issue[] {
  if (!isFileForm(form)) return []
  if (control.documents[form.file] === undefined)
    return [issue([form.file], 'no_file', `The control names \`${form.file}\`, which is not in its folder.`)]
  return [...documentIssues(control, form, facts), ...untriedIssues(control, form)]
}

function untriedIssues(control: Control, form: FileForm): readonly Issue[] {
  const tried = new Set(
    control.cases.flatMap((one) => (one.form === form.kind && 'expect' in one ? [String(one.expect)] : [])),
  )
  return (OUTCOMES[form.kind] ?? [])
    .filter((outcome) => !tried.has(outcome))
    .map((outcome) =>
      issue(['cases.json'], 'untried', `No case of the form \`${form.kind}\` is \`${outcome}\`.`),
    )
}

function documentIssues(control: Control, form: FileForm, facts: Facts): readonly Issue[] {
  switch (form.kind) {
    case 'cfn-guard':
    case 'terraform-guard':
    case 'config-guard-rule':
      return ruleIssues(control, form)
    case 'ssm-automation':
      return []
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
