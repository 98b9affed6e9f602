import type { Day } from '../../../kernel/days.ts'
import { counted } from '../../../kernel/text.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** A contract that is over while roles under it remain. */
export const contractEnded = (fact: {
  readonly organisation: OrganisationRefView
  readonly number: string
  readonly since: Day
  readonly grants: number
}): AttentionItem =>
  itemOf('contract_ended', {
    organisation: fact.organisation,
    subject: fact.number,
    since: fact.since,
    severity: 'medium',
    words: {
      ja: `契約 ${fact.number} は ${fact.since} に終了しましたが、役割が ${fact.grants} 件残っています。`,
      en: `The contract ${fact.number} ended on ${fact.since} and ${counted(fact.grants, 'grant')} remain.`,
    },
  })
