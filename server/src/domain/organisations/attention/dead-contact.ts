import type { Day } from '../../../kernel/days.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { contactSeverity, itemOf, PURPOSES_JA } from './fact.ts'

/** A contact that somebody tried to reach in vain. */
export const deadContact = (fact: {
  readonly organisation: OrganisationRefView
  readonly purpose: string
  readonly email: string
  readonly since: Day | null
}): AttentionItem =>
  itemOf('dead_contact', {
    organisation: fact.organisation,
    subject: fact.email,
    detail: fact.purpose,
    since: fact.since,
    severity: contactSeverity(fact.purpose),
    words: {
      ja: `連絡先 ${fact.email}(${PURPOSES_JA[fact.purpose] ?? fact.purpose})に届きません。新しい連絡先を登録してください。`,
      en: `The ${fact.purpose} contact ${fact.email} cannot be reached: give a new one.`,
    },
  })
