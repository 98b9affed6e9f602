import { sql } from 'kysely'
import type {
  ContractChangeForm,
  PersonChangeForm,
  SystemChangeForm,
} from '../../domain/organisations/forms.ts'
import { type Day, dayInJapan } from '../../kernel/days.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { rangeOf, spanOf } from './range.ts'
import { endOpen, refuseForeignSystems } from './tenancy.ts'

/** Changes of what is registered already, each from a day on, and ends. */

const wrong = (field: string, code: string, message: string) =>
  invalid(code, message, [{ path: [field], code, message }])

interface SystemNow {
  readonly organisation_id: string
  readonly code: string
  readonly name_ja: string
  readonly name_en: string
  readonly business_area: string | null
  /** Since when it is called so. */
  readonly since: Day | null
  readonly valid: string
}

async function systemNow(tx: Tx, id: string): Promise<SystemNow> {
  const { rows } = await sql<SystemNow>`
    select s.organisation_id, s.code, s.name_ja, s.name_en, s.business_area, s.valid::text as valid,
      coalesce((select max(upper(f.valid)) from system_former_name f where f.system_id = s.id), lower(s.valid))::text as since
    from information_system s where s.id = ${id} for update of s`.execute(tx.sql)
  if (rows[0] === undefined) throw notFound('system', id)
  return rows[0]
}

/** A new name or business area. What it was called until then stays as history; on the same day it is a correction. */
export async function changeSystem(tx: Tx, id: string, form: SystemChangeForm): Promise<void> {
  const now = await systemNow(tx, id)
  if (form.from > dayInJapan(tx.at))
    throw wrong('from', 'change_in_future', 'A change of name is recorded when it happens, not before.')
  if (now.since !== null && form.from < now.since)
    throw wrong('from', 'change_before_last', `The present name stands since \`${now.since}\`.`)
  if (form.from !== now.since)
    await sql`insert into system_former_name (system_id, organisation_id, name_ja, name_en, business_area, valid)
      values (${id}, ${now.organisation_id}, ${now.name_ja}, ${now.name_en}, ${now.business_area},
        ${rangeOf({ from: now.since, to: form.from })}::daterange)`.execute(tx.sql)
  await sql`update information_system set name_ja = ${form.nameJa}, name_en = ${form.nameEn},
    business_area = ${form.businessArea} where id = ${id}`.execute(tx.sql)
  const before = { nameJa: now.name_ja, nameEn: now.name_en, businessArea: now.business_area }
  await tx.record({
    kind: 'system.changed',
    organisationId: now.organisation_id,
    subject: id,
    data: { before, ...form },
  })
}

/** The system ends with its tenants' shares. While accounts or applications hang on it, it does not. */
export async function endSystem(tx: Tx, id: string, day: Day): Promise<void> {
  const now = await systemNow(tx, id)
  const { from, to } = spanOf(now.valid)
  if (from !== null && day <= from)
    throw wrong('day', 'end_before_start', `The system begins on \`${from}\`.`)
  if (to !== null && day >= to) throw wrong('day', 'ended_already', `The system ends on \`${to}\` already.`)
  await refuseUsedSystem(tx, now)
  await sql`update information_system set valid = daterange(lower(valid), ${day}::date) where id = ${id}`.execute(
    tx.sql,
  )
  await endOpen(tx, sql`system_tenant`, sql`system_id = ${id}`, day)
  await tx.record({
    kind: 'system.ended',
    organisationId: now.organisation_id,
    subject: id,
    data: { day },
  })
}

async function refuseUsedSystem(tx: Tx, now: SystemNow): Promise<void> {
  const { rows } = await sql<{ accounts: number; applications: number }>`select
    (select count(*)::int from account where organisation_id = ${now.organisation_id} and system_code = ${now.code}
      and status in ('vending', 'active', 'suspended')) as accounts,
    (select count(*)::int from application where organisation_id = ${now.organisation_id} and system_code = ${now.code}
      and state in ('submitted', 'accepted', 'queued', 'running', 'needs_repair')) as applications`.execute(
    tx.sql,
  )
  const { accounts = 0, applications = 0 } = rows[0] ?? {}
  if (accounts + applications === 0) return
  throw conflict(
    'system_in_use',
    `The system \`${now.code}\` has ${accounts} account(s) and ${applications} open application(s): close them first.`,
  )
}

interface ContractNow {
  readonly organisation_id: string
  readonly operator_id: string
  readonly valid: string
}

