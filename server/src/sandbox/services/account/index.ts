import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as contacts from './contacts.ts'
import * as email from './email.ts'
import { settings } from './settings.ts'

export const account: ServiceDefinition = {
  signingName: 'account',
  model: 'account',
  iamPrefix: 'account',
  throttleCode: 'TooManyRequestsException',
  settings,
  timers: { email_done: email.emailDone },
  operations: {
    DeleteAlternateContact: contacts.deleteAlternateContact,
    GetAccountInformation: contacts.getAccountInformation,
    GetAlternateContact: contacts.getAlternateContact,
    GetContactInformation: contacts.getContactInformation,
    PutAccountName: contacts.putAccountName,
    PutAlternateContact: contacts.putAlternateContact,
    PutContactInformation: contacts.putContactInformation,
    AcceptPrimaryEmailUpdate: email.acceptPrimaryEmailUpdate,
    GetPrimaryEmail: email.getPrimaryEmail,
    GetPrimaryEmailUpdateStatus: email.getPrimaryEmailUpdateStatus,
    StartPrimaryEmailUpdate: email.startPrimaryEmailUpdate,
  },
  resources: ({ input, caller }: Call<{ AccountId?: string }>) => [
    input.AccountId === undefined
      ? `arn:aws:account::${caller.accountId}:account`
      : `arn:aws:account::${caller.accountId}:account/*/${input.AccountId}`,
  ],
}
