import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleVendForm } from '../../src/domain/applications/sample.ts'
import { applicationRoutes } from '../../src/http/applications/routes.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { CENTRE, OWNER, PJMO, person, STRANGER, seedRegister, setup, soon } from './fixtures.ts'

const AUDITOR = person('per_auditor', 'central_auditor')
const BILLING = person('per_billing', 'billing_reader', ['org_chiyoda'])

describe('the API of applications', () => {
  let on: TestDatabase
  let http: TestApp
  beforeAll(async () => {
    on = await testDatabase()
    await seedRegister(on)
    const estimates = { all: async () => new Map() }
    http = testApp(on, applicationRoutes({ setup, estimates }), [
      PJMO,
      OWNER,
      CENTRE,
      STRANGER,
      AUDITOR,
      BILLING,
    ])
  })
  afterAll(() => on.drop())

  let n = 0
  const form = () => sampleVendForm({ start: soon(on), system: `http${++n}` })
  const post = (who: typeof PJMO | null, path: string, body: unknown) => http.call(who, 'POST', path, body)
  const get = (who: typeof PJMO, path: string) => http.call(who, 'GET', path)
  type Seen = {
    status: number
    body: Record<string, never> & {
      id: string
      version: number
      code: string
      issues: { path: string[]; code: string }[]
    }
  }
  const apply = async (who = PJMO) =>
    (await post(who, '/api/applications', { form: form(), submit: true })) as Seen

  it('takes a sound application, and lets the owner approve exactly what was read', async () => {
    const made = await apply()
    expect(made).toMatchObject({ status: 201, body: { state: 'submitted', turn: { stage: 'organisation' } } })
    const path = `/api/applications/${made.body.id}/decision`
    const stale = await post(OWNER, path, { version: 1, decision: 'approve' })
    expect(stale).toMatchObject({ status: 409, body: { code: 'version_changed' } })
    const done = await post(OWNER, path, { version: made.body.version, decision: 'approve', comment: 'よい' })
    expect(done).toMatchObject({ status: 200, body: { state: 'queued' } })
  })

  it('keeps everybody to the own role and the own organisation', async () => {
    const { body } = await apply()
    const decision = { version: body.version, decision: 'approve' }
    expect((await post(null, '/api/applications', { form: form() })).status).toBe(401)
    for (const who of [AUDITOR, BILLING, CENTRE]) expect((await apply(who)).status).toBe(403)
    for (const who of [AUDITOR, BILLING, PJMO])
      expect((await post(who, `/api/applications/${body.id}/decision`, decision)).status).toBe(403)
    expect((await get(STRANGER, `/api/applications/${body.id}`)).status).toBe(404)
    expect((await post(STRANGER, `/api/applications/${body.id}/decision`, decision)).status).toBe(404)
    expect((await get(AUDITOR, `/api/applications/${body.id}`)).status).toBe(200)
    expect(await post(STRANGER, '/api/applications', { form: form() })).toMatchObject({
      status: 403,
      body: { code: 'other_organisation' },
    })
  })

  it('says every field that is wrong, and keeps nothing of what was refused', async () => {
    const before = (await get(PJMO, '/api/applications?view=mine&limit=200')) as {
      body: { items: unknown[] }
    }
    const bad = {
      ...form(),
      environments: [{ environment: 'production', regions: ['us-east-1'] }],
      owner: { userName: 'x' },
      extra: 1,
    }
    const refused = (await post(PJMO, '/api/applications', { form: bad, submit: true })) as Seen
    expect(refused).toMatchObject({ status: 422, body: { code: 'application_invalid' } })
    const places = refused.body.issues.map((i) => `${i.path.join('.')} ${i.code}`)
    expect(places).toEqual(
      expect.arrayContaining([
        'owner.userName bad_format',
        'owner.email required',
        'extra unknown_field',
        'environments.0.regions.0 rule.region_allowed',
      ]),
    )
    for (const hostile of [
      [],
      'x',
      null,
      { kind: 'x' },
      { kind: 'vend', a: '\u0000' },
      { kind: 'vend', a: 'x'.repeat(70_000) },
    ]) {
      const { status } = await post(PJMO, '/api/applications', { form: hostile, submit: true })
      expect([JSON.stringify(hostile).slice(0, 20), status]).toEqual([
        JSON.stringify(hostile).slice(0, 20),
        422,
      ])
    }
    const after = (await get(PJMO, '/api/applications?view=mine&limit=200')) as { body: { items: unknown[] } }
    expect(after.body.items.length).toBe(before.body.items.length)
  })

  it('decides on many, each for itself', async () => {
    const [a, b] = [await apply(), await apply()]
    const items = [
      { id: a.body.id, version: a.body.version },
      { id: b.body.id, version: 1 },
      { id: 'app_missing', version: 1 },
    ]
    const done = await post(OWNER, '/api/applications/decisions', { items, decision: 'approve' })
    expect(done).toMatchObject({
      status: 200,
      body: {
        results: [{ state: 'queued' }, { code: 'version_changed' }, { code: 'application_not_found' }],
      },
    })
  })

  it('pages by cursor and refuses a cursor that it did not give', async () => {
    type List = { status: number; body: { items: { id: string }[]; nextCursor: string | null } }
    const first = (await get(PJMO, '/api/applications?limit=2')) as List
    const second = (await get(PJMO, `/api/applications?limit=2&cursor=${first.body.nextCursor}`)) as List
    expect(first.body.items.length).toBe(2)
    expect(second.body.items.some((i) => first.body.items.some((j) => j.id === i.id))).toBe(false)
    for (const cursor of ['x', Buffer.from('{"since":"1;drop","id":1}').toString('base64url')])
      expect((await get(PJMO, `/api/applications?cursor=${cursor}`)).status).toBe(422)
    expect((await get(PJMO, `/api/applications?text=${encodeURIComponent("%' or 1=1 --")}`)).status).toBe(200)
  })

  it('tells schema, rules and template', async () => {
    expect(await get(PJMO, '/api/applications/schema')).toMatchObject({ status: 200 })
    expect(await get(PJMO, '/api/applications/rules')).toMatchObject({
      status: 200,
      body: { mailDomain: setup.mailDomain },
    })
    const checked = await post(PJMO, '/api/applications/check', { form: { kind: 'vend' } })
    expect(checked).toMatchObject({ status: 200, body: { automatic: false } })
  })
})
