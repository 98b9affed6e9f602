import { sql } from 'kysely'
import type {
  ContactForm,
  ContractForm,
  GrantForm,
  PersonForm,
  SystemForm,
} from '../../domain/organisations/forms.ts'
import { checkShares, type Share } from '../../domain/organisations/shares.ts'
import { CENTRAL_ROLES, isCentral } from '../../domain/people/roles.ts'
import type { Day } from '../../kernel/days.ts'
import { conflict, denied, type Issue, invalid, notFound, RankanError } from '../../kernel/errors.ts'
import type { IdSource } from '../../kernel/ids.ts'
import type { Tx } from '../transact.ts'
import { rangeOf } from './range.ts'

const openFrom = (from: Day): string => rangeOf({ from, to: null })

/** A contact from that day on; the earlier one stays as history. */
export async function putContact(
  tx: Tx,
  ids: IdSource,
  organisationId: string,
  form: ContactForm,
): Promise<string> {
  await endOpen(
    tx,
    sql`organisation_contact`,
    sql`organisation_id = ${organisationId} and purpose = ${form.purpose}`,
    form.from,
  )
  const id = ids('ctc')
  await sql`insert into organisation_contact (id, organisation_id, purpose, email, phone, valid)
    values (${id}, ${organisationId}, ${form.purpose}, ${form.email}, ${form.phone}, ${openFrom(form.from)}::daterange)`.execute(
    tx.sql,
  )
  await tx.record({
    kind: 'organisation.contact_changed',
    organisationId,
    subject: organisationId,
    data: form,
  })
  return id
}

/** Ends what is valid on `day` and removes what would begin later. */
export async function endOpen(
  tx: Tx,
  table: ReturnType<typeof sql>,
  where: ReturnType<typeof sql>,
  day: Day,
): Promise<void> {
  await sql`delete from ${table} where ${where} and lower(valid) >= ${day}::date`.execute(tx.sql)
  await sql`update ${table} set valid = daterange(lower(valid), ${day}::date)
    where ${where} and valid @> ${day}::date`.execute(tx.sql)
}

export async function markContact(
  tx: Tx,
  id: string,
  reachability: 'unverified' | 'reachable' | 'dead',
): Promise<void> {
  const row = await tx.sql
    .updateTable('organisation_contact')
    .set({ reachability, checked_at: tx.at })
    .where('id', '=', id)
    .returning(['organisation_id', 'email'])
    .executeTakeFirst()
  if (row === undefined) throw notFound('contact', id)
  await tx.record({
    kind: 'organisation.contact_checked',
    organisationId: row.organisation_id,
    subject: row.organisation_id,
    data: { email: row.email, reachability },
  })
}

export async function createSystem(
  tx: Tx,
  ids: IdSource,
  organisationId: string,
  form: SystemForm,
  id = ids('sys'),
): Promise<string> {
  await refuseUnknownOrganisations(
    tx,
    form.tenants.map((tenant) => tenant.organisationId),
    (i) => ['tenants', i, 'organisationId'],
  )
  const done =
    await sql`insert into information_system (id, code, organisation_id, name_ja, name_en, business_area, use_mode, separation, valid)
    values (${id}, ${form.code}, ${organisationId}, ${form.nameJa}, ${form.nameEn}, ${form.businessArea}, ${form.useMode},
      ${form.separation}, ${openFrom(form.from)}::daterange) on conflict (code) do nothing`.execute(tx.sql)
  // Not asked for before: row-level security hides the systems of others, whose codes are taken all the same.
  if (Number(done.numAffectedRows ?? 0) === 0)
    throw taken('system_code_taken', 'code', `The system code \`${form.code}\` is taken. Choose another.`)
  await insertTenants(tx, id, organisationId, form.tenants, form.from)
  await tx.record({ kind: 'system.registered', organisationId, subject: id, data: form })
  return id
}

const taken = (code: string, field: string, message: string): RankanError =>
  new RankanError('conflict', code, message, { issues: [{ path: [field], code, message }] })

/** An id that names no organisation is the caller's mistake, told at its place. */
async function refuseUnknownOrganisations(
  tx: Tx,
  ids: readonly string[],
  pathOf: (index: number) => Issue['path'],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from organisation where id = any(${ids})`.execute(
    tx.sql,
  )
  const known = new Set(rows.map((row) => row.id))
  const index = ids.findIndex((id) => !known.has(id))
  if (index < 0) return
  const message = `There is no organisation \`${ids[index]}\`.`
  throw invalid('organisation_unknown', message, [
    { path: pathOf(index), code: 'organisation_unknown', message },
  ])
}

