import { sql } from 'kysely'
import type { OrganisationPage, SystemView, VersionView } from '../../domain/organisations/view.ts'
import type { Role } from '../../domain/people/roles.ts'
import type { Day } from '../../kernel/days.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { spanOf } from './range.ts'
import { type Refs, refsOn } from './refs.ts'
import type { OrganisationTables } from './schema.ts'
import { nameOf } from './search.ts'

type Version = OrganisationTables['organisation_version']

/** An organisation with its history, and what the reader may see of its contacts, systems, contracts and people on that day. */
export async function organisationPageOf(tx: Tx, id: string, on: Day): Promise<OrganisationPage> {
  const { rows: versions } = await sql<Version>`
    select *, valid::text as valid from organisation_version where organisation_id = ${id} order by organisation_version.valid`.execute(
    tx.sql,
  )
  if (versions.length === 0) throw notFound('organisation', id)
  const refs = await refsOn(
    tx,
    versions.map((v) => v.parent_id),
    on,
  )
  const timeline = versions.map((version) => versionView(version, refs))
  const now = timeline.find((v) => (v.from === null || v.from <= on) && (v.to === null || on < v.to)) ?? null
  const children = await sql<{ n: number }>`
    select count(*)::int as n from organisation_version where parent_id = ${id} and valid @> ${on}::date`.execute(
    tx.sql,
  )
  return {
    id,
    on,
    now,
    nameEnDerived: versions.at(-1)?.name_en_derived ?? false,
    timeline,
    predecessors: await successionsOf(tx, 'successor', id, on),
    successors: await successionsOf(tx, 'predecessor', id, on),
    children: children.rows[0]?.n ?? 0,
    contacts: await contactsOf(tx, id, on),
    systems: await systemsOf(tx, id, on),
    contracts: await contractsOf(tx, id, on),
    people: await peopleOf(tx, id, on),
  }
}

function versionView(row: Version, refs: Refs): VersionView {
  return {
    ...spanOf(row.valid),
    code: row.code,
    kind: row.kind as VersionView['kind'],
    name: nameOf(row.name_ja, row.name_en),
    kana: row.kana,
    parent: row.parent_id === null ? null : refs(row.parent_id),
  }
}

async function successionsOf(tx: Tx, side: 'predecessor' | 'successor', id: string, on: Day) {
  const other = side === 'predecessor' ? ('successor_id' as const) : ('predecessor_id' as const)
  const rows = await tx.sql
    .selectFrom('organisation_succession')
    .select([`${other} as other`, 'day', 'source'])
    .where(side === 'predecessor' ? 'predecessor_id' : 'successor_id', '=', id)
    .orderBy('day')
    .execute()
  const refs = await refsOn(
    tx,
    rows.map((r) => r.other),
    on,
  )
  return rows.map((row) => ({ organisation: refs(row.other), day: row.day, source: row.source }))
}

export async function contactsOf(tx: Tx, id: string, on: Day): Promise<OrganisationPage['contacts']> {
  const { rows } = await sql<OrganisationTables['organisation_contact']>`
    select *, valid::text as valid from organisation_contact c
    where c.organisation_id = ${id} and c.valid @> ${on}::date order by purpose desc`.execute(tx.sql)
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    email: row.email,
    phone: row.phone,
    ...spanOf(row.valid),
    reachability: row.reachability,
    checkedAt: row.checked_at?.toISOString() ?? null,
  }))
}

/** Systems that it owns or shares in. */
export async function systemsOf(tx: Tx, id: string, on: Day): Promise<SystemView[]> {
  const { rows } = await sql<OrganisationTables['information_system']>`
    select s.id, s.code, s.organisation_id, s.use_mode, s.separation, s.valid::text as valid,
      coalesce(f.name_ja, s.name_ja) as name_ja, coalesce(f.name_en, s.name_en) as name_en,
      case when f.system_id is null then s.business_area else f.business_area end as business_area
    from information_system s
    left join system_former_name f on f.system_id = s.id and f.valid @> ${on}::date
    where s.valid @> ${on}::date and (s.organisation_id = ${id} or exists (
      select 1 from system_tenant t where t.system_id = s.id and t.organisation_id = ${id} and t.valid @> ${on}::date))
    order by s.code`.execute(tx.sql)
  const shares = await sql<{ system_id: string; organisation_id: string; basis_points: number }>`
    select system_id, organisation_id, basis_points from system_tenant
    where system_id = any(${rows.map((r) => r.id)}) and valid @> ${on}::date
    order by basis_points desc, organisation_id`.execute(tx.sql)
  const refs = await refsOn(
    tx,
    [...rows, ...shares.rows].map((r) => r.organisation_id),
    on,
  )
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    name: { ja: row.name_ja, en: row.name_en },
    owner: refs(row.organisation_id),
    businessArea: row.business_area,
    useMode: row.use_mode,
    separation: row.separation,
    ...spanOf(row.valid),
    tenants: shares.rows
      .filter((share) => share.system_id === row.id)
      .map((share) => ({ organisation: refs(share.organisation_id), basisPoints: share.basis_points })),
  }))
}

/** Contracts in which it is client or operator. */
async function contractsOf(tx: Tx, id: string, on: Day): Promise<OrganisationPage['contracts']> {
  const { rows } = await sql<OrganisationTables['contract'] & { systems: string[]; ids: string[] }>`
    select c.*, c.valid::text as valid, coalesce(n.systems, '{}') as systems, coalesce(n.ids, '{}') as ids
    from contract c left join lateral (
      select array_agg(s.code order by s.code) as systems, array_agg(s.id order by s.code) as ids from contract_system cs
      join information_system s on s.id = cs.system_id where cs.contract_id = c.id) n on true
    where (c.organisation_id = ${id} or c.operator_id = ${id}) and upper(c.valid) > ${on}::date
    order by c.number`.execute(tx.sql)
  const refs = await refsOn(
    tx,
    rows.flatMap((r) => [r.organisation_id, r.operator_id]),
    on,
  )
  return rows.map((row) => {
    const { from, to } = spanOf(row.valid)
    return {
      id: row.id,
      number: row.number,
      role: row.role,
      client: refs(row.organisation_id),
      operator: refs(row.operator_id),
      from,
      to: to ?? on,
      systems: row.systems,
      systemIds: row.ids,
    }
  })
}

interface PersonRow {
  id: string
  organisation_id: string
  name_ja: string
  first_name: string
  last_name: string
  email: string
  valid: string
  grants: { id: string; role: Role; valid: string; number: string | null }[]
}

/** People it employs, and people of others who hold a role there. */
async function peopleOf(tx: Tx, id: string, on: Day): Promise<OrganisationPage['people']> {
  const { rows } = await sql<PersonRow>`
    select p.id, p.organisation_id, p.name_ja, p.first_name, p.last_name, p.email, p.valid::text as valid,
      coalesce(g.grants, '[]') as grants
    from person p
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'valid', g.valid::text, 'number', c.number) order by g.role) as grants
      from role_grant g left join contract c on c.id = g.contract_id
      where g.person_id = p.id and g.organisation_id = ${id} and g.valid @> ${on}::date) g on true
    where (p.organisation_id = ${id} and p.valid @> ${on}::date) or g.grants is not null
    order by p.name_ja limit 500`.execute(tx.sql)
  const refs = await refsOn(
    tx,
    rows.map((r) => r.organisation_id),
    on,
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name_ja,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    employer: refs(row.organisation_id),
    ...spanOf(row.valid),
    grants: row.grants.map((g) => ({ id: g.id, role: g.role, ...spanOf(g.valid), contractNumber: g.number })),
  }))
}
