import { sql } from 'kysely'
import { systemActor } from '../../domain/people/roles.ts'
import { dayInJapan } from '../../kernel/days.ts'
import type { MailStore, TakenMail } from '../../ports/mail.ts'
import { CENTRE_ONLY, type Changes, type Tx, transact } from '../transact.ts'

const MAIL = systemActor('mail')

interface Row {
  id: string
  kind: string
  subject: string
  params: Record<string, string>
  message_key: string
  attempts: number
  address: string | null
}

export const mailStore = (on: Changes): MailStore => ({
  take: (now, limit, leaseMs) => transact(on, MAIL, (tx) => take(tx, now, limit, leaseMs)),
  sent: (ids, to, at) =>
    transact(on, MAIL, async (tx) => {
      const { rows } = await sql<Told>`
        update outbox set state = 'sent', sent_at = ${at}, to_address = ${to}, last_error = null
        where id = any(${ids}::bigint[]) returning id, subject`.execute(tx.sql)
      await ended(tx, 'sent', rows)
    }),
  failed: (ids, to, error, nextAt) =>
    transact(on, MAIL, async (tx) => {
      const { rows } = await sql<Told>`update outbox set state = ${nextAt === null ? 'dead' : 'waiting'},
          next_at = coalesce(${nextAt}::timestamptz, next_at), to_address = ${to}, last_error = ${error}
        where id = any(${ids}::bigint[]) returning id, subject`.execute(tx.sql)
      if (nextAt === null) await ended(tx, 'dead', rows)
      else await tx.notify('mail', 'waiting', CENTRE_ONLY)
    }),
})

type Told = Pick<Row, 'id' | 'subject'>

/** An attempt that is repeated changes nothing that anybody must be able to prove later; its end does. */
async function ended(tx: Tx, state: 'sent' | 'dead', mails: readonly Told[]): Promise<void> {
  for (const { id, subject } of mails)
    await tx.record({ kind: `mail.${state}`, organisationId: null, subject, data: { id } })
  await tx.notify('mail', state, CENTRE_ONLY)
}

/** Two workers never take the same row: each skips what the other has locked, and what it took is due later. */
async function take(tx: Tx, now: Date, limit: number, leaseMs: number): Promise<readonly TakenMail[]> {
  const { rows } = await sql<Row>`
    with due as (
      select id from outbox where state = 'waiting' and next_at <= ${now} order by id limit ${limit} for update skip locked
    ), taken as (
      update outbox o set next_at = ${new Date(now.getTime() + leaseMs)}, attempts = attempts + 1
      from due where o.id = due.id
      returning o.id, o.kind, o.subject, o.params, o.message_key, o.attempts, o.to_person
    )
    select taken.*, (${groupAddress(dayInJapan(now))}) as address from taken order by id`.execute(tx.sql)
  return groupMails(rows)
}

/** The operations address of who employs the person: mail goes to groups, which outlive people. */
const groupAddress = (today: string) => sql`
  select c.email from person p join organisation_contact c on c.organisation_id = p.organisation_id
  where p.id = taken.to_person and c.purpose = 'operations' and c.reachability <> 'dead' and c.valid @> ${today}::date`

function groupMails(rows: readonly Row[]): readonly TakenMail[] {
  const groups = new Map<string, TakenMail>()
  for (const row of rows) {
    const key = `${row.message_key}\n${row.address}`
    const known = groups.get(key)
    const { kind, subject, params, attempts } = row
    groups.set(key, {
      kind,
      subject,
      params,
      messageKey: row.message_key,
      to: row.address,
      attempts: Math.max(known?.attempts ?? 0, attempts),
      ids: [...(known?.ids ?? []), row.id],
    })
  }
  return [...groups.values()]
}
