import { type Selectable, sql } from 'kysely'
import {
  type Delegation,
  type DelegationRefusal,
  makeDelegation,
} from '../../domain/applications/delegation.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { denied, invalid, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { json } from './rows.ts'
import type { ApplicationTables } from './schema.ts'

const toDelegation = (row: Selectable<ApplicationTables['approval_delegation']>): Delegation => ({
  id: row.id,
  from: row.from_person,
  to: row.to_person,
  stage: row.stage,
  organisationIds: row.organisation_ids,
  firstDay: row.first_day,
  lastDay: row.last_day,
  reason: row.reason,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})

/** Rights that the absent person no longer holds cannot be exercised for that person. */
const STILL_HELD = sql<boolean>`exists (select 1 from role_grant g where g.person_id = from_person ->> 'id'
  and g.role = from_person ->> 'role' and g.valid @> (now() at time zone 'Asia/Tokyo')::date)`

/** Delegations to this person that are not over. */
export async function delegationsFor(tx: Tx, personId: string): Promise<readonly Delegation[]> {
  const rows = await tx.sql
    .selectFrom('approval_delegation')
    .selectAll()
    .where(sql`to_person ->> 'id'`, '=', personId)
    .where('last_day', '>=', dayInJapan(tx.at))
    .where(STILL_HELD)
    .orderBy('id')
    .execute()
  return rows.map(toDelegation)
}

/** All that the actor may see, newest first: own organisation's, or everything at the centre. */
export async function listDelegations(tx: Tx): Promise<readonly Delegation[]> {
  const rows = await tx.sql
    .selectFrom('approval_delegation')
    .selectAll()
    .orderBy('made_at', 'desc')
    .limit(200)
    .execute()
  return rows.map(toDelegation)
}

/** Who stands in for somebody at a stage today. */
export async function standIns(
  tx: Tx,
  stage: Delegation['stage'],
  organisationId: string,
): Promise<readonly Delegation[]> {
  const today = dayInJapan(tx.at)
  const rows = await tx.sql
    .selectFrom('approval_delegation')
    .selectAll()
    .where('stage', '=', stage)
    .where('revoked_at', 'is', null)
    .where('first_day', '<=', today)
    .where('last_day', '>=', today)
    .where(STILL_HELD)
    .where((eb) =>
      eb.or([eb('stage', '=', 'centre'), sql<boolean>`${organisationId} = any(organisation_ids)`]),
    )
    .execute()
  return rows.map(toDelegation)
}

const TEXTS: Readonly<Record<DelegationRefusal, string>> = {
  role_cannot_delegate: 'Only an organisation owner or a central operator can hand over approvals.',
  delegate_is_self: 'Hand over to another person than yourself.',
  delegation_days_reversed: 'The last day is before the first day.',
  delegation_too_long: 'The delegation is too long; give a shorter period.',
}

export interface Candidate {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Who may stand in for the actor: colleagues with a role that decides. The auditor never changes anything. */
export async function delegationCandidates(tx: Tx): Promise<readonly Candidate[]> {
  const { rows } = await sql<Candidate>`
    select p.id, p.name_ja as name, p.email from person p
    join person me on me.id = ${tx.actor.id} and me.organisation_id = p.organisation_id
    where p.id <> me.id and p.valid @> ${dayInJapan(tx.at)}::date and exists (
      select 1 from role_grant g where g.person_id = p.id and g.valid @> ${dayInJapan(tx.at)}::date
        and g.role in ('central_operator', 'organisation_owner', 'project_office'))
    order by p.name_ja limit 200`.execute(tx.sql)
  return rows
}

/** The centre sees everybody, but hands its approvals to its own people only. */
async function refuseOutsider(tx: Tx, personId: string): Promise<void> {
  if (tx.actor.role !== 'central_operator') return
  const candidates = await delegationCandidates(tx)
  if (candidates.some((candidate) => candidate.id === personId)) return
  const message = 'Approvals of the centre are handed over to people of the centre who may decide.'
  throw invalid('delegate_outside', message, [{ path: ['toPersonId'], code: 'delegate_outside', message }])
}

export interface DelegationWish {
  readonly id: string
  readonly toPersonId: string
  readonly firstDay: string
  readonly lastDay: string
  readonly reason: string
}

export async function delegate(tx: Tx, wish: DelegationWish, maxDays: number): Promise<Delegation> {
  const person = await sql<{ id: string; name: string }>`select id, name_ja as name from person
    where id = ${wish.toPersonId} and valid @> ${dayInJapan(tx.at)}::date`.execute(tx.sql)
  const to = person.rows[0]
  if (!to) throw notFound('person', wish.toPersonId)
  const made = makeDelegation(tx.actor, { ...wish, to: { ...to, role: 'delegate' } }, maxDays)
  if (!made.ok)
    throw made.error === 'role_cannot_delegate'
      ? denied(made.error, TEXTS[made.error])
      : invalid(made.error, TEXTS[made.error])
  const d = made.value
  await refuseOutsider(tx, d.to.id)
  await tx.sql
    .insertInto('approval_delegation')
    .values({
      id: d.id,
      from_person: json(d.from),
      to_person: json(d.to),
      stage: d.stage,
      organisation_ids: [...d.organisationIds],
      first_day: d.firstDay,
      last_day: d.lastDay,
      reason: d.reason,
      made_at: tx.at,
      revoked_at: null,
    })
    .execute()
  await tx.record({
    kind: 'approval.delegated',
    organisationId: d.organisationIds[0] ?? null,
    subject: d.id,
    data: d,
  })
  await tx.notify('delegations', d.id, d.organisationIds[0] ?? null)
  return d
}

/** Takes a delegation back; approvals already given under it stand. */
export async function revokeDelegation(tx: Tx, id: string): Promise<void> {
  const row = await tx.sql
    .selectFrom('approval_delegation')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('delegation', id)
  if (row.from_person.id !== tx.actor.id)
    throw denied('not_your_delegation', 'Only the person who handed over can take it back.')
  if (row.revoked_at) return
  await tx.sql.updateTable('approval_delegation').set({ revoked_at: tx.at }).where('id', '=', id).execute()
  const organisationId = row.organisation_ids[0] ?? null
  await tx.record({ kind: 'approval.delegation_revoked', organisationId, subject: id, data: {} })
  await tx.notify('delegations', id, organisationId)
}
