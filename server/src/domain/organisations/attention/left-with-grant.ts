import type { Day } from '../../../kernel/days.ts'
import { ROLE_TEXT, type Role } from '../../people/roles.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'
import { itemOf } from './fact.ts'

/** Somebody who left and still holds a role. */
export const leftWithGrant = (fact: {
  readonly organisation: OrganisationRefView
  readonly person: string
  readonly role: Role
  readonly since: Day
}): AttentionItem =>
  itemOf('left_with_grant', {
    organisation: fact.organisation,
    subject: fact.person,
    detail: fact.role,
    since: fact.since,
    severity: 'high',
    words: {
      ja: `${fact.person} は ${fact.since} に離任しましたが、役割「${ROLE_TEXT[fact.role].ja}」が残っています。役割を終了してください。`,
      en: `${fact.person} left on ${fact.since} and still holds the role ${ROLE_TEXT[fact.role].en}: end the grant.`,
    },
  })
