import { sql } from 'kysely'
import { fold, queryTerms, stem } from '../../domain/organisations/fold.ts'
import type { OrganisationKind } from '../../domain/organisations/kinds.ts'
import type { OrganisationRefView, OrganisationRow } from '../../domain/organisations/view.ts'
import type { Day } from '../../kernel/days.ts'
import type { Tx } from '../transact.ts'

export interface OrganisationSearch {
  readonly text: string
  readonly on: Day
  readonly kind: OrganisationKind | null
  /** `org_…`, `none` for organisations that belong to no other, null for all. */
  readonly parent: string | null
  readonly limit: number
  readonly offset: number
}

interface Row {
  id: string
  code: string
  kind: OrganisationKind
  name_ja: string
  name_en: string | null
  name_en_derived: boolean
  kana: string | null
  parent_id: string | null
  parent_code: string | null
  parent_ja: string | null
  parent_en: string | null
  children: number
  found_as: string | null
  total: number
}

export interface Found {
  readonly items: readonly OrganisationRow[]
  readonly total: number
}

/** Finds as one types. When a name ends in the wrong kind (那珂川村), the name without it is tried. */
export async function searchOrganisations(tx: Tx, query: OrganisationSearch): Promise<Found> {
  const found = await find(tx, query, queryTerms(query.text), fold(query.text))
  const short = stem(query.text)
  if (found.total > 0 || short === fold(query.text) || short === '') return found
  return find(tx, query, [short], short)
}

async function find(
  tx: Tx,
  query: OrganisationSearch,
  terms: readonly string[],
  whole: string,
): Promise<Found> {
  const matches = terms.map((term) => sql`m.search like ${`%${likeText(term)}%`}`)
  const matching = matches.length === 0 ? sql`true` : sql.join(matches, sql` and `)
  const prefix = `${likeText(whole)}%`
  // A former name or code leads to the organisation as it is on that day, after those that are so called now.
  const { rows } = await sql<Row>`
    with hit as (
      select distinct on (m.organisation_id) m.organisation_id,
        case when m.valid @> ${query.on}::date then null else m.name_ja || ' (' || m.code || ')' end as found_as,
        case when m.code = ${whole} then 0 when m.name_key = ${whole} then 1 when m.kana_key = ${whole} then 2
             when m.name_key like ${prefix} then 3 when m.kana_key like ${prefix} then 4
             when m.code like ${prefix} then 5 else 6 end
          + case when m.valid @> ${query.on}::date then 0 else 10 end as rank
      from organisation_version m
      where ${matching} and (${terms.length > 0} or m.valid @> ${query.on}::date)
      order by m.organisation_id, (m.valid @> ${query.on}::date) desc, m.valid desc
    )
    select v.organisation_id as id, v.code, v.kind, v.name_ja, v.name_en, v.name_en_derived, v.kana, v.parent_id,
      p.code as parent_code, p.name_ja as parent_ja, p.name_en as parent_en, hit.found_as,
      (select count(*)::int from organisation_version c where c.parent_id = v.organisation_id and c.valid @> ${query.on}::date) as children,
      count(*) over ()::int as total
    from hit
    join organisation_version v on v.organisation_id = hit.organisation_id and v.valid @> ${query.on}::date
    left join organisation_version p on p.organisation_id = v.parent_id and p.valid @> ${query.on}::date
    where (${query.kind}::text is null or v.kind = ${query.kind})
      and (${query.parent}::text is null or v.parent_id = ${query.parent} or (${query.parent} = 'none' and v.parent_id is null))
    order by hit.rank, v.code collate "C", v.organisation_id
    limit ${query.limit} offset ${query.offset}`.execute(tx.sql)
  return { items: rows.map(toRow), total: rows[0]?.total ?? 0 }
}

const likeText = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`)

const toRow = (row: Row): OrganisationRow => ({
  id: row.id,
  code: row.code,
  kind: row.kind,
  name: nameOf(row.name_ja, row.name_en),
  nameEnDerived: row.name_en_derived,
  kana: row.kana,
  parent: refOf(row.parent_id, row.parent_code, row.parent_ja, row.parent_en),
  children: row.children,
  foundAs: row.found_as,
})

/** Without any English name the Japanese one is shown: it is better than nothing. */
export const nameOf = (ja: string, en: string | null) => ({ ja, en: en ?? ja })

export const refOf = (
  id: string | null,
  code: string | null,
  ja: string | null,
  en: string | null,
): OrganisationRefView | null =>
  id === null || code === null || ja === null ? null : { id, code, name: nameOf(ja, en) }
