import { sql } from 'kysely'
import type { MailRow, MailView } from '../../domain/mail/view.ts'
import { notFound } from '../../kernel/errors.ts'
import { CENTRE_ONLY, type Changes, type Tx } from '../transact.ts'

const GATEWAY = 'mail gateway'
const AT_MOST = 100

/** Workers say whether they have a gateway: the server that is asked may be another process, on another machine. */
export async function noteGateway(on: Changes, configured: boolean): Promise<void> {
  await sql`insert into installation (key, value) values (${GATEWAY}, to_jsonb(${configured}::boolean))
    on conflict (key) do update set value = excluded.value where installation.value <> excluded.value`.execute(
    on.db,
  )
}

interface Row {
  id: string
  at: Date
  kind: string
  subject: string
  state: MailRow['state']
  to_address: string | null
  attempts: number
  next_at: string | Date
  last_error: string | null
}

export async function mailList(tx: Tx): Promise<MailView> {
  const counts = await sql<{ gateway: boolean; waiting: number; dead: number; sent: number }>`select
    coalesce((select value = 'true'::jsonb from installation where key = ${GATEWAY}), false) as gateway,
    (select count(*)::int from outbox where state = 'waiting') as waiting,
    (select count(*)::int from outbox where state = 'dead') as dead,
    (select count(*)::int from outbox where state = 'sent' and sent_at > ${tx.at}::timestamptz - interval '1 day') as sent`.execute(
    tx.sql,
  )
  const { rows } = await sql<Row>`
    select id, at, kind, subject, state, to_address, attempts, last_error,
      case when isfinite(next_at) then next_at end as next_at
    from outbox order by (case state when 'dead' then 0 when 'waiting' then 1 else 2 end), id desc limit ${AT_MOST}`.execute(
    tx.sql,
  )
  const { gateway = false, waiting = 0, dead = 0, sent = 0 } = counts.rows[0] ?? {}
  return { gateway, waiting, dead, sentToday: sent, items: rows.map(toRow) }
}

const toRow = (row: Row): MailRow => ({
  id: row.id,
  at: row.at.toISOString(),
  kind: row.kind,
  subject: row.subject,
  state: row.state,
  to: row.to_address,
  attempts: row.attempts,
  nextAt: row.state === 'waiting' && row.next_at instanceof Date ? row.next_at.toISOString() : null,
  lastError: row.last_error,
})

/** A dead mail gets all its attempts again, e.g. after the address was put right. */
export async function reviveMail(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ subject: string }>`
    update outbox set state = 'waiting', attempts = 0, next_at = '-infinity', last_error = null
    where id::text = ${id} and state = 'dead' returning subject`.execute(tx.sql)
  const revived = rows[0]
  if (revived === undefined) throw notFound('dead_mail', id)
  await tx.notify('mail', 'waiting', CENTRE_ONLY)
  await tx.record({ kind: 'mail.revived', organisationId: null, subject: revived.subject, data: { id } })
}
