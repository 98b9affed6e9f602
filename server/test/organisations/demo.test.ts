import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/domain/people/roles.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { organisationPageOf } from '../../src/storage/organisations/page.ts'
import { demoActors, type Persona } from '../../src/storage/organisations/personas.ts'
import { searchOrganisations } from '../../src/storage/organisations/search.ts'
import { setTenants } from '../../src/storage/organisations/tenancy.ts'
import { read, type Tx, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { centre, ids } from './support.ts'

const TODAY = '2026-11-21'

describe('the demo register', () => {
  let db: TestDatabase
  let actors: readonly Persona[]
  beforeAll(async () => {
    db = await testDatabase()
    await seedDemo(db, ids)
    actors = await demoActors(db)
  })
  afterAll(() => db.drop())

  const persona = (id: string): Actor => {
    const found = actors.find((a) => a.id === id)
    if (found === undefined) throw new Error(`no persona ${id}`)
    return found
  }
  const find = (tx: Tx, text: string, on = TODAY) =>
    searchOrganisations(tx, { text, on, kind: null, parent: null, limit: 20, offset: 0 })
  const idOf = async (text: string) => {
    const { items } = await read(db, centre, (tx) => find(tx, text))
    return items[0]?.id ?? ''
  }

  it('is written once', async () => {
    expect(await seedDemo(db, ids)).toBe(false)
  })

  it('has a persona of every role', () => {
    expect([...new Set(actors.map((a) => a.role))].sort()).toEqual([
      'asp',
      'billing_reader',
      'central_auditor',
      'central_operator',
      'operator_company',
      'organisation_owner',
      'project_office',
    ])
    expect(actors.map((a) => a.id)).not.toContain('per_demo_left')
  })

  it('tells for each persona who employs them', () => {
    const names = new Map(actors.map((a) => [a.id, a.organisationName?.ja]))
    expect(names.get('per_demo_operator')).toBe('中央管理組織')
    expect(names.get('per_demo_pjmo')).toBe('鯖江市')
    expect([...names.values()]).not.toContain(undefined)
  })

  it.each([
    ['鯖江', '鯖江市'],
    ['さばえ', '鯖江市'],
    ['サバエ', '鯖江市'],
    ['ｻﾊﾞｴ', '鯖江市'],
    ['sabae', '鯖江市'],
    ['182079', '鯖江市'],
    ['１８２０７９', '鯖江市'],
    ['福井県 越前市', '越前市'],
    ['那珂川町', '那珂川市'],
    ['浜松 浜名', '浜松市浜名区'],
    ['鯖江町', '鯖江市'],
  ])('finds %s', async (text, name) => {
    const { items } = await read(db, centre, (tx) => find(tx, text))
    expect(items[0]?.name.ja).toBe(name)
  })

  it('a search for LIKE characters finds nothing rather than all', async () => {
    expect((await read(db, centre, (tx) => find(tx, '%'))).total).toBe(0)
  })

  it('shows a past day', async () => {
    const { items } = await read(db, centre, (tx) => find(tx, '篠山', '2019-04-30'))
    expect(items[0]?.name.ja).toBe('篠山市')
  })

  it('a tenant sees the names of another organisation and nothing of its people, contacts and contracts', async () => {
    const sabae = await idOf('鯖江市')
    const page = await read(db, persona('per_demo_owner_echizen'), (tx) =>
      organisationPageOf(tx, sabae, TODAY),
    )
    expect(page.now?.name.ja).toBe('鯖江市')
    expect([page.people, page.contacts, page.contracts, page.systems]).toEqual([[], [], [], []])
  })

  it('an owner sees the own people, and the operator those of its client', async () => {
    const sabae = await idOf('鯖江市')
    for (const id of ['per_demo_owner', 'per_demo_company']) {
      const page = await read(db, persona(id), (tx) => organisationPageOf(tx, sabae, TODAY))
      expect(page.people.map((p) => p.id)).toContain('per_demo_pjmo')
      expect(page.people.map((p) => p.id)).toContain('per_demo_company')
      expect(page.contracts.map((c) => c.number)).toEqual(['R6-UNYO-001'])
      expect(page.contacts).toHaveLength(3)
    }
  })

  it('every tenant of a shared system is shown to its owner, and sums to the whole', async () => {
    const asp = await idOf('かけはし共同システム')
    const page = await read(db, persona('per_demo_asp'), (tx) => organisationPageOf(tx, asp, TODAY))
    expect(page.systems[0]?.tenants.reduce((sum, t) => sum + t.basisPoints, 0)).toBe(10_000)
  })

  it('shares that are not the whole are refused by the rule and by the database', async () => {
    const asp = await idOf('かけはし共同システム')
    const page = await read(db, centre, (tx) => organisationPageOf(tx, asp, TODAY))
    const system = page.systems[0]
    const tenants =
      system?.tenants.map((t) => ({ organisationId: t.organisation.id, basisPoints: 3333 })) ?? []
    await expect(
      transact(db, centre, (tx) => setTenants(tx, system?.id ?? '', '2027-04-01', tenants)),
    ).rejects.toMatchObject({ kind: 'invalid' })
    await expect(
      transact(db, centre, async (tx) => {
        await tx.sql
          .updateTable('system_tenant')
          .set({ basis_points: 3333 })
          .where('system_id', '=', system?.id ?? '')
          .execute()
        await tx.record({ kind: 'test', organisationId: null, subject: 'x', data: {} })
      }),
    ).rejects.toThrow(/basis points/)
  })

  it('no change of the register is committed without a ledger entry', async () => {
    await expect(
      transact(db, centre, (tx) => tx.sql.updateTable('person').set({ email: 'x@example.jp' }).execute()),
    ).rejects.toThrow(/ledger entry/)
  })
})
