import { bug } from '../../../kernel/errors.ts'
import type { Bilingual } from '../../../kernel/text.ts'
import type { PartialVendForm } from '../draft.ts'
import type { ChangeForm } from '../form.ts'
import { fill } from '../issues.ts'
import {
  accountNamesRule,
  accountNamesUnique,
  developmentNeedsCicd,
  environmentsSeparate,
} from './accounts.ts'
import { type ChangeFacts, changeFindings } from './change.ts'
import { customerKey, sharedUse } from './data.ts'
import { adminsNamed, contactsReachable } from './people.ts'
import {
  network,
  organisationKnown,
  placementOrganisation,
  placementPortable,
  placementSystem,
  providerVended,
  regionAllowed,
} from './place.ts'
import type { Rulebook, RuleText } from './rulebook.ts'
import { budgetYear, consentGiven, contractCoversStart, contractDates, datesInOrder } from './terms.ts'
import type { Evaluator, Finding, RuleContext } from './types.ts'

/** One record for each rule of the rulebook; a test holds the two together. */
export const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  organisation_known: organisationKnown,
  region_allowed: regionAllowed,
  environments_separate: environmentsSeparate,
  development_needs_cicd: developmentNeedsCicd,
  account_names: accountNamesRule,
  account_names_unique: accountNamesUnique,
  contract_dates: contractDates,
  contract_covers_start: contractCoversStart,
  contacts_reachable: contactsReachable,
  admins_named: adminsNamed,
  placement_system: placementSystem,
  placement_organisation: placementOrganisation,
  placement_portable: placementPortable,
  provider_vended: providerVended,
  customer_key: customerKey,
  shared_use: sharedUse,
  dates: datesInOrder,
  budget_year: budgetYear,
  network,
  consent: consentGiven,
}

export interface AskedException {
  readonly reason: string
  readonly expiresOn: string
}

/** The verdict of one rule on one form, with everything a person needs to understand it. */
export interface Verdict extends Finding {
  readonly rule: string
  readonly title: Bilingual
  readonly message: Bilingual
  readonly explanation: Bilingual
  readonly reference: string
  readonly mayBeExcepted: boolean
  /** What the applicant asks to be excepted; an approver of the centre decides on it. */
  readonly exception: AskedException | null
}

function exceptionFor(form: PartialVendForm, rule: RuleText, today: string): AskedException | null {
  if (!rule.exception) return null
  const asked = form.exceptions?.find((e) => e.rule === rule.id)
  if (!asked?.reason || !asked.expiresOn || asked.expiresOn <= today) return null
  return { reason: asked.reason, expiresOn: asked.expiresOn }
}

/** A finding with the texts of its rule. */
function explain(rule: RuleText, found: Finding, exception: AskedException | null): Verdict {
  const text = rule.messages[found.reason]
  if (!text) throw bug(`Rule \`${rule.id}\` has no text for reason \`${found.reason}\`.`)
  const params = found.params ?? {}
  return {
    ...found,
    rule: rule.id,
    title: rule.title,
    message: { ja: fill(text.ja, params), en: fill(text.en, params) },
    explanation: rule.explanation,
    reference: rule.reference,
    mayBeExcepted: rule.exception,
    exception: found.outcome === 'fail' ? exception : null,
  }
}

function verdictOf(rule: RuleText, form: PartialVendForm, context: RuleContext): Verdict {
  const evaluate = EVALUATORS[rule.id]
  if (!evaluate) throw bug(`The rulebook names rule \`${rule.id}\`, which has no evaluator.`)
  return explain(rule, evaluate(form, context), exceptionFor(form, rule, context.today))
}

export const evaluateChange = (
  form: ChangeForm,
  rules: readonly RuleText[],
  facts: ChangeFacts | null,
  context: RuleContext,
): readonly Verdict[] =>
  changeFindings(form, rules, facts, context).map(({ rule, found }) => explain(rule, found, null))

export const evaluateRules = (
  form: PartialVendForm,
  book: Rulebook,
  context: RuleContext,
): readonly Verdict[] => book.rules.map((rule) => verdictOf(rule, form, context))

/** Nothing may be submitted while a rule fails without an exception asked for. */
export const blocking = (verdicts: readonly Verdict[]): readonly Verdict[] =>
  verdicts.filter((v) => v.outcome === 'fail' && v.exception === null)
