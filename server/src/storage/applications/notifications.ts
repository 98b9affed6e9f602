import { sql } from 'kysely'
import { CENTRE_ONLY, type Tx } from '../transact.ts'
import { json } from './rows.ts'

export interface Notice {
  readonly personId: string
  readonly organisationId: string | null
  /** e.g. `application.returned`; the portal has the text. */
  readonly kind: string
  /** Id of what it is about. */
  readonly subject: string
  readonly params: Readonly<Record<string, string>>
  /** The same thing is told once. */
  readonly onceKey: string
}

/** Tells a person in the product, and puts the same into the outbox for a mail gateway, in the transaction of what happened. */
export async function notify(tx: Tx, notice: Notice): Promise<void> {
  const params = json(notice.params)
  const fresh = await sql`
    with fresh as (
      insert into outbox (at, to_person, kind, subject, params, once_key, message_key, sent_at)
      values (${tx.at}, ${notice.personId}, ${notice.kind}, ${notice.subject}, ${params},
        ${`${notice.onceKey} ${notice.personId}`}, ${notice.onceKey}, null)
      on conflict (once_key) do nothing returning id),
    told as (
      insert into notification (person_id, organisation_id, at, kind, subject, params)
      select ${notice.personId}, ${notice.organisationId}, ${tx.at}, ${notice.kind}, ${notice.subject}, ${params}::jsonb
      from fresh)
    select from fresh`.execute(tx.sql)
  if (fresh.rows.length === 0) return
  await tx.notify('notifications', notice.personId, notice.organisationId)
  await tx.notify('mail', 'waiting', CENTRE_ONLY)
}

export async function notificationsOf(tx: Tx, limit: number) {
  const rows = await tx.sql
    .selectFrom('notification')
    .selectAll()
    .where('person_id', '=', tx.actor.id)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind,
    subject: row.subject,
    params: { ...row.params },
    read: row.read_at !== null,
  }))
}

export async function markRead(tx: Tx): Promise<void> {
  await tx.sql
    .updateTable('notification')
    .set({ read_at: tx.at })
    .where('person_id', '=', tx.actor.id)
    .where('read_at', 'is', null)
    .execute()
}
