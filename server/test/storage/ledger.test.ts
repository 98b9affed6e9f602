import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/domain/people/roles.ts'
import { leafHash } from '../../src/ledger/hash.ts'
import { verifyInclusion } from '../../src/ledger/verify.ts'
import { entriesStatement } from '../../src/storage/ledger/append.ts'
import { integrate } from '../../src/storage/ledger/integrate.ts'
import { listEntries, proveEntry } from '../../src/storage/ledger/query.ts'
import { verifyLedger } from '../../src/storage/ledger/verify.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

const system = systemActor('test')

describe('the stored ledger', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
  })
  afterAll(() => on.drop())

  const record = (n: number) =>
    transact(on, system, (tx) =>
      tx.record({ kind: 'test.entry', organisationId: null, subject: `s${n}`, data: { n, 日本: '語' } }),
    )

  it('integrates concurrent entries without gaps and proves each', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, i) => record(i)))
    expect(await integrate(on)).toBe(25)
    await record(25)
    await integrate(on)
    const report = await read(on, system, verifyLedger)
    expect(report).toMatchObject({ size: 26, pending: 0, faults: [] })
    const entries = await read(on, system, (tx) => listEntries(tx, { before: null, limit: 100 }))
    for (const { id } of entries) {
      const found = await read(on, system, (tx) => proveEntry(tx, id))
      const from = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
      const leaf = leafHash(new TextEncoder().encode(found?.entry.body))
      expect(
        verifyInclusion(
          leaf,
          found?.entry.leafIndex ?? -1,
          found?.size ?? 0,
          found?.proof.map(from) ?? [],
          from(found?.root ?? ''),
        ),
      ).toBe(true)
    }
  })

  it('does not integrate past a transaction that is still open', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    let recorded = () => {}
    const written = new Promise<void>((resolve) => (recorded = resolve))
    const slow = transact(on, system, async (tx) => {
      // As `tx.record` does, but long before the commit: the entry has its number, and others commit theirs first.
      const entry = { kind: 'test.slow', organisationId: null, subject: 'slow', data: {} }
      await sql.raw(entriesStatement(system, tx.at, [entry])).execute(tx.sql)
      recorded()
      await gate
    })
    await written
    await record(26)
    expect(await integrate(on)).toBe(0)
    release()
    await slow
    expect(await integrate(on)).toBe(2)
  })

  it('finds an entry whose text was changed behind its back', async () => {
    await sql`alter table ledger_entry disable trigger ledger_entry_append_only`.execute(on.db)
    await transact(on, system, (tx) =>
      sql`update ledger_entry set body = replace(body, '"n":3', '"n":4') where subject = 's3'`.execute(
        tx.sql,
      ),
    )
    const report = await read(on, system, verifyLedger)
    expect(report.faults[0]).toMatch(/was changed/)
  })
})
