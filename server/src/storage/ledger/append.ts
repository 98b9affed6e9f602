import type { Actor } from '../../domain/people/roles.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { leafHash } from '../../ledger/hash.ts'
import { literal } from '../begin.ts'

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

/** The statement that writes the entries in their order. Text without parameters, because it travels together with the COMMIT. */
export const entriesStatement = (actor: Actor, at: Date, entries: readonly LedgerDraft[]): string =>
  `insert into ledger_entry (at, kind, organisation_id, subject, actor_id, actor_role, body, leaf_hash)
    values ${entries.map((entry) => valuesOf(actor, at, entry)).join(', ')}`

function valuesOf(actor: Actor, at: Date, entry: LedgerDraft): string {
  const body = canonicalJson({
    version: 1,
    at: at.toISOString(),
    actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role },
    kind: entry.kind,
    organisationId: entry.organisationId,
    subject: entry.subject,
    data: entry.data ?? null,
  })
  const hash = leafHash(new TextEncoder().encode(body))
  const values = [
    literal(at.toISOString()),
    literal(entry.kind),
    entry.organisationId === null ? 'null' : literal(entry.organisationId),
    literal(entry.subject),
    literal(actor.id),
    literal(actor.role),
    literal(body),
    `'\\x${Buffer.from(hash).toString('hex')}'`,
  ]
  return `(${values.join(', ')})`
}
