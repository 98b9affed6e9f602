import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  attentionItem,
  filePreview,
  importView,
  organisationPage,
  organisationRow,
  profileView,
} from '../../src/domain/organisations/view.ts'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import { organisationRoutes } from '../../src/http/organisations/routes.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { demoActors } from '../../src/storage/organisations/personas.ts'
import { transact } from '../../src/storage/transact.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { csv, ids } from './support.ts'

interface List<T> {
  readonly items: T[]
  readonly total?: number
  readonly nextCursor?: string | null
}
type Row = ReturnType<typeof organisationRow.parse>

describe('the API of the register', () => {
  let db: TestDatabase
  let api: TestApp
  let actors: readonly Actor[]
  beforeAll(async () => {
    db = await testDatabase()
    await seedDemo(db, ids)
    actors = await demoActors(db)
    api = testApp(db, organisationRoutes, actors)
  })
  afterAll(() => db.drop())

  const who = (id: string) => actors.find((a) => a.id === id) ?? null
  const get = (id: string, path: string) => api.call(who(id), 'GET', path)
  const upload = (id: string, query: string, bytes: Uint8Array) =>
    api.call(who(id), 'POST', `/api/organisation-imports${query}`, new TextDecoder().decode(bytes), {
      'content-type': 'text/csv',
    })
  const search = async (id: string, text: string) =>
    ((await get(id, `/api/organisations?text=${encodeURIComponent(text)}`)).body as List<Row>).items

  it('lists by pages without losing or doubling anybody', async () => {
    const seen: string[] = []
    let cursor: string | null | undefined
    do {
      const query = cursor ? `&cursor=${cursor}` : ''
      const page = (await get('per_demo_billing', `/api/organisations?limit=20${query}`)).body as List<Row>
      seen.push(...page.items.map((o) => o.id))
      expect(page.total).toBe(seen.length > page.items.length ? page.total : 54)
      cursor = page.nextCursor
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(54)
  })

  it('shows the tree: prefectures, their municipalities, their wards', async () => {
    const roots = (await get('per_demo_owner', '/api/organisations?parent=none')).body as List<Row>
    const shizuoka = roots.items.find((o) => o.code === '220001')
    const below = (await get('per_demo_owner', `/api/organisations?parent=${shizuoka?.id}`)).body as List<Row>
    const hamamatsu = below.items.find((o) => o.name.ja === '浜松市')
    expect(hamamatsu?.children).toBe(3)
    expect(organisationRow.parse(hamamatsu).parent?.name.ja).toBe('静岡県')
  })

  it('answers a page that the portal can read, with its history', async () => {
    const [nakagawa] = await search('per_demo_owner', '那珂川')
    const page = organisationPage.parse(
      (await get('per_demo_owner', `/api/organisations/${nakagawa?.id}`)).body,
    )
    expect(page.timeline.map((v) => [v.name.ja, v.code, v.to])).toEqual([
      ['那珂川町', '403059', '2018-10-01'],
      ['那珂川市', '402311', null],
    ])
  })

  it('an organisation that is not there is not found', async () => {
    expect((await get('per_demo_owner', '/api/organisations/org_nobody')).status).toBe(404)
  })

  it('a list is planned and applied; again it is an empty plan; only the centre may', async () => {
    const list = csv('18,福井県,18207,鯖江市,さばえし', '18,福井県,18999,新越市,しんえつし')
    expect((await upload('per_demo_owner', '?asOf=2026-05-01', list)).status).toBe(403)
    expect((await upload('per_demo_auditor', '?asOf=2026-05-01', list)).status).toBe(403)
    const made = await upload('per_demo_operator', '?asOf=2026-05-01&profile=localgovjp', list)
    expect([made.status, api.logged]).toEqual([201, []])
    const plan = importView.parse(made.body)
    // The list leaves out 44 of the municipalities and wards: each waits for a person.
    expect(plan.unconfirmed).toBe(44)
    const refused = await api.call(
      who('per_demo_operator'),
      'POST',
      `/api/organisation-imports/${plan.id}/apply`,
    )
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([422, 'plan_not_confirmed'])
    const decisions = Object.fromEntries(
      plan.items.filter((i) => i.state === 'needs_confirmation').map((i) => [i.key, { verdict: 'skip' }]),
    )
    const decided = await api.call(
      who('per_demo_operator'),
      'PUT',
      `/api/organisation-imports/${plan.id}/decisions`,
      { decisions },
    )
    expect(importView.parse(decided.body)).toMatchObject({ unconfirmed: 0, counts: { new: 1, gone: 0 } })
    const applied = await api.call(
      who('per_demo_operator'),
      'POST',
      `/api/organisation-imports/${plan.id}/apply`,
    )
    expect(importView.parse(applied.body).state).toBe('applied')
    const [found] = await search('per_demo_owner', 'しんえつ')
    expect(found).toMatchObject({ code: '189995', name: { ja: '新越市', en: 'Shinetsu-shi' } })
    const again = await api.call(
      who('per_demo_operator'),
      'POST',
      `/api/organisation-imports/${plan.id}/apply`,
    )
    expect([again.status, importView.parse(again.body).state]).toEqual([200, 'applied'])
  })

  it('refuses a plan when the register moved since', async () => {
    const first = importView.parse(
      (
        await upload(
          'per_demo_operator',
          '?asOf=2026-06-01',
          csv('18,福井県,18207,鯖江市,さばえし', '18,福井県,18998,甲市,こうし'),
        )
      ).body,
    )
    const second = importView.parse(
      (
        await upload(
          'per_demo_operator',
          '?asOf=2026-06-01',
          csv('18,福井県,18207,鯖江市,さばえし', '18,福井県,18997,乙市,おつし'),
        )
      ).body,
    )
    const settle = async (plan: typeof first) => {
      const decisions = Object.fromEntries(
        plan.items.filter((i) => i.change === 'gone').map((i) => [i.key, { verdict: 'skip' }]),
      )
      await api.call(who('per_demo_operator'), 'PUT', `/api/organisation-imports/${plan.id}/decisions`, {
        decisions,
      })
    }
    await settle(first)
    await settle(second)
    expect(
      (await api.call(who('per_demo_operator'), 'POST', `/api/organisation-imports/${first.id}/apply`))
        .status,
    ).toBe(200)
    const refused = await api.call(
      who('per_demo_operator'),
      'POST',
      `/api/organisation-imports/${second.id}/apply`,
    )
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([409, 'register_moved'])
    expect(await search('per_demo_owner', '乙市')).toEqual([])
  })

  it('says line and column of what is wrong, and changes nothing', async () => {
    const wrong = csv('18,福井県,18207,鯖江市,さばえし', '18,福井県,182,=cmd(),さばえし')
    const answer = await upload('per_demo_operator', '?asOf=2026-07-01', wrong)
    expect(answer.status).toBe(422)
    const { issues } = answer.body as { issues: { path: unknown[]; code: string }[] }
    expect(issues.map((i) => [...i.path, i.code])).toEqual([
      [3, 'cid', 'code_length'],
      [3, 'city', 'formula'],
    ])
  })

  it('previews a file and proposes its profile', async () => {
    const preview = await upload('per_demo_operator', '/preview', csv('18,福井県,18207,鯖江市,さばえし'))
    expect(filePreview.parse(preview.body)).toMatchObject({
      encoding: 'UTF-8',
      rows: 1,
      profile: 'localgovjp',
    })
  })

  it('keeps profiles, and the built-in ones stay', async () => {
    const profiles = (await get('per_demo_operator', '/api/import-profiles')).body as List<unknown>
    const own = { ...profileView.parse(profiles.items[0]).profile, name: 'mine' }
    expect((await api.call(who('per_demo_operator'), 'PUT', '/api/import-profiles', own)).status).toBe(204)
    expect(
      (
        await api.call(who('per_demo_operator'), 'PUT', '/api/import-profiles', {
          ...own,
          name: 'localgovjp',
        })
      ).status,
    ).toBe(409)
    expect((await api.call(who('per_demo_operator'), 'DELETE', '/api/import-profiles/mine')).status).toBe(204)
    expect((await api.call(who('per_demo_operator'), 'DELETE', '/api/import-profiles/mine')).status).toBe(404)
  })

  it('finds dead contacts and people who left and still hold a role', async () => {
    const { items } = (await get('per_demo_operator', '/api/organisations/attention')).body as List<unknown>
    const kinds = items
      .map((item) => attentionItem.parse(item))
      .map((i) => [i.kind, i.organisation?.name.ja, i.severity])
    expect(kinds).toContainEqual(['dead_contact', '米子市', 'high'])
    expect(kinds).toContainEqual(['left_with_grant', '鳥取市', 'high'])
  })

  it('finds accounts of nobody, and organisations with accounts and no owner', async () => {
    const [yonago] = await search('per_demo_operator', '米子市')
    await transact(db, systemActor('test'), async (tx) => {
      await sql`insert into aws_organization (id, name, engine, created_at)
        values ('aws_attention', 'attention', 'auto_enrolment', now())`.execute(tx.sql)
      for (const [number, organisationId] of [
        ['111111111111', null],
        ['222222222222', yonago?.id],
      ])
        await sql`insert into account (id, account_id, name, email, status, aws_state, organisation_id,
            aws_organization_id, ou_id, ou_name, origin, created_at)
          values (${`acc_${number}`}, ${number}, 'a', ${`${number}@example.jp`}, 'active', 'ACTIVE', ${organisationId},
            'aws_attention', 'ou-1', 'x', 'adopted', now())`.execute(tx.sql)
      await tx.record({ kind: 'test', organisationId: null, subject: 'accounts', data: {} })
    })
    const list = async (as: string) =>
      ((await get(as, '/api/organisations/attention')).body as List<unknown>).items
        .map((item) => attentionItem.parse(item))
        .map((i) => `${i.kind} ${i.subject}`)
    expect(await list('per_demo_operator')).toEqual(
      expect.arrayContaining(['ownerless_account 111111111111', 'no_owner 312029']),
    )
    // The owner of another city sees nothing of it.
    expect((await list('per_demo_owner')).filter((line) => /account|312029/.test(line))).toEqual([])
  })

  it('an owner changes the own contacts, and nobody else does', async () => {
    const [sabae] = await search('per_demo_owner', '鯖江市')
    const contact = {
      purpose: 'billing',
      email: 'keiri@example.jp',
      phone: '0778-00-0000',
      from: '2026-11-01',
    }
    const path = `/api/organisations/${sabae?.id}/contacts`
    expect((await api.call(who('per_demo_owner_echizen'), 'PUT', path, contact)).status).toBe(403)
    expect((await api.call(who('per_demo_owner'), 'PUT', path, contact)).status).toBe(200)
    const page = async (on: string) =>
      organisationPage
        .parse((await get('per_demo_owner', `/api/organisations/${sabae?.id}?on=${on}`)).body)
        .contacts.find((c) => c.purpose === 'billing')?.email
    expect(await page('2026-10-31')).toBe('billing-182079@example.jp')
    expect(await page('2026-11-01')).toBe('keiri@example.jp')
  })

  it('a person joins, gets a role, leaves', async () => {
    const [sabae] = await search('per_demo_owner', '鯖江市')
    const person = {
      userName: 'new.person',
      email: 'new.person@example.jp',
      nameJa: '新任 一',
      firstName: 'Hajime',
      lastName: 'Shinnin',
      from: '2026-04-01',
    }
    const made = await api.call(
      who('per_demo_owner'),
      'POST',
      `/api/organisations/${sabae?.id}/people`,
      person,
    )
    const personId = (made.body as { id: string }).id
    const grant = { personId, role: 'project_office', from: '2026-04-01' }
    const given = await api.call(
      who('per_demo_owner'),
      'POST',
      `/api/organisations/${sabae?.id}/grants`,
      grant,
    )
    expect(given.status).toBe(201)
    expect(
      (
        await api.call(who('per_demo_owner_echizen'), 'POST', `/api/people/${personId}/leave`, {
          day: '2026-10-01',
        })
      ).status,
    ).toBe(404)
    expect(
      (await api.call(who('per_demo_owner'), 'POST', `/api/people/${personId}/leave`, { day: '2026-10-01' }))
        .status,
    ).toBe(204)
    const { items } = (await get('per_demo_owner', '/api/organisations/attention')).body as List<{
      subject: string
    }>
    expect(items.map((i) => i.subject)).toContain('新任 一')
    const grantId = (given.body as { id: string }).id
    expect(
      (await api.call(who('per_demo_owner'), 'POST', `/api/grants/${grantId}/end`, { day: '2026-10-01' }))
        .status,
    ).toBe(204)
  })

  describe('roles are given within bounds', () => {
    const grantAt = async (as: string, place: string, grant: object) => {
      const [organisation] = await search(as, place)
      const given = { from: '2026-11-01', ...grant }
      return api.call(who(as), 'POST', `/api/organisations/${organisation?.id}/grants`, given)
    }

    it.each(['central_operator', 'central_auditor'])('an owner cannot make a %s', async (role) => {
      const answer = await grantAt('per_demo_owner', '鯖江市', { personId: 'per_demo_pjmo', role })
      expect([answer.status, (answer.body as { code: string }).code]).toEqual([403, 'central_role'])
    })

    it('nor give a role to people of another organisation', async () => {
      const answer = await grantAt('per_demo_owner', '鯖江市', {
        personId: 'per_demo_pjmo_echizen',
        role: 'project_office',
      })
      expect(answer.status).toBe(404)
    })

    it('an operator company needs a contract, and its people get the role until the contract ends', async () => {
      const grant = { personId: 'per_demo_company', role: 'operator_company' }
      expect((await grantAt('per_demo_owner', '鯖江市', grant)).status).toBe(422)
      // The contract of another client is not found at all.
      expect(
        (await grantAt('per_demo_owner', '鯖江市', { ...grant, contractId: 'con_demo_old' })).status,
      ).toBe(404)
      const under = {
        personId: 'per_demo_company',
        role: 'billing_reader',
        contractId: 'con_demo_operations',
        to: '2099-01-01',
      }
      expect((await grantAt('per_demo_owner', '鯖江市', under)).status).toBe(201)
      const [sabae] = await search('per_demo_owner', '鯖江市')
      const page = organisationPage.parse(
        (await get('per_demo_owner', `/api/organisations/${sabae?.id}`)).body,
      )
      const grants = page.people.find((p) => p.id === 'per_demo_company')?.grants
      expect(grants?.find((g) => g.role === 'billing_reader')?.to).toBe('2029-04-01')
    })
  })
})
