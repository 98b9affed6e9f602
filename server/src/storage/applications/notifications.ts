import type { Tx } from '../transact.ts'
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
  const fresh = await tx.sql
    .insertInto('outbox')
    .values({
      at: tx.at,
      to_person: notice.personId,
      kind: notice.kind,
      subject: notice.subject,
      params: json(notice.params),
      once_key: `${notice.onceKey} ${notice.personId}`,
      message_key: notice.onceKey,
      sent_at: null,
    })
    .onConflict((oc) => oc.column('once_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!fresh) return
  await tx.sql
    .insertInto('notification')
    .values({
      person_id: notice.personId,
      organisation_id: notice.organisationId,
      at: tx.at,
      kind: notice.kind,
      subject: notice.subject,
      params: json(notice.params),
      read_at: null,
    })
    .execute()
  await tx.notify('notifications', notice.personId, notice.organisationId)
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
