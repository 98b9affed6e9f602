import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListFilter } from '../../src/domain/applications/view.ts'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import {
  countWaiting,
  type ListKey,
  listApplications,
  listQuery,
} from '../../src/storage/applications/list.ts'
import { APPLICATION_WORDS, preferIndexes } from '../../src/storage/search.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { CENTRE, OWNER, PJMO, seedRegister } from './fixtures.ts'

const N = 10_000
const PAGE = { limit: 50, after: null }

describe('lists of 10,000 applications', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
    await seedRegister(on)
    await transact(on, systemActor('seed'), async (tx) => {
      await sql`insert into application (id, kind, state, version, organisation_id, organisation_code, organisation_name_ja, system_code,
          system_name_ja, environments, applicant_id, applicant_name, applicant_role, form, created_at, since, submitted_at, updated_at,
          updated_by_id, updated_by_name, search)
        select 'app_' || lpad(i::text, 26, '0'), 'vend',
          (array['draft', 'submitted', 'accepted', 'queued', 'running', 'ready', 'ready', 'ready', 'ready', 'ready'])[1 + i % 10], 1,
          case when i % 200 = 1 then 'org_chiyoda' else 'org_' || (i % 1700) end, '131016', '千代田区', 'sys' || i, 'システム' || i,
          '{production}', case when i % 100 = 1 then ${PJMO.id} else 'per_' || (i % 3000) end, 'A', 'project_office',
          '{"kind":"vend"}', now(), now() - i * interval '1 minute', now(), now(), 'x', 'x', 'app_' || i || ' sys' || i || ' システム' || i
        from generate_series(1, ${N}) i`.execute(tx.sql)
      await tx.record({ kind: 'test.seeded', organisationId: null, subject: 'many', data: {} })
    })
    await sql`analyze`.execute(on.db)
  })
  afterAll(() => on.drop())

  const cases: readonly [string, Actor, ListFilter][] = [
    ['all for the centre', CENTRE, { view: 'all' }],
    ['what waits for the centre', CENTRE, { view: 'waiting' }],
    ['what waits for an owner', OWNER, { view: 'waiting' }],
    ['open', CENTRE, { view: 'open' }],
    ['mine', PJMO, { view: 'mine' }],
    ['all of a tenant', PJMO, { view: 'all' }],
    ['one state', CENTRE, { view: 'all', state: 'running' }],
    ['one organisation', CENTRE, { view: 'all', organisationId: 'org_7' }],
    ['text', CENTRE, { view: 'all', text: 'sys9999' }],
    ['text in Japanese', CENTRE, { view: 'all', text: 'システム77' }],
    ['text of a tenant', PJMO, { view: 'all', text: 'sys99' }],
    ['two words of a tenant', PJMO, { view: 'all', text: 'ステム sys12' }],
  ]

  const planOf = (actor: Actor, filter: ListFilter) =>
    read(on, actor, async (tx) => {
      await preferIndexes(tx, APPLICATION_WORDS, filter.text)
      const query = listQuery(tx, filter, PAGE).compile()
      const rows = await tx.sql.executeQuery<{ 'QUERY PLAN': string }>({
        ...query,
        sql: `explain ${query.sql}`,
      } as typeof query)
      return rows.rows.map((r) => r['QUERY PLAN']).join('\n')
    })

  it.each(cases)('%s: reads no table as a whole', async (_name, actor, filter) => {
    const plan = await planOf(actor, filter)
    expect(plan).toMatch(/Index|Bitmap/)
    expect(plan).not.toMatch(/Seq Scan/)
    if (!filter.text) expect(plan).not.toMatch(/Sort Key/)
  })

  it('a word that all have: walks the order, and stops after a page', async () => {
    const plan = await planOf(CENTRE, { view: 'all', text: 'システム' })
    expect(plan).toMatch(/application_since/)
    expect(plan).not.toMatch(/Seq Scan|Sort Key/)
  })

  it.each(cases.filter(([, , filter]) => filter.text))(
    '%s: begins at the index of words, and takes applications by their ids',
    async (_name, actor, filter) => {
      const plan = await planOf(actor, filter)
      expect(plan).toMatch(/Index Cond: .*token >= .*token < /)
      expect(plan).toMatch(/application_pkey/)
      expect(plan).not.toMatch(/application_since|application_organisation/)
    },
  )

  it('rests on comparisons that PostgreSQL may ask before row-level security', async () => {
    const { rows } = await sql<{ leakproof: boolean }>`
      select bool_and(proleakproof) as leakproof from pg_proc where proname in ('text_ge', 'text_lt')`.execute(
      on.db,
    )
    expect(rows[0]?.leakproof).toBe(true)
  })

  it('pages give every application once, also when states change between pages', async () => {
    const seen = new Set<string>()
    let after: ListKey | null = null
    let pages = 0
    do {
      const page: Awaited<ReturnType<typeof listApplications>> = await read(on, CENTRE, (tx) =>
        listApplications(tx, { view: 'all', state: 'ready' }, { limit: 200, after }),
      )
      for (const item of page.items) {
        expect(seen.has(item.id)).toBe(false)
        seen.add(item.id)
      }
      after = page.next
      pages++
    } while (after)
    expect([seen.size, pages]).toEqual([N / 2, N / 2 / 200])
  })

  it('counts only what is mine to decide', async () => {
    expect(await read(on, CENTRE, countWaiting)).toBe(N / 10)
    expect(await read(on, OWNER, countWaiting)).toBe(N / 200)
  })
})
