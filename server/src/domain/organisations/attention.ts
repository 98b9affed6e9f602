import type { Day } from '../../kernel/days.ts'
import { counted } from '../../kernel/text.ts'
import type { AttentionItem, OrganisationRefView } from './view.ts'

/** Facts that may need a person's attention, as the register knows them. */
export type AttentionFact =
  | {
      readonly kind: 'ownerless_account'
      readonly organisation: OrganisationRefView | null
      readonly accountId: string
    }
  | { readonly kind: 'no_owner'; readonly organisation: OrganisationRefView; readonly accounts: number }
  | {
      readonly kind: 'dead_contact'
      readonly organisation: OrganisationRefView
      readonly purpose: string
      readonly email: string
      readonly since: Day | null
    }
  | { readonly kind: 'missing_contact'; readonly organisation: OrganisationRefView; readonly purpose: string }
  | {
      readonly kind: 'left_with_grant'
      readonly organisation: OrganisationRefView
      readonly person: string
      readonly role: string
      readonly since: Day
    }
  | {
      readonly kind: 'contract_ended'
      readonly organisation: OrganisationRefView
      readonly number: string
      readonly since: Day
      readonly grants: number
    }

/** A fact as a task in words; the worst first (see `bySeverity`). */
export function attentionOf(fact: AttentionFact): AttentionItem {
  const base = {
    kind: fact.kind,
    organisation: fact.organisation,
    since: 'since' in fact ? fact.since : null,
  }
  switch (fact.kind) {
    case 'ownerless_account':
      return {
        ...base,
        subject: fact.accountId,
        severity: 'high',
        words: {
          ja: `AWS アカウント ${fact.accountId} の利用組織がありません。利用組織を決めるか閉鎖してください。`,
          en: `The AWS account ${fact.accountId} belongs to no existing organisation: give it one, or close it.`,
        },
      }
    case 'no_owner':
      return {
        ...base,
        subject: fact.organisation.code,
        severity: 'high',
        words: {
          ja: `${fact.organisation.name.ja} に責任者がいません(アカウント ${fact.accounts} 件)。責任者を登録してください。`,
          en: `${fact.organisation.name.en} has no organisation owner (${counted(fact.accounts, 'account')}): name one.`,
        },
      }
    case 'dead_contact':
      return {
        ...base,
        subject: fact.email,
        severity: fact.purpose === 'security' ? 'high' : 'medium',
        words: {
          ja: `連絡先 ${fact.email}(${PURPOSES[fact.purpose]?.ja ?? fact.purpose})に届きません。新しい連絡先を登録してください。`,
          en: `The ${fact.purpose} contact ${fact.email} cannot be reached: give a new one.`,
        },
      }
    case 'missing_contact':
      return {
        ...base,
        subject: fact.purpose,
        severity: fact.purpose === 'security' ? 'high' : 'medium',
        words: {
          ja: `${fact.organisation.name.ja} の連絡先(${PURPOSES[fact.purpose]?.ja ?? fact.purpose})がありません。`,
          en: `${fact.organisation.name.en} has no ${fact.purpose} contact.`,
        },
      }
    case 'left_with_grant':
      return {
        ...base,
        subject: fact.person,
        severity: 'high',
        words: {
          ja: `${fact.person} は ${fact.since} に離任しましたが、役割 ${fact.role} が残っています。役割を終了してください。`,
          en: `${fact.person} left on ${fact.since} and still holds the role ${fact.role}: end the grant.`,
        },
      }
    case 'contract_ended':
      return {
        ...base,
        subject: fact.number,
        severity: 'medium',
        words: {
          ja: `契約 ${fact.number} は ${fact.since} に終了しましたが、役割が ${fact.grants} 件残っています。`,
          en: `The contract ${fact.number} ended on ${fact.since} and ${fact.grants} grant(s) remain.`,
        },
      }
  }
}

const PURPOSES: Readonly<Record<string, { readonly ja: string }>> = {
  security: { ja: 'セキュリティ' },
  operations: { ja: '運用' },
  billing: { ja: '請求' },
}

/** High before medium, then the longest standing. */
export const bySeverity = (a: AttentionItem, b: AttentionItem): number =>
  (a.severity === b.severity ? 0 : a.severity === 'high' ? -1 : 1) ||
  (a.since ?? '9999').localeCompare(b.since ?? '9999') ||
  a.subject.localeCompare(b.subject)
