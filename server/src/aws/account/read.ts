import { type AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account'
import type { AlternateContact } from '../../ports/estate.ts'
import { unless } from '../errors.ts'

const TYPES = ['SECURITY', 'OPERATIONS', 'BILLING'] as const

/** @param accountId null for the management account itself, which AWS wants unnamed. */
export async function readContacts(
  client: AccountClient,
  accountId: string | null,
): Promise<readonly AlternateContact[]> {
  const contacts: AlternateContact[] = []
  for (const type of TYPES) {
    const contact = await readContact(client, accountId, type)
    if (contact !== null) contacts.push(contact)
  }
  return contacts
}

const readContact = (client: AccountClient, accountId: string | null, type: AlternateContact['type']) =>
  unless(
    ['ResourceNotFoundException'],
    async () => {
      const { AlternateContact: found } = await client.send(
        new GetAlternateContactCommand({
          AlternateContactType: type,
          ...(accountId === null ? {} : { AccountId: accountId }),
        }),
      )
      if (!found) return null
      return {
        type,
        name: found.Name ?? '',
        title: found.Title ?? '',
        email: found.EmailAddress ?? '',
        phone: found.PhoneNumber ?? '',
      }
    },
    () => null,
  )
