import type { Selectable } from 'kysely'
import type { LedgerEntryView, LedgerProofView } from '../../domain/ledger/view.ts'
import { inclusionProof, rootOf } from '../../ledger/tree.ts'
import type { Schema } from '../schema.ts'
import type { Tx } from '../transact.ts'
import { nodeReader, treeSize } from './integrate.ts'

export interface LedgerFilter {
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly organisationId?: string | undefined
  readonly before: string | null
  readonly limit: number
}

/** Newest first; row-level security leaves a tenant its own entries. */
export async function listEntries(tx: Tx, filter: LedgerFilter): Promise<readonly LedgerEntryView[]> {
  let query = tx.sql.selectFrom('ledger_entry').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.before !== null) query = query.where('id', '<', filter.before)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
  if (filter.organisationId !== undefined) query = query.where('organisation_id', '=', filter.organisationId)
  return (await query.execute()).map(toView)
}

export async function proveEntry(tx: Tx, id: string): Promise<LedgerProofView | null> {
  const row = await tx.sql.selectFrom('ledger_entry').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined || row.leaf_index === null) return null
  const size = await treeSize(tx)
  const read = nodeReader(tx)
  const proof = await inclusionProof(Number(row.leaf_index), size, read)
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  return { entry: toView(row), size, root: hex(await rootOf(size, read)), proof: proof.map(hex) }
}

const toView = (row: Selectable<Schema['ledger_entry']>): LedgerEntryView => ({
  id: row.id,
  at: row.at.toISOString(),
  kind: row.kind,
  organisationId: row.organisation_id,
  subject: row.subject,
  actorId: row.actor_id,
  actorRole: row.actor_role,
  leafIndex: row.leaf_index === null ? null : Number(row.leaf_index),
  body: row.body,
})
