import type { GuardValue } from '../../guard/document/value.ts'
import { caseDocument } from '../cases/document.ts'
import { type Control, formsOf, isFileForm, type PlanCase, type TemplateCase } from '../record.ts'
import data from './exemptions.json' with { type: 'json' }
import { checkMutations, type MutationReport, type Survivor } from './mutation.ts'

/** A clause that need not notice anything, and why. */
export interface Exemption {
  readonly control: string
  readonly clause: string
  readonly reason: string
}

export const EXEMPTIONS: readonly Exemption[] = data.exemptions

export interface ControlMutations extends MutationReport {
  readonly form: 'cfn-guard' | 'terraform-guard'
  /** Survivors that an exemption names. */
  readonly exempt: readonly Survivor[]
}

/** Breaks the compliant cases of every Guard form for templates and plans of a control, see `checkMutations`. */
export function controlMutations(
  control: Control,
  exemptions: readonly Exemption[] = EXEMPTIONS,
): readonly ControlMutations[] {
  const exempted = new Set(
    exemptions.filter((one) => one.control === control.record.id).map(({ clause }) => clause),
  )
  return formsOf(control.record)
    .filter(isFileForm)
    .flatMap(({ kind, file }) => {
      if (kind !== 'cfn-guard' && kind !== 'terraform-guard') return []
      const report = checkMutations(
        String(control.documents[file]),
        documentsOf(control, kind, 'PASS'),
        documentsOf(control, kind, 'FAIL'),
      )
      return [
        {
          ...report,
          form: kind,
          survivors: report.survivors.filter(({ clause }) => !exempted.has(clause)),
          exempt: report.survivors.filter(({ clause }) => exempted.has(clause)),
        },
      ]
    })
}

const documentsOf = (
  control: Control,
  form: ControlMutations['form'],
  expect: string,
): readonly GuardValue[] =>
  control.cases
    .filter((one): one is TemplateCase | PlanCase => one.form === form && one.expect === expect)
    .map(caseDocument)
