import { readDocument } from '../../guard/document/document.ts'
import type { GuardValue } from '../../guard/document/value.ts'
import { cloudFormationDocument } from '../../templates/cloudformation/template.ts'
import { terraformDocument } from '../../templates/terraform/plan.ts'
import type { PlanCase, TemplateCase } from '../record.ts'

/** What a rule file sees of a case: functions worked out, what cannot be known marked so. */
export const caseDocument = (one: TemplateCase | PlanCase): GuardValue =>
  'template' in one
    ? cloudFormationDocument(readDocument(JSON.stringify(one.template))).value
    : terraformDocument(readDocument(JSON.stringify(one.plan))).value
