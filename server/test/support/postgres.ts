import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { type Db, openDatabase } from '../../src/storage/database.ts'
import type { Changes } from '../../src/storage/transact.ts'

export interface TestDatabase extends Changes {
  readonly url: string
  readonly db: Db
  drop(): Promise<void>
}

/** A migrated, empty database of its own, as the unprivileged role `rankan`. Call `drop()` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name} template rankan owner rankan`)
  const url = inject('ownerUrl').replace(/\/rankan$/, `/${name}`)
  const db = openDatabase({ url, onError: () => {} })
  return {
    url,
    db,
    clock: systemClock,
    async drop() {
      await db.destroy()
      await asAdmin(`drop database if exists ${name} with (force)`)
    },
  }
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminUrl') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
