import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import { transactionAfter } from '../../src/storage/begin.ts'
import { type Db, listen, openDatabase } from '../../src/storage/database.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

const owner = (organisationId: string): Actor => ({
  kind: 'person',
  id: 'per_1',
  name: 'Owner',
  role: 'organisation_owner',
  organisationIds: [organisationId],
})

describe.each([
  { steady: false, of: 'pages' },
  { steady: true, of: 'workers' },
])('transact on the connections of $of', ({ steady }) => {
  let made: TestDatabase
  let on: TestDatabase
  beforeAll(async () => {
    made = await testDatabase()
    on = { ...made, db: openDatabase({ url: made.url, steady, onError: () => {} }) }
    await sql`create table thing (id text primary key, organisation_id text not null)`.execute(on.db)
    await sql`call rankan_audited('thing')`.execute(on.db)
    await sql`call rankan_tenant_table('thing')`.execute(on.db)
  })
  afterAll(async () => {
    await on.db.destroy()
    await made.drop()
  })

  const insert = (id: string, organisationId: string) =>
    sql`insert into thing values (${id}, ${organisationId})`

  it('refuses to commit a change of state without a ledger entry', async () => {
    const work = transact(on, systemActor('test'), (tx) => insert('a', 'org_1').execute(tx.sql))
    await expect(work).rejects.toThrow(/without a ledger entry/)
  })

  it('commits a change with its entry, also when the actor may not read that entry', async () => {
    await transact(on, owner('org_1'), async (tx) => {
      await insert('b', 'org_1').execute(tx.sql)
      await tx.record({ kind: 'thing.made', organisationId: null, subject: 'b', data: {} })
    })
    const entries = await read(on, systemActor('test'), (tx) =>
      tx.sql.selectFrom('ledger_entry').selectAll().execute(),
    )
    expect(entries.map((e) => [e.kind, e.subject, e.actor_id])).toEqual([['thing.made', 'b', 'per_1']])
  })

  it('shows a tenant its own rows and nobody else’s', async () => {
    const seen = (actor: Actor) =>
      read(on, actor, async (tx) => (await sql<{ id: string }>`select id from thing`.execute(tx.sql)).rows)
    expect(await seen(owner('org_1'))).toEqual([{ id: 'b' }])
    expect(await seen(owner('org_2'))).toEqual([])
  })

  it('refuses that a tenant writes a row of another', async () => {
    const work = transact(on, owner('org_2'), async (tx) => {
      await tx.record({ kind: 'thing.made', organisationId: 'org_2', subject: 'c', data: {} })
      await insert('c', 'org_1').execute(tx.sql)
    })
    await expect(work).rejects.toThrow(/row-level security/)
  })

  it('never lets the ledger be changed', async () => {
    const change = (statement: string) =>
      transact(on, systemActor('test'), (tx) => sql.raw(statement).execute(tx.sql))
    await expect(change("update ledger_entry set kind = 'x'")).rejects.toThrow(/append-only/)
    await expect(change('delete from ledger_entry')).resolves.toMatchObject({ numAffectedRows: 0n })
  })
  it('keeps no scope for what comes after it on the same connection', async () => {
    const one = openDatabase({ url: on.url, maxConnections: 1, steady })
    const mine = { db: one, clock: on.clock }
    const scope = async (db: Pick<Db, 'getExecutor'>) =>
      (
        await sql<{ scope: string | null }>`
          select nullif(current_setting('rankan.scope', true), '') as scope`.execute(db)
      ).rows[0]?.scope
    try {
      expect(await read(mine, owner('org_1'), (tx) => scope(tx.sql))).toBe('own')
      expect(await transact(mine, systemActor('test'), (tx) => scope(tx.sql))).toBe('all')
      expect(await scope(one)).toBeNull()
      expect(await one.transaction().execute(scope)).toBeNull()
    } finally {
      await one.destroy()
    }
  })

  it('takes ids as text, whatever is in them', async () => {
    for (const id of ["'); drop table thing; --", "\\'", 'é\n$1', ' ']) {
      const seen = await read(on, { ...owner(id), id }, (tx) =>
        sql<{ person: string; organisations: string }>`select current_setting('rankan.person') as person,
          current_setting('rankan.organisations') as organisations`.execute(tx.sql),
      )
      expect(seen.rows).toEqual([{ person: id, organisations: id }])
    }
    await expect(read(on, owner('org\0'), async () => null)).rejects.toThrow(/zero byte/)
  })

  it('leaves no transaction open when the scope could not be set', async () => {
    const one = openDatabase({ url: on.url, maxConnections: 1, steady })
    try {
      const work = transactionAfter(
        one,
        (begin) => begin,
        'select 1 / 0',
        async () => null,
      )
      await expect(work).rejects.toThrow(/division by zero/)
      expect((await sql<{ one: number }>`select 1 as one`.execute(one)).rows).toEqual([{ one: 1 }])
    } finally {
      await one.destroy()
    }
  })
  it('tells of a change exactly when it is committed', async () => {
    const heard: string[] = []
    const listener = await listen(on.url, 'rankan_changes', (payload) => heard.push(payload))
    const change = (id: string, end: () => void) =>
      transact(on, owner('org_1'), async (tx) => {
        await tx.notify('things', id, 'org_1')
        await tx.notify('things', `${id}2`, null)
        end()
      })
    await change("a'", () => {})
    await expect(
      change('b', () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await change('x'.repeat(9000), () => {}).catch((error: Error) =>
      expect(error.message).toMatch(/payload string too long/),
    )
    await change('c', () => {})
    while (heard.length < 4) await on.clock.sleep(5)
    await listener.stop()
    expect(heard.map((payload) => JSON.parse(payload).id)).toEqual(["a'", "a'2", 'c', 'c2'])
  })
})
