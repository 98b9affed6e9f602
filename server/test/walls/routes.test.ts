import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLibrary } from '../../src/cli/control/library.ts'
import { ACCESS } from '../../src/domain/access/table.ts'
import { type Actor, CENTRAL_ROLES, ROLES, type Role } from '../../src/domain/people/roles.ts'
import type { Route } from '../../src/http/route.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { notFound } from '../../src/kernel/errors.ts'
import { idSource } from '../../src/kernel/ids.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import { readShippedSets } from '../../src/main/controls/sets.ts'
import { allRoutes } from '../../src/main/routes.ts'
import { loadApplicationSetup } from '../../src/storage/applications/setup.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { demoActors } from '../../src/storage/organisations/personas.ts'
import { estimateReader } from '../../src/storage/queue/estimates.ts'
import { queueContext, workStore } from '../../src/storage/queue/store.ts'
import { orderFor } from '../../src/workflows/testing/orders.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect, seedOrder } from '../workflows/seed.ts'
import { HOSTILE_IDS, hostileBodies } from './hostile.ts'

/** Every route as every role, and every id of another tenant at every route. */
describe('every route', () => {
  let on: TestDatabase
  let http: TestApp
  let routes: readonly Route[]
  let mine = ''
  let other = ''

  beforeAll(async () => {
    on = await testDatabase()
    await seedDemo(on, idSource(systemClock, systemRandom))
    await connect(on, awsOrganization())
    const personas = await demoActors(on)
    const owners = personas.filter((p) => p.role === 'organisation_owner')
    mine = owners[0]?.organisationIds[0] ?? ''
    other = owners.find((p) => p.organisationIds[0] !== mine)?.organisationIds[0] ?? ''
    for (const organisationId of [mine, other])
      await seedOrder(
        on,
        orderFor({
          organisationId,
          workId: `app_${organisationId}.production`,
          applicationId: `app_${organisationId}`,
          account: { name: `n-${organisationId}`.slice(0, 50), email: `${organisationId}@aws.example.lg.jp` },
        }),
      )
    const store = workStore({ db: on.db, url: on.url, timeScale: 60 })
    routes = allRoutes({
      applications: {
        setup: loadApplicationSetup('aws.example.lg.jp'),
        estimates: estimateReader(queueContext({ db: on.db, timeScale: 60 })),
      },
      estate: {
        engine: { retry: async () => {}, abandon: async () => {} },
        queueStatus: () => store.status(),
        estate: (id) => {
          throw notFound('aws_organization', id)
        },
      },
      trails: { of: () => null },
      catalog: readLibrary(),
      controlSets: readShippedSets(),
      controlsOf: (id) => {
        throw notFound('aws_organization', id)
      },
    })
    http = testApp(on, routes)
  })
  afterAll(() => on.drop())

  const actor = (role: Role, organisationId = mine): Actor => ({
    kind: 'person',
    id: `per_${role}`,
    name: role,
    role,
    organisationIds: (CENTRAL_ROLES as readonly string[]).includes(role) ? [] : [organisationId],
  })
  const isEvents = (route: Route) => route.definition.path === '/api/events'
  const pathOf = (route: Route, id: string) =>
    route.definition.path.replaceAll(/\{\w+\}/g, encodeURIComponent(id))
  const call = (who: Actor | null, route: Route, id: string) =>
    http.call(
      who,
      route.definition.method.toUpperCase(),
      pathOf(route, id),
      route.definition.body === undefined ? undefined : {},
    )

  it('refuses who is not signed in', async () => {
    for (const route of routes)
      expect([route.definition.path, (await call(null, route, 'x')).status]).toEqual([
        route.definition.path,
        401,
      ])
  })

  it('answers each role as the access table says', async () => {
    for (const route of routes.filter((r) => !isEvents(r))) {
      for (const role of ROLES) {
        const { status, body } = await call(actor(role), route, 'x')
        const allowed = (ACCESS[route.definition.action].roles as readonly Role[]).includes(role)
        const refused =
          status === 403 &&
          ['role_not_allowed', 'auditor_never_changes'].includes((body as { code: string }).code)
        expect([route.definition.method, route.definition.path, role, !refused]).toEqual([
          route.definition.method,
          route.definition.path,
          role,
          allowed,
        ])
        expect([route.definition.path, role, status]).not.toEqual([route.definition.path, role, 500])
      }
    }
  })

  const OWNED = [
    ['application', 'id'],
    ['application_order', 'work_id'],
    ['person', 'id'],
    ['contract', 'id'],
    ['organisation_contact', 'id'],
    ['information_system', 'id'],
    ['role_grant', 'id'],
  ] as const

  const idsOf = async (organisationId: string): Promise<readonly string[]> => {
    const found: string[] = []
    await on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      for (const [table, key] of OWNED) {
        const { rows } = await sql<{
          id: string
        }>`select ${sql.ref(key)} as id from ${sql.table(table)} where organisation_id = ${organisationId} order by 1 limit 2`.execute(
          trx,
        )
        found.push(...rows.map((row) => row.id))
      }
    })
    return found
  }

  it('shows a tenant nothing that belongs to another', async () => {
    const [own, foreign] = [await idsOf(mine), (await idsOf(other)).filter((id) => id.length > 6)]
    expect(own.length).toBeGreaterThan(4)
    expect(foreign.length).toBeGreaterThan(4)
    let seen = 0
    for (const route of routes.filter((r) => r.definition.method === 'get' && !isEvents(r))) {
      for (const role of ROLES.filter((r) => !(CENTRAL_ROLES as readonly string[]).includes(r))) {
        for (const id of route.definition.path.includes('{') ? [mine, other, ...foreign] : ['']) {
          const { status, body } = await call(actor(role), route, id)
          const text = JSON.stringify(body)
          const leaked = foreign.filter((one) => one !== id && text.includes(`"${one}"`))
          expect([route.definition.path, role, id, leaked]).toEqual([route.definition.path, role, id, []])
          if (status === 200) seen++
          // A public body may be looked at; what belongs to it may not.
          if (foreign.includes(id))
            expect([route.definition.path, role, id, status >= 400]).toEqual([
              route.definition.path,
              role,
              id,
              true,
            ])
        }
      }
    }
    expect(seen).toBeGreaterThan(20)
  })

  it('lets a tenant change nothing that belongs to another', async () => {
    const foreign = [other, ...(await idsOf(other))]
    const before = await fingerprint()
    for (const route of routes.filter(
      (r) => r.definition.method !== 'get' && r.definition.path.includes('{'),
    ))
      for (const role of ROLES.filter((r) => !(CENTRAL_ROLES as readonly string[]).includes(r)))
        for (const id of foreign) {
          const { status } = await call(actor(role), route, id)
          expect([route.definition.method, route.definition.path, role, id, status >= 400]).toEqual([
            route.definition.method,
            route.definition.path,
            role,
            id,
            true,
          ])
        }
    expect(await fingerprint()).toEqual(before)
  })

  it('refuses hostile bodies and ids without failing, and changes nothing', async () => {
    const bodies = hostileBodies(10)
    const before = await fingerprint(mine)
    const taken: string[] = []
    for (const route of routes.filter((r) => r.definition.method !== 'get')) {
      const role = ACCESS[route.definition.action].roles[0]
      if (role === undefined) continue
      const method = route.definition.method.toUpperCase()
      for (const [n, text] of bodies.entries()) {
        const path = pathOf(route, n % 3 === 0 ? mine : 'x').replaceAll('%25', '%')
        const answer = await http.call(actor(role), method, path, text)
        const seen = [method, path, text.slice(0, 200), answer.status]
        expect(answer.status, JSON.stringify([...seen, answer.body])).toBeLessThan(500)
        if (answer.status < 400) taken.push(route.definition.path)
        if (answer.status === 422) expect(explained(answer.body), JSON.stringify(seen)).toBe(true)
      }
    }
    for (const route of routes.filter((r) => r.definition.path.includes('{')))
      for (const id of HOSTILE_IDS) {
        const path = route.definition.path.replaceAll(/\{\w+\}/g, id)
        const role = ACCESS[route.definition.action].roles[0] ?? 'central_operator'
        const body = route.definition.body === undefined ? undefined : '{}'
        const { status } = await http.call(actor(role), route.definition.method.toUpperCase(), path, body)
        expect([path, status, status >= 400 && status < 500]).toEqual([path, status, true])
      }
    expect(new Set(taken)).toEqual(new Set(HARMLESS))
    expect(await fingerprint(mine)).toEqual(before)
  })

  /** One needs no body; the others answer what is wrong with a file, row by row, and take nothing of it. */
  const HARMLESS = ['/api/notifications/read', '/api/applications/batch', '/api/organisation-imports/preview']

  /** A refusal says what is wrong, and where. */
  const explained = (answer: unknown) => {
    const { detail, issues } = answer as {
      detail?: string
      issues?: readonly { path: unknown; message: string }[]
    }
    return (
      (detail ?? '') !== '' && (issues ?? []).every((one) => Array.isArray(one.path) && one.message !== '')
    )
  }

  const fingerprint = async (organisationId = other) => {
    const result: Record<string, unknown> = {}
    await on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      for (const [table] of OWNED)
        result[table] = (
          await sql`select md5(string_agg(t::text, '' order by t::text)) as sum from ${sql.table(table)} t where organisation_id = ${organisationId}`.execute(
            trx,
          )
        ).rows[0]
    })
    return result
  }
})
