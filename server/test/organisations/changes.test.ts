import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organisationPage } from '../../src/domain/organisations/view.ts'
import type { Actor } from '../../src/domain/people/roles.ts'
import { organisationRoutes } from '../../src/http/organisations/routes.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { demoActors } from '../../src/storage/organisations/personas.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { ids } from './support.ts'

const today = dayInJapan(new Date())
const yesterday = addDays(today, -1)

describe('what belongs to an organisation is changed and ended', () => {
  let db: TestDatabase
  let api: TestApp
  let actors: readonly Actor[]
  let sabae = ''
  beforeAll(async () => {
    db = await testDatabase()
    await seedDemo(db, ids)
    actors = await demoActors(db)
    api = testApp(db, organisationRoutes, actors)
    sabae = owner()?.organisationIds[0] ?? ''
  })
  afterAll(() => db.drop())

  const who = (id: string) => actors.find((a) => a.id === id) ?? null
  const owner = () => who('per_demo_owner')
  const send = (method: string, path: string, body?: unknown, as = owner()) =>
    api.call(as, method, path, body)
  const pageOf = async (on?: string) =>
    organisationPage.parse(
      (await send('GET', `/api/organisations/${sabae}${on === undefined ? '' : `?on=${on}`}`)).body,
    )
  const code = (answer: { body: unknown }) => (answer.body as { code?: string }).code
  const paths = (answer: { body: unknown }) =>
    (answer.body as { issues: { path: unknown[] }[] }).issues.map((issue) => issue.path)

  it('a system is renamed from a day on, and is called as it was on the days before', async () => {
    const juki = (await pageOf()).systems.find((s) => s.code === 'juki')
    const path = `/api/systems/${juki?.id}`
    const form = {
      nameJa: '新住民記録システム',
      nameEn: 'New records',
      businessArea: 'resident_record',
      from: today,
    }
    expect((await send('PUT', path, form)).status).toBe(204)
    const nameOn = async (on: string) => (await pageOf(on)).systems.find((s) => s.code === 'juki')?.name.ja
    expect([await nameOn(yesterday), await nameOn(today)]).toEqual(['住民記録システム', '新住民記録システム'])
    expect((await send('PUT', path, { ...form, nameJa: '新・住民記録' })).status).toBe(204)
    expect([await nameOn(yesterday), await nameOn(today)]).toEqual(['住民記録システム', '新・住民記録'])
    const early = await send('PUT', path, { ...form, from: yesterday })
    expect([early.status, code(early), paths(early)]).toEqual([422, 'change_before_last', [['from']]])
    const late = await send('PUT', path, { ...form, from: addDays(today, 1) })
    expect([late.status, code(late)]).toEqual([422, 'change_in_future'])
  })

  it('a system ends with its shares, and stays in the history', async () => {
    const form = {
      code: 'short-lived',
      nameJa: '短命システム',
      nameEn: 'Short-lived',
      businessArea: null,
      useMode: 'shared',
      separation: 'network',
      from: addDays(today, -10),
      tenants: [
        { organisationId: sabae, basisPoints: 5000 },
        { organisationId: who('per_demo_owner_echizen')?.organisationIds[0] ?? '', basisPoints: 5000 },
      ],
    }
    const made = await send('POST', `/api/organisations/${sabae}/systems`, form)
    expect([made.status, made.body]).toEqual([201, { id: expect.stringMatching(/^sys_/) }])
    const id = (made.body as { id: string }).id
    expect((await send('POST', `/api/systems/${id}/end`, { day: today })).status).toBe(204)
    const has = async (on: string) => (await pageOf(on)).systems.find((s) => s.id === id)?.tenants.length
    expect([await has(yesterday), await has(today)]).toEqual([2, undefined])
    const again = await send('POST', `/api/systems/${id}/end`, { day: today })
    expect([again.status, code(again), paths(again)]).toEqual([422, 'ended_already', [['day']]])
    // The code of a system is taken for ever, also for another organisation that cannot see it.
    const other = who('per_demo_owner_echizen')
    const taken = await send(
      'POST',
      `/api/organisations/${other?.organisationIds[0]}/systems`,
      { ...form, useMode: 'single', separation: null, tenants: [] },
      other,
    )
    expect([taken.status, code(taken), paths(taken)]).toEqual([409, 'system_code_taken', [['code']]])
  })

  it('a tenant that does not exist is refused at its place', async () => {
    const answer = await send('POST', `/api/organisations/${sabae}/systems`, {
      code: 'nobodys',
      nameJa: 'x',
      nameEn: 'x',
      businessArea: null,
      useMode: 'shared',
      separation: 'network',
      from: today,
      tenants: [
        { organisationId: sabae, basisPoints: 5000 },
        { organisationId: 'org_nobody', basisPoints: 5000 },
      ],
    })
    expect([answer.status, paths(answer)]).toEqual([422, [['tenants', 1, 'organisationId']]])
  })

  it('a contract is lengthened, and ended with the roles under it', async () => {
    const contract = (await pageOf()).contracts.find((c) => c.number === 'R6-UNYO-001')
    const path = `/api/contracts/${contract?.id}`
    const change = { to: '2030-04-01', systemIds: contract?.systemIds.slice(0, 1) ?? [] }
    expect((await send('PUT', path, change)).status).toBe(204)
    const after = (await pageOf()).contracts.find((c) => c.id === contract?.id)
    expect([after?.to, after?.systems.length]).toEqual(['2030-04-01', 1])
    const rolesUnder = async (on: string) =>
      (await pageOf(on)).people.flatMap((p) => p.grants).filter((g) => g.contractNumber === 'R6-UNYO-001')
        .length
    expect(await rolesUnder(today)).toBeGreaterThan(0)
    expect((await send('POST', `${path}/end`, { day: today })).status).toBe(204)
    expect(await rolesUnder(today)).toBe(0)
    expect(await rolesUnder(yesterday)).toBeGreaterThan(0)
    const wrong = await send('PUT', path, { ...change, to: '2020-01-01' })
    expect([wrong.status, paths(wrong)]).toEqual([422, [['to']]])
  })

  it('a person of the company is found by user name, and only through its contract', async () => {
    const lookUp = (userName: string) =>
      send('GET', `/api/contracts/con_demo_operations/people/${encodeURIComponent(userName)}`)
    expect((await lookUp('wataru.minato')).body).toEqual({ id: 'per_demo_company' })
    // A person of somebody else is not told, though the name is right.
    const found = await lookUp('mamoru.echizen')
    expect([found.status, code(found)]).toEqual([404, 'person_not_found'])
    const foreign = await send('GET', `/api/contracts/con_demo_old/people/x`)
    expect([foreign.status, code(foreign)]).toEqual([404, 'contract_not_found'])
  })

  it('a contact ends without a new one, and the owner is asked for one', async () => {
    const contact = (await pageOf()).contacts.find((c) => c.purpose === 'billing')
    expect((await send('POST', `/api/contacts/${contact?.id}/end`, { day: today })).status).toBe(204)
    const { items } = (await send('GET', '/api/organisations/attention')).body as {
      items: { kind: string; subject: string }[]
    }
    expect(items).toContainEqual(expect.objectContaining({ kind: 'missing_contact', subject: 'billing' }))
  })

  it('another owner does none of it', async () => {
    const { systems, contacts, people } = await pageOf()
    const stranger = who('per_demo_owner_echizen')
    expect(stranger?.organisationIds).not.toContain(sabae)
    for (const [method, path, body] of [
      [
        'PUT',
        `/api/systems/${systems[0]?.id}`,
        { nameJa: 'x', nameEn: 'x', businessArea: null, from: today },
      ],
      ['POST', `/api/systems/${systems[0]?.id}/end`, { day: today }],
      ['PUT', `/api/contracts/con_demo_operations`, { to: '2031-04-01', systemIds: [] }],
      ['POST', `/api/contracts/con_demo_operations/end`, { day: today }],
      ['POST', `/api/contacts/${contacts[0]?.id}/end`, { day: today }],
      [
        'PUT',
        `/api/people/${people[0]?.id}`,
        { email: 'a@example.jp', nameJa: 'x', firstName: 'X', lastName: 'X' },
      ],
    ] as const)
      expect([path, (await send(method, path, body, stranger)).status]).toEqual([path, 404])
  })
})
