import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { contactSeverity, itemOf, PURPOSES_JA } from './fact.ts'

/** An organisation with systems needs all its contacts. */
export const missingContact = (fact: {
  readonly organisation: OrganisationRefView
  readonly purpose: string
}): AttentionItem =>
  itemOf('missing_contact', {
    organisation: fact.organisation,
    subject: fact.purpose,
    since: null,
    severity: contactSeverity(fact.purpose),
    words: {
      ja: `${fact.organisation.name.ja} の連絡先(${PURPOSES_JA[fact.purpose] ?? fact.purpose})がありません。`,
      en: `${fact.organisation.name.en} has no ${fact.purpose} contact.`,
    },
  })