/** New shares of a system in shared use from that day on; together they are the whole. */
export async function setTenants(
  tx: Tx,
  systemId: string,
  from: Day,
  tenants: readonly Share[],
): Promise<void> {
  const system = await tx.sql
    .selectFrom('information_system')
    .select(['organisation_id', 'use_mode'])
    .where('id', '=', systemId)
    .executeTakeFirst()
  if (system === undefined) throw notFound('system', systemId)
  if (system.use_mode !== 'shared')
    throw invalid('not_shared', 'The system is in single use: it has no tenants.')
  const issues = checkShares(tenants)
  if (issues.length > 0) throw invalid('shares_wrong', issues[0]?.message ?? '', issues)
  await refuseUnknownOrganisations(
    tx,
    tenants.map((tenant) => tenant.organisationId),
    (i) => ['tenants', i, 'organisationId'],
  )
  await endOpen(tx, sql`system_tenant`, sql`system_id = ${systemId}`, from)
  await insertTenants(tx, systemId, system.organisation_id, tenants, from)
  await tx.record({
    kind: 'system.shares_changed',
    organisationId: system.organisation_id,
    subject: systemId,
    data: { from, tenants },
  })
}

async function insertTenants(
  tx: Tx,
  systemId: string,
  ownerId: string,
  tenants: readonly Share[],
  from: Day,
): Promise<void> {
  for (const { organisationId, basisPoints } of tenants)
    await sql`insert into system_tenant (system_id, organisation_id, owner_id, basis_points, valid)
      values (${systemId}, ${organisationId}, ${ownerId}, ${basisPoints}, ${openFrom(from)}::daterange)`.execute(
      tx.sql,
    )
}

export async function createContract(
  tx: Tx,
  ids: IdSource,
  organisationId: string,
  form: ContractForm,
  id = ids('con'),
): Promise<string> {
  if (form.operatorId === organisationId)
    throw invalid('own_operator', 'Client and operator of a contract must differ.', [
      {
        path: ['operatorId'],
        code: 'own_operator',
        message: 'Client and operator of a contract must differ.',
      },
    ])
  await refuseUnknownOrganisations(tx, [form.operatorId], () => ['operatorId'])
  await refuseForeignSystems(tx, form.systemIds)
  await sql`insert into contract (id, number, organisation_id, operator_id, role, valid)
    values (${id}, ${form.number}, ${organisationId}, ${form.operatorId}, ${form.role}, ${rangeOf(form)}::daterange)
    on conflict (number) do nothing`.execute(tx.sql)
  const written = await tx.sql.selectFrom('contract').select('id').where('id', '=', id).executeTakeFirst()
  if (written === undefined)
    throw taken('contract_number_taken', 'number', `The contract number \`${form.number}\` is taken.`)
  for (const systemId of form.systemIds)
    await tx.sql
      .insertInto('contract_system')
      .values({
        contract_id: id,
        system_id: systemId,
        organisation_id: organisationId,
        operator_id: form.operatorId,
      })
      .execute()
  await tx.record({ kind: 'contract.registered', organisationId, subject: id, data: form })
  return id
}

/** A contract names systems that its client may see: its own, or those that it shares in. */
export async function refuseForeignSystems(tx: Tx, systemIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`select id from information_system where id = any(${systemIds})`.execute(tx.sql)
  const seen = new Set(rows.map((row) => row.id))
  const unseen = systemIds.find((id) => !seen.has(id))
  if (unseen !== undefined) throw notFound('system', unseen)
}

export async function addPerson(
  tx: Tx,
  ids: IdSource,
  organisationId: string,
  form: PersonForm,
  id = ids('per'),
): Promise<string> {
  const done =
    await sql`insert into person (id, organisation_id, user_name, email, name_ja, first_name, last_name, valid)
    values (${id}, ${organisationId}, ${form.userName}, ${form.email}, ${form.nameJa}, ${form.firstName}, ${form.lastName},
      ${openFrom(form.from)}::daterange) on conflict (user_name) do nothing`.execute(tx.sql)
  if (Number(done.numAffectedRows ?? 0) === 0)
    throw taken('user_name_taken', 'userName', `The user name \`${form.userName}\` is taken.`)
  await tx.record({
    kind: 'person.registered',
    organisationId,
    subject: id,
    data: { organisationId, userName: form.userName, from: form.from },
  })
  return id
}

