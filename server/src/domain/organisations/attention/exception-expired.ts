import type { Day } from '../../../kernel/days.ts'
import { counted } from '../../../kernel/text.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** A recorded exception from a rule (placement, A4) that is over while its accounts go on. */
export const exceptionExpired = (fact: {
  readonly organisation: OrganisationRefView
  readonly applicationId: string
  readonly system: string
  readonly rule: string
  readonly since: Day
  readonly accounts: number
}): AttentionItem =>
  itemOf('exception_expired', {
    organisation: fact.organisation,
    subject: fact.applicationId,
    detail: fact.rule,
    since: fact.since,
    severity: 'high',
    words: {
      ja: `${fact.system} の例外(${fact.rule})は ${fact.since} に期限が切れました(アカウント ${fact.accounts} 件)。例外を更新するか、規則に合わせてください。`,
      en: `The exception ${fact.rule} of ${fact.system} expired on ${fact.since} (${counted(fact.accounts, 'account')}): renew it, or follow the rule.`,
    },
  })
