import { readDocument } from '../../guard/document/document.ts'
import type { GuardValue } from '../../guard/document/value.ts'
import type { PlanCase, TemplateCase } from '../record.ts'

/** What a rule file sees of a case. */
export const caseDocument = (one: TemplateCase | PlanCase): GuardValue =>
  readDocument(JSON.stringify('template' in one ? one.template : one.plan)).value
