import { z } from 'zod'

/** An entry of the audit ledger as the portal shows it. `body` is the canonical JSON that the tree holds. */
export const ledgerEntryView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  organisationId: z.string().nullable(),
  subject: z.string(),
  actorId: z.string(),
  actorRole: z.string(),
  /** Place in the Merkle tree; null until it is integrated (a few seconds). */
  leafIndex: z.number().nullable(),
  body: z.string(),
})
export type LedgerEntryView = z.infer<typeof ledgerEntryView>

export const ledgerProofView = z.object({
  entry: ledgerEntryView,
  size: z.number(),
  root: z.string(),
  /** Sibling hashes from the leaf to the root, hexadecimal (RFC 9162). */
  proof: z.array(z.string()),
})
export type LedgerProofView = z.infer<typeof ledgerProofView>

export const ledgerReportView = z.object({
  size: z.number(),
  pending: z.number(),
  root: z.string(),
  checkpoints: z.number(),
  faults: z.array(z.string()),
})
export type LedgerReportView = z.infer<typeof ledgerReportView>
