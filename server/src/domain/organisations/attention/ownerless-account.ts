import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** An account of no organisation, or of one that ended. */
export const ownerlessAccount = (fact: {
  readonly organisation: OrganisationRefView | null
  readonly accountId: string
}): AttentionItem =>
  itemOf('ownerless_account', {
    organisation: fact.organisation,
    subject: fact.accountId,
    since: null,
    severity: 'high',
    words: {
      ja: `AWS アカウント ${fact.accountId} の利用組織がありません。利用組織を決めるか閉鎖してください。`,
      en: `The AWS account ${fact.accountId} belongs to no existing organisation: give it one, or close it.`,
    },
  })
