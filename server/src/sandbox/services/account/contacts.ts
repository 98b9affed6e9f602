import type { Call, World } from '../../core/contract.ts'
import { type Account, accounts } from '../organizations/state.ts'
import { notFound, targetOf } from './target.ts'

interface Contact {
  readonly Name: string
  readonly Title: string
  readonly EmailAddress: string
  readonly PhoneNumber: string
  readonly AlternateContactType: string
}

/** Key: `<account>/<type>`. */
const contactsOf = (world: World) => world.table<Contact>('account.contacts')
const informationOf = (world: World) => world.table<Readonly<Record<string, string>>>('account.information')

type OnContact = Call<{ AccountId?: string; AlternateContactType: string }>
const keyOf = (call: OnContact) => `${targetOf(call).id}/${call.input.AlternateContactType}`

export function putAlternateContact(call: Call<Contact & { AccountId?: string }>) {
  const { Name, Title, EmailAddress, PhoneNumber, AlternateContactType } = call.input
  contactsOf(call.world).put(keyOf(call), { Name, Title, EmailAddress, PhoneNumber, AlternateContactType })
  return {}
}

function found(call: OnContact): Contact {
  const contact = contactsOf(call.world).get(keyOf(call))
  if (!contact) throw notFound(`No contact of the inputted alternate contact type found.`)
  return contact
}

export const getAlternateContact = (call: OnContact) => ({ AlternateContact: found(call) })

export function deleteAlternateContact(call: OnContact) {
  found(call)
  contactsOf(call.world).delete(keyOf(call))
  return {}
}

type Information = Call<{ AccountId?: string; ContactInformation: Readonly<Record<string, string>> }>

export function putContactInformation(call: Information) {
  informationOf(call.world).put(targetOf(call).id, call.input.ContactInformation)
  return {}
}

export function getContactInformation(call: Call<{ AccountId?: string }>) {
  const information = informationOf(call.world).get(targetOf(call).id)
  if (!information) throw notFound('No contact information found.')
  return { ContactInformation: information }
}

/** Shown by Organizations too. */
export function putAccountName(call: Call<{ AccountId?: string; AccountName: string }>) {
  const account: Account = targetOf(call)
  accounts(call.world).put(account.id, { ...account, name: call.input.AccountName })
  return {}
}

export function getAccountInformation(call: Call<{ AccountId?: string }>) {
  const { id, name, createdAt, state } = targetOf(call)
  return {
    AccountId: id,
    AccountName: name,
    AccountCreatedDate: createdAt,
    AccountState: state === 'PENDING_CLOSURE' ? 'ACTIVE' : state,
  }
}
