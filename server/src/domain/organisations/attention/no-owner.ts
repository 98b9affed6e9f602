import { counted } from '../../../kernel/text.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** An organisation with accounts and nobody who answers for them. */
export const noOwner = (fact: {
  readonly organisation: OrganisationRefView
  readonly accounts: number
}): AttentionItem =>
  itemOf('no_owner', {
    organisation: fact.organisation,
    subject: fact.organisation.code,
    since: null,
    severity: 'high',
    words: {
      ja: `${fact.organisation.name.ja} に責任者がいません(アカウント ${fact.accounts} 件)。責任者を登録してください。`,
      en: `${fact.organisation.name.en} has no organisation owner (${counted(fact.accounts, 'account')}): name one.`,
    },
  })
