import type { Transaction } from 'kysely'
import type { Actor } from '../../domain/people/roles.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { leafHash } from '../../ledger/hash.ts'
import type { Schema } from '../schema.ts'

/** What the caller says of a change; time, actor and place in the tree are added here. */
export interface LedgerDraft {
  /** `application.submitted`, `organisation.renamed` … */
  readonly kind: string
  /** The tenant that the entry belongs to and may read it; null for what belongs to the centre. */
  readonly organisationId: string | null
  /** Id of what was changed. */
  readonly subject: string
  /** What changed, as plain JSON. No secrets. */
  readonly data: unknown
}

export async function appendEntry(
  trx: Transaction<Schema>,
  actor: Actor,
  at: Date,
  entry: LedgerDraft,
): Promise<void> {
  const body = canonicalJson({
    version: 1,
    at: at.toISOString(),
    actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role },
    kind: entry.kind,
    organisationId: entry.organisationId,
    subject: entry.subject,
    data: entry.data ?? null,
  })
  await trx
    .insertInto('ledger_entry')
    .values({
      at,
      kind: entry.kind,
      organisation_id: entry.organisationId,
      subject: entry.subject,
      actor_id: actor.id,
      actor_role: actor.role,
      body,
      leaf_hash: leafHash(new TextEncoder().encode(body)),
      leaf_index: null,
    })
    .execute()
}
