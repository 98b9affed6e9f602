import { sql } from 'kysely'
import type { OrganisationRefView } from '../../domain/organisations/view.ts'
import type { Day } from '../../kernel/days.ts'
import { bug } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { nameOf } from './search.ts'

export type Refs = (id: string) => OrganisationRefView

/** Code and name of these organisations on that day, or the nearest that is known. */
export async function refsOn(tx: Tx, ids: readonly (string | null)[], day: Day): Promise<Refs> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const { rows } = await sql<{ id: string; code: string; name_ja: string; name_en: string | null }>`
    select distinct on (organisation_id) organisation_id as id, code, name_ja, name_en
    from organisation_version where organisation_id = any(${wanted})
    order by organisation_id, (valid @> ${day}::date) desc, valid desc`.execute(tx.sql)
  const byId = new Map(
    rows.map((row) => [row.id, { id: row.id, code: row.code, name: nameOf(row.name_ja, row.name_en) }]),
  )
  return (id) => {
    const found = byId.get(id)
    if (found === undefined) throw bug(`organisation ${id} has no version`)
    return found
  }
}
