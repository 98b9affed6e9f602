import type { AccountStatus } from '../../accounts/status.ts'
import type { ChangeForm } from '../form.ts'
import type { Environment } from '../kinds.ts'
import { adminsNamed, contactsReachable } from './people.ts'
import type { RuleText } from './rulebook.ts'
import { type Finding, fail, pass, type RuleContext, unknown } from './types.ts'

/** What the register knows of the account that a change is about; null: not there, or not the applicant's to see. */
export interface ChangeFacts {
  readonly account: {
    readonly name: string
    readonly status: AccountStatus
    readonly environment: Environment | null
  } | null
  /** Another application for the account that is not over. */
  readonly openApplication: string | null
}

/** Facts are absent in the browser. */
export type ChangeEvaluator = (
  form: ChangeForm,
  facts: ChangeFacts | null,
  context: RuleContext,
) => Finding | null

const PATH = ['accountId']
const ALLOWED: Readonly<Record<ChangeForm['kind'], readonly AccountStatus[]>> = {
  change_contacts: ['active', 'suspended'],
  change_owner: ['active', 'suspended'],
  move: ['active'],
  suspend: ['active'],
  resume: ['suspended'],
  close: ['active', 'suspended'],
}

const accountKnown: ChangeEvaluator = (form, facts) => {
  if (!facts) return unknown('needs_register', PATH)
  return facts.account
    ? pass('known', PATH, { account: form.accountId, name: facts.account.name })
    : fail('not_known', PATH, { account: form.accountId })
}

const accountState: ChangeEvaluator = (form, facts) => {
  if (!facts?.account) return unknown('needs_register', PATH)
  const state = facts.account.status
  if (!ALLOWED[form.kind].includes(state)) return fail('wrong', PATH, { state })
  if (form.kind === 'move' && form.environment === facts.account.environment)
    return fail('same_environment', ['environment'], { environment: form.environment })
  return pass('fits', PATH, { state })
}

const oneRequest: ChangeEvaluator = (_form, facts) => {
  if (!facts) return unknown('needs_register', PATH)
  return facts.openApplication ? fail('open', PATH, { other: facts.openApplication }) : pass('alone', PATH)
}

const closeEvidence: ChangeEvaluator = (form) => {
  if (form.kind !== 'close') return null
  if (!form.dataExported) return fail('not_exported', ['dataExported'])
  if (!form.evidenceKept) return fail('no_evidence', ['evidenceKept'])
  return form.finalUnderstood
    ? pass('ready', ['finalUnderstood'])
    : fail('not_understood', ['finalUnderstood'])
}

/** Rules that do not concern a kind answer null and are left out. */
export const CHANGE_EVALUATORS: Readonly<Record<string, ChangeEvaluator>> = {
  account_known: accountKnown,
  account_state: accountState,
  one_request: oneRequest,
  contacts_reachable: (form, _facts, context) =>
    form.kind === 'change_contacts' ? contactsReachable({ contacts: form.contacts }, context) : null,
  admins_named: (form, _facts, context) =>
    form.kind === 'change_owner' ? adminsNamed({ admins: form.admins, owner: form.owner }, context) : null,
  close_evidence: closeEvidence,
}

export const changeFindings = (
  form: ChangeForm,
  rules: readonly RuleText[],
  facts: ChangeFacts | null,
  context: RuleContext,
): readonly { readonly rule: RuleText; readonly found: Finding }[] =>
  rules.flatMap((rule) => {
    const found = CHANGE_EVALUATORS[rule.id]?.(form, facts, context) ?? null
    return found ? [{ rule, found }] : []
  })
