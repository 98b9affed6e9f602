import type { SameKeys } from '../../../i18n/messages.ts'
import type { ja } from './ja.ts'

export const en: SameKeys<typeof ja> = {
  signInTitle: 'Sign in',
  signInLead: 'Choose a demo persona. They exist only while the estate is the sandbox.',
  signInNone: 'No way to sign in is set up',
  signInNoneText: 'This installation works on the real AWS. Ask your administrator.',
  signInAs: (name) => `Sign in as ${name}`,
  homeTitle: 'Home',
}