/** The person's last day is the day before. Grants stay until somebody ends them; the attention list shows them. */
export async function personLeaves(tx: Tx, id: string, day: Day): Promise<void> {
  const { rows } = await sql<{ organisation_id: string }>`
    update person set valid = daterange(lower(valid), ${day}::date)
    where id = ${id} and (lower(valid) is null or lower(valid) < ${day}::date) returning organisation_id`.execute(
    tx.sql,
  )
  const organisationId = rows[0]?.organisation_id
  if (organisationId === undefined) throw notFound('person', id)
  await tx.record({ kind: 'person.left', organisationId, subject: id, data: { day } })
}

/** A role at an organisation. A grant under a contract ends with the contract at the latest. */
export async function grantRole(
  tx: Tx,
  ids: IdSource,
  organisationId: string,
  form: GrantForm,
  id = ids('grt'),
): Promise<string> {
  refuseCentralRole(tx, form)
  const contract = form.contractId === null ? null : await contractOf(tx, form.contractId)
  await refuseStranger(tx, organisationId, form, contract)
  const to = contract === null ? form.to : earlier(contract.end, form.to)
  if (to !== null && to <= form.from)
    throw invalid(
      'grant_too_late',
      `The grant would begin on \`${form.from}\` and end on \`${to}\`: the contract is over by then.`,
    )
  const overlap = await sql<{ id: string }>`select id from role_grant
    where person_id = ${form.personId} and role = ${form.role} and organisation_id = ${organisationId}
      and valid && ${rangeOf({ from: form.from, to })}::daterange`.execute(tx.sql)
  if (overlap.rows.length > 0)
    throw conflict('grant_exists', 'The person holds this role there during these days already.')
  await sql`insert into role_grant (id, person_id, role, organisation_id, contract_id, valid)
    values (${id}, ${form.personId}, ${form.role}, ${organisationId}, ${form.contractId}, ${rangeOf({ from: form.from, to })}::daterange)`.execute(
    tx.sql,
  )
  await tx.record({ kind: 'grant.given', organisationId, subject: id, data: { ...form, to } })
  return id
}

/** Only the centre makes people of the centre: otherwise an owner could lift anybody above all tenants. */
function refuseCentralRole(tx: Tx, form: GrantForm): void {
  if (!(CENTRAL_ROLES as readonly string[]).includes(form.role) || isCentral(tx.actor)) return
  throw denied('central_role', `Only the centre gives the role \`${form.role}\`.`)
}

/** A role goes to the organisation's own people, or to those of the company in a contract with it. */
async function refuseStranger(
  tx: Tx,
  organisationId: string,
  form: GrantForm,
  contract: ContractTerms | null,
): Promise<void> {
  if (form.role === 'operator_company' && contract === null)
    throw invalid('contract_needed', 'An operator company acts under a contract: name it in `contractId`.')
  if (contract !== null && contract.client !== organisationId)
    throw invalid('other_contract', `The contract \`${form.contractId}\` is not one of this organisation.`)
  const { rows } = await sql<{
    employer: string | null
  }>`select rankan_employer_of(${form.personId}) as employer`.execute(tx.sql)
  const employer = rows[0]?.employer ?? null
  if (employer === null || (employer !== organisationId && employer !== contract?.operator)) {
    if (employer !== null && isCentral(tx.actor)) return
    throw notFound('person', form.personId)
  }
}

interface ContractTerms {
  readonly client: string
  readonly operator: string
  readonly end: Day
}

async function contractOf(tx: Tx, id: string): Promise<ContractTerms> {
  const { rows } = await sql<ContractTerms>`
    select organisation_id as client, operator_id as operator, upper(valid)::text as end
    from contract where id = ${id}`.execute(tx.sql)
  const found = rows[0]
  if (found === undefined) throw notFound('contract', id)
  return found
}

const earlier = (end: Day, to: Day | null): Day => (to === null || end < to ? end : to)

export async function endGrant(tx: Tx, id: string, day: Day): Promise<void> {
  const before = await tx.sql
    .selectFrom('role_grant')
    .select('organisation_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (before === undefined) throw notFound('grant', id)
  await sql`delete from role_grant where id = ${id} and lower(valid) >= ${day}::date`.execute(tx.sql)
  await sql`update role_grant set valid = daterange(lower(valid), ${day}::date) where id = ${id} and valid @> ${day}::date`.execute(
    tx.sql,
  )
  await tx.record({ kind: 'grant.ended', organisationId: before.organisation_id, subject: id, data: { day } })
}
