import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, openDatabase, openPool } from '../../src/storage/database.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

describe('statements that a worker runs again and again', () => {
  let on: TestDatabase
  let db: Db
  beforeAll(async () => {
    on = await testDatabase()
    await sql`create table thing (id text primary key)`.execute(on.db)
    await sql`insert into thing values ('a')`.execute(on.db)
    db = openDatabase({ url: on.url, maxConnections: 1, steady: true })
  })
  afterAll(async () => {
    await db.destroy()
    await on.drop()
  })

  const rows = (id: string, of = db) => sql`select * from thing where id = ${id}`.execute(of)
  const prepared = async () => {
    const found = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)
    return found.rows.filter((row) => row.statement.includes('from thing')).length
  }

  it('are prepared once they are seen to come again, and never twice', async () => {
    await rows('a')
    expect(await prepared()).toBe(0)
    const found = await Promise.all(Array.from({ length: 20 }, () => rows('a')))
    expect(found.every((one) => one.rows.length === 1)).toBe(true)
    expect(await prepared()).toBe(1)
  })

  it('are tried again after a migration gave their table another column, and see it', async () => {
    await sql`alter table thing add column note text not null default 'new'`.execute(on.db)
    await expect(rows('a')).rejects.toMatchObject({ code: '40P01' })
    expect((await rows('a')).rows).toEqual([{ id: 'a', note: 'new' }])
  })

  it('are not prepared when each is another', async () => {
    const seen = async () => (await sql`select from pg_prepared_statements`.execute(db)).rows.length
    const before = await seen()
    for (let i = 0; i < 20; i++) await sql.raw(`select ${i}`).execute(db)
    for (let i = 0; i < 20; i++) await sql`select ${sql.lit(i)}::int + ${1}::int`.execute(db)
    expect(await seen()).toBe(before)
  })

  it('may begin a transaction without waiting for it', async () => {
    const pool = openPool({ url: on.url, maxConnections: 1, steady: true })
    const client = await pool.connect()
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      await client.query('insert into thing values ($1)', ['b'])
      await expect(client.query('select 1 / $1::integer', [0])).rejects.toThrow('division by zero')
      await client.query('ROLLBACK')
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      await client.query('insert into thing values ($1)', ['c'])
      await client.query('COMMIT')
    } finally {
      client.release()
      await pool.end()
    }
    const found = await sql<{ id: string }>`select id from thing order by id`.execute(on.db)
    expect(found.rows).toEqual([{ id: 'a' }, { id: 'c' }])
  })
})
