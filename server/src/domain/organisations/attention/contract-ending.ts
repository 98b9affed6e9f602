import type { Day } from '../../../kernel/days.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** A contract that ends soon: whoever runs the systems after it must be known before. */
export const contractEnding = (fact: {
  readonly organisation: OrganisationRefView
  readonly number: string
  /** First day after the contract. */
  readonly end: Day
  /** Since when the end is near. */
  readonly since: Day
}): AttentionItem =>
  itemOf('contract_ending', {
    organisation: fact.organisation,
    subject: fact.number,
    detail: fact.end,
    since: fact.since,
    severity: 'medium',
    words: {
      ja: `契約 ${fact.number} は ${fact.end} に終了します。延長するか、後任の契約を登録してください。`,
      en: `The contract ${fact.number} ends on ${fact.end}: lengthen it, or register the one that follows.`,
    },
  })
