import {
  type AccountClient,
  PutAccountNameCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account'
import type { AlternateContact } from '../../ports/estate.ts'

/** Puts replace, so both are idempotent by themselves. `accountId` null: the management account. */
export async function putContact(
  client: AccountClient,
  accountId: string | null,
  contact: AlternateContact,
): Promise<void> {
  await client.send(
    new PutAlternateContactCommand({
      ...(accountId === null ? {} : { AccountId: accountId }),
      AlternateContactType: contact.type,
      Name: contact.name,
      Title: contact.title,
      EmailAddress: contact.email,
      PhoneNumber: contact.phone,
    }),
  )
}

export async function rename(client: AccountClient, accountId: string | null, name: string): Promise<void> {
  await client.send(
    new PutAccountNameCommand({ ...(accountId === null ? {} : { AccountId: accountId }), AccountName: name }),
  )
}
