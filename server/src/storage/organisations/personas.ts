import { sql } from 'kysely'
import { type Actor, type Role, systemActor } from '../../domain/people/roles.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { type Changes, read, type Tx } from '../transact.ts'

/** A person who may sign in, with the name of the organisation that employs them. */
export type Persona = Actor & {
  readonly organisationName: { readonly ja: string; readonly en: string } | null
}

interface Row {
  id: string
  name: string
  role: Role
  employer: string
  organisations: string[]
  employer_ja: string | null
  employer_en: string | null
}

/**
 * People as they may act today: one actor for each person and role. A grant counts while it, its contract and the
 * person's employment last. A person of an operator company or an ASP acts for the own company too.
 */
export async function actorsToday(tx: Tx, idPrefix: string): Promise<readonly Persona[]> {
  const today = dayInJapan(tx.at)
  const { rows } = await sql<Row>`
    select p.id, p.name_ja as name, g.role, p.organisation_id as employer, array_agg(g.organisation_id order by g.organisation_id) as organisations,
           v.name_ja as employer_ja, v.name_en as employer_en
    from person p
    join role_grant g on g.person_id = p.id and g.valid @> ${today}::date
    left join contract c on c.id = g.contract_id
    left join organisation_version v on v.organisation_id = p.organisation_id and v.valid @> ${today}::date
    where p.valid @> ${today}::date and (c.id is null or c.valid @> ${today}::date) and starts_with(p.id, ${idPrefix})
    group by p.id, p.name_ja, g.role, p.organisation_id, v.name_ja, v.name_en
    order by p.id, g.role`.execute(tx.sql)
  return rows.map((row) => ({
    kind: 'person',
    id: row.id,
    name: row.name,
    role: row.role,
    organisationIds: scopeOf(row),
    organisationName:
      row.employer_ja === null ? null : { ja: row.employer_ja, en: row.employer_en ?? row.employer_ja },
  }))
}

function scopeOf(row: Row): readonly string[] {
  if (row.role === 'central_operator' || row.role === 'central_auditor') return []
  const own = row.role === 'operator_company' || row.role === 'asp' ? [row.employer] : []
  return [...new Set([...row.organisations, ...own])]
}

/** The people of the demo register, for the sign-in page of a sandbox. */
export const demoActors = (on: Changes): Promise<readonly Persona[]> =>
  read(on, systemActor('session'), (tx) => actorsToday(tx, 'per_demo_'))
