import { counted } from '@rankan/server/kernel/text.ts'
import type { SameKeys } from '../../../i18n/messages.ts'
import type { ja } from './ja.ts'

export const en: SameKeys<typeof ja> = {
  title: 'Audit ledger',
  lead: 'Every decision, recorded so that nobody can change it afterwards.',
  empty: 'No entries yet',
  emptyFilter: 'No entry matches',
  at: 'When',
  kind: 'Kind',
  subject: 'Subject',
  actor: 'Who',
  leaf: 'Leaf',
  notYet: 'Being integrated',
  filterKind: 'Filter by kind',
  filterKindHint: 'For example: application.submitted',
  filterSubject: 'Filter by subject',
  show: 'Show',
  entryTitle: 'Ledger entry',
  body: 'What was recorded',
  proofTitle: 'Inclusion proof (RFC 9162)',
  proofSize: 'Size of the tree',
  proofRoot: 'Root hash',
  proofPath: 'Hashes on the way',
  proofPending: 'This entry is not in the tree yet. Its proof appears here in a few seconds.',
  verify: 'Verify the ledger',
  verifyHint: 'Rebuilds the tree from every entry and compares it with each checkpoint.',
  sound: 'The ledger is sound',
  broken: 'The ledger does not agree with itself',
  report: (size, checkpoints) =>
    `Verified: ${counted(size, 'entry', 'entries')} and ${counted(checkpoints, 'checkpoint')}.`,
}
