import { sql } from 'kysely'
import type { Succession } from '../../domain/organisations/import/apply.ts'
import type { RegisterSnapshot } from '../../domain/organisations/import/plan.ts'
import type { OrganisationKind } from '../../domain/organisations/kinds.ts'
import { latinName } from '../../domain/organisations/romanise.ts'
import { searchKeys } from '../../domain/organisations/search.ts'
import type { OrganisationFacts, Timeline, Version } from '../../domain/organisations/timeline.ts'
import type { Day } from '../../kernel/days.ts'
import type { Tx } from '../transact.ts'
import { rangeOf, spanOf } from './range.ts'

interface FactsRow {
  id: string
  code: string
  kind: OrganisationKind
  name_ja: string
  name_en: string | null
  name_en_derived: boolean
  kana: string | null
  parent_code: string | null
}

export const factsOf = (row: Omit<FactsRow, 'id'>): OrganisationFacts => ({
  code: row.code,
  kind: row.kind,
  nameJa: row.name_ja,
  nameEn: row.name_en_derived ? null : row.name_en,
  kana: row.kana,
  parentCode: row.parent_code,
})

/** The register as it was on that day, with the codes and names of before that lead to who stands for them then. */
export async function registerOn(tx: Tx, day: Day): Promise<RegisterSnapshot> {
  const current = await sql<Omit<FactsRow, 'parent_code'> & { parent_id: string | null }>`
    select organisation_id as id, code, kind, name_ja, name_en, name_en_derived, kana, parent_id
    from organisation_version where valid @> ${day}::date`.execute(tx.sql)
  const codeOf = new Map(current.rows.map((row) => [row.id, row.code]))
  const former = await sql<{
    code: string
    name_ja: string
    now_id: string | null
    now_code: string
    now_name: string
  }>`
    select v.code, v.name_ja, n.organisation_id as now_id, n.code as now_code, n.name_ja as now_name
    from organisation_version v
    left join organisation_succession s on s.predecessor_id = v.organisation_id
    left join organisation_version n on n.valid @> ${day}::date
      and n.organisation_id = coalesce(s.successor_id, v.organisation_id)
    where upper(v.valid) <= ${day}::date`.execute(tx.sql)
  const later = await sql<{ code: string; from: Day }>`
    select code, min(lower(valid))::text as from from organisation_version
    group by code having min(coalesce(lower(valid), '-infinity')) > ${day}::date`.execute(tx.sql)
  return {
    current: current.rows.map((row) => {
      const parent_code = row.parent_id === null ? null : (codeOf.get(row.parent_id) ?? null)
      return { id: row.id, facts: factsOf({ ...row, parent_code }) }
    }),
    former: former.rows.map((row) => ({
      code: row.code,
      nameJa: row.name_ja,
      now: row.now_id === null ? null : { id: row.now_id, code: row.now_code, nameJa: row.now_name },
    })),
    later: later.rows,
  }
}

/** Timelines by organisation. A parent is named by the code that it had last, so that writing them back finds it again. */
export async function timelinesOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Timeline>> {
  const { rows } = await sql<FactsRow & { valid: string }>`
    select v.organisation_id as id, v.valid::text as valid, v.code, v.kind, v.name_ja, v.name_en, v.name_en_derived, v.kana,
      (select p.code from organisation_version p where p.organisation_id = v.parent_id
       order by p.valid desc limit 1) as parent_code
    from organisation_version v where v.organisation_id = any(${ids})
    order by v.organisation_id, v.valid`.execute(tx.sql)
  const timelines = new Map<string, Version[]>()
  for (const row of rows) {
    const versions = timelines.get(row.id) ?? []
    versions.push({ ...spanOf(row.valid), facts: factsOf(row) })
    timelines.set(row.id, versions)
  }
  return timelines
}

/** Last code of every organisation; where a code was used twice, the organisation that has it still counts. */
export async function idsByCode(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; code: string }>`
    select distinct on (code) code, organisation_id as id from organisation_version
    order by code, valid desc`.execute(tx.sql)
  return new Map(rows.map((row) => [row.code, row.id]))
}

export async function createOrganisations(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`insert into organisation (id, created_at) select unnest(${ids}::text[]), ${tx.at}`.execute(tx.sql)
}

/** Replaces the whole timelines of these organisations. */
export async function writeTimelines(
  tx: Tx,
  timelines: ReadonlyMap<string, Timeline>,
  idOfCode: ReadonlyMap<string, string>,
): Promise<void> {
  if (timelines.size === 0) return
  const rows = [...timelines].flatMap(([id, timeline]) =>
    timeline.map((version) => rowOf(id, version, idOfCode)),
  )
  await sql`delete from organisation_version where organisation_id = any(${[...timelines.keys()]})`.execute(
    tx.sql,
  )
  await sql`
    insert into organisation_version
      (organisation_id, valid, code, kind, name_ja, name_en, name_en_derived, kana, parent_id, name_key, kana_key, search)
    select organisation_id, valid::daterange, code, kind, name_ja, name_en, name_en_derived,
      kana, parent_id, name_key, kana_key, search
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (organisation_id text, valid text, code text, kind text,
      name_ja text, name_en text, name_en_derived boolean, kana text, parent_id text, name_key text, kana_key text, search text)`.execute(
    tx.sql,
  )
}

function rowOf(id: string, version: Version, idOfCode: ReadonlyMap<string, string>) {
  const { facts } = version
  const keys = searchKeys(facts)
  return {
    organisation_id: id,
    valid: rangeOf(version),
    code: facts.code,
    kind: facts.kind,
    name_ja: facts.nameJa,
    name_en: facts.nameEn ?? latinName(facts.kana, facts.kind),
    name_en_derived: facts.nameEn === null,
    kana: facts.kana,
    parent_id: facts.parentCode === null ? null : (idOfCode.get(facts.parentCode) ?? null),
    name_key: keys.name,
    kana_key: keys.kana,
    search: keys.all,
  }
}

export async function writeSuccessions(tx: Tx, successions: readonly Succession[]): Promise<void> {
  if (successions.length === 0) return
  await tx.sql
    .insertInto('organisation_succession')
    .values(
      successions.map((s) => ({
        predecessor_id: s.predecessorId,
        successor_id: s.successorId,
        day: s.day,
        source: s.source,
      })),
    )
    .execute()
}

/** How often the register changed. `lock` keeps others from changing it until the transaction ends. */
export async function registerRevision(tx: Tx, lock: boolean): Promise<number> {
  const query = tx.sql.selectFrom('organisation_register').select('revision')
  const row = await (lock ? query.forUpdate() : query).executeTakeFirstOrThrow()
  return Number(row.revision)
}

export async function raiseRevision(tx: Tx): Promise<void> {
  await sql`update organisation_register set revision = revision + 1`.execute(tx.sql)
}