async function contractNow(tx: Tx, id: string): Promise<ContractNow> {
  const { rows } = await sql<ContractNow>`
    select organisation_id, operator_id, valid::text as valid from contract where id = ${id} for update`.execute(
    tx.sql,
  )
  if (rows[0] === undefined) throw notFound('contract', id)
  return rows[0]
}

/** A longer or shorter contract and its systems. Roles under it end with it at the latest; a longer one lengthens none. */
export async function changeContract(tx: Tx, id: string, form: ContractChangeForm): Promise<void> {
  const now = await contractNow(tx, id)
  await setContractEnd(tx, id, now, form.to, 'to')
  await refuseForeignSystems(tx, form.systemIds)
  await tx.sql.deleteFrom('contract_system').where('contract_id', '=', id).execute()
  for (const systemId of form.systemIds)
    await tx.sql
      .insertInto('contract_system')
      .values({
        contract_id: id,
        system_id: systemId,
        organisation_id: now.organisation_id,
        operator_id: now.operator_id,
      })
      .execute()
  await tx.record({
    kind: 'contract.changed',
    organisationId: now.organisation_id,
    subject: id,
    data: { before: { to: spanOf(now.valid).to }, ...form },
  })
}

/** The contract ends earlier than agreed, and with it the roles under it. */
export async function endContract(tx: Tx, id: string, day: Day): Promise<void> {
  const now = await contractNow(tx, id)
  const { to } = spanOf(now.valid)
  if (to !== null && day >= to) throw wrong('day', 'ended_already', `The contract ends on \`${to}\` already.`)
  await setContractEnd(tx, id, now, day, 'day')
  await tx.record({
    kind: 'contract.ended',
    organisationId: now.organisation_id,
    subject: id,
    data: { day, before: { to } },
  })
}

async function setContractEnd(
  tx: Tx,
  id: string,
  now: ContractNow,
  to: Day,
  field: 'to' | 'day',
): Promise<void> {
  const { from } = spanOf(now.valid)
  if (from !== null && to <= from)
    throw wrong(field, 'end_before_start', `The contract begins on \`${from}\`: it must end after that.`)
  await sql`update contract set valid = daterange(lower(valid), ${to}::date) where id = ${id}`.execute(tx.sql)
  await endOpen(tx, sql`role_grant`, sql`contract_id = ${id}`, to)
}

/** Nobody is reached there any more, and nobody takes over yet: the attention list will ask for a new one. */
export async function endContact(tx: Tx, id: string, day: Day): Promise<void> {
  const { rows } = await sql<{ organisation_id: string; purpose: string; email: string; valid: string }>`
    select organisation_id, purpose, email, valid::text as valid from organisation_contact where id = ${id} for update`.execute(
    tx.sql,
  )
  const now = rows[0]
  if (now === undefined) throw notFound('contact', id)
  const { from, to } = spanOf(now.valid)
  if (from !== null && day <= from)
    throw wrong('day', 'end_before_start', `The contact begins on \`${from}\`.`)
  if (to !== null && day >= to) throw wrong('day', 'ended_already', `The contact ends on \`${to}\` already.`)
  await sql`update organisation_contact set valid = daterange(lower(valid), ${day}::date) where id = ${id}`.execute(
    tx.sql,
  )
  await tx.record({
    kind: 'organisation.contact_ended',
    organisationId: now.organisation_id,
    subject: now.organisation_id,
    data: { purpose: now.purpose, email: now.email, day },
  })
}

export async function changePerson(tx: Tx, id: string, form: PersonChangeForm): Promise<void> {
  const row = await tx.sql
    .updateTable('person')
    .set({
      email: form.email,
      name_ja: form.nameJa,
      first_name: form.firstName,
      last_name: form.lastName,
    })
    .where('id', '=', id)
    .returning('organisation_id')
    .executeTakeFirst()
  if (row === undefined) throw notFound('person', id)
  await tx.record({
    kind: 'person.changed',
    organisationId: row.organisation_id,
    subject: id,
    data: { fields: Object.keys(form) },
  })
}

/** The person of that user name at the company of the contract; not found when the company does not employ them. */
export async function personOfContract(tx: Tx, contractId: string, userName: string): Promise<string> {
  const { operator_id } = await contractNow(tx, contractId)
  const { rows } = await sql<{
    id: string | null
  }>`select rankan_person_named(${userName}, ${operator_id}) as id`.execute(tx.sql)
  const id = rows[0]?.id
  if (id == null) throw notFound('person', userName)
  return id
}
