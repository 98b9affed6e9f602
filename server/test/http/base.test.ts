import { z } from '@hono/zod-openapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/domain/people/roles.ts'
import { route } from '../../src/http/route.ts'
import { eventsRoute } from '../../src/http/system/events.ts'
import { invalid } from '../../src/kernel/errors.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

const operator: Actor = {
  kind: 'person',
  id: 'per_op',
  name: 'Op',
  role: 'central_operator',
  organisationIds: [],
}
const owner: Actor = {
  kind: 'person',
  id: 'per_own',
  name: 'Own',
  role: 'organisation_owner',
  organisationIds: ['org_1'],
}

describe('the HTTP base', () => {
  let on: TestDatabase
  let http: TestApp
  let runs = 0
  const thing = route({
    method: 'post',
    path: '/api/things/{id}',
    action: 'organisation.import',
    tag: 'Test',
    summary: 'A thing',
    params: z.object({ id: z.string() }),
    body: z.object({ name: z.string().max(5), list: z.array(z.object({ n: z.number() })).optional() }),
    reply: z.object({ id: z.string(), runs: z.number() }),
    status: 201,
    handle: async ({ params, body }) => {
      runs++
      if (body.name === 'bad')
        throw invalid('thing_bad', '`bad` is no thing.', [
          { path: ['name'], code: 'thing_bad', message: 'Use another.' },
        ])
      if (body.name === 'bug') throw new Error('secret detail')
      return { id: params.id, runs }
    },
  })
  beforeAll(async () => {
    on = await testDatabase()
    http = testApp(on, [thing, eventsRoute], [operator, owner])
  })
  afterAll(() => on.drop())

  it('asks for sign-in, and for the role', async () => {
    expect(await http.call(null, 'POST', '/api/things/a', { name: 'x' })).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in' },
    })
    expect(await http.call(owner, 'POST', '/api/things/a', { name: 'x' })).toMatchObject({ status: 403 })
    expect(await http.call(operator, 'POST', '/api/things/a', { name: 'x' })).toMatchObject({
      status: 201,
      body: { id: 'a' },
    })
  })

  it('refuses a cookie-borne change that our page did not make', async () => {
    const response = await http.app.request('/api/things/a', {
      method: 'POST',
      headers: { cookie: 'rankan_session=x' },
      body: '{}',
    })
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      403,
      'cross_site_request',
    ])
  })

  it('says where the body is wrong', async () => {
    const { status, body } = await http.call(operator, 'POST', '/api/things/a', {
      name: 'x',
      list: [{ n: 1 }, { n: 'two' }],
    })
    expect([status, body]).toMatchObject([
      422,
      { code: 'request_invalid', issues: [{ path: ['list', 1, 'n'] }] },
    ])
    expect(await http.call(operator, 'POST', '/api/things/a', '{"name":')).toMatchObject({
      status: 422,
      body: { code: 'body_not_json' },
    })
    expect(await http.call(operator, 'POST', '/api/things/a', { name: 'bad' })).toMatchObject({
      status: 422,
      body: { issues: [{ path: ['name'] }] },
    })
  })

  it('keeps the details of our own errors out of the answer and in the log', async () => {
    const { status, body } = await http.call(operator, 'POST', '/api/things/a', { name: 'bug' })
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('secret')
    expect(http.logged).toContain('secret detail')
  })

  it('refuses a body over the limit', async () => {
    expect(await http.call(operator, 'POST', '/api/things/a', { name: 'x'.repeat(1_100_000) })).toMatchObject(
      { status: 422, body: { code: 'body_too_large' } },
    )
  })

  it('answers the same Idempotency-Key once, and lets a failed request be sent again', async () => {
    const before = runs
    const key = { 'idempotency-key': 'k1' }
    const first = await http.call(operator, 'POST', '/api/things/k', { name: 'x' }, key)
    const second = await http.call(operator, 'POST', '/api/things/k', { name: 'x' }, key)
    expect([first.status, second.status, second.body, runs - before]).toEqual([201, 201, first.body, 1])
    expect(await http.call(operator, 'POST', '/api/things/k', { name: 'y' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    const again = { 'idempotency-key': 'k2' }
    expect((await http.call(operator, 'POST', '/api/things/k', { name: 'bad' }, again)).status).toBe(422)
    expect((await http.call(operator, 'POST', '/api/things/k', { name: 'bad' }, again)).status).toBe(422)
    expect(runs - before).toBe(3)
  })

  it('tells the organisation of each persona, and keeps it out of the session', async () => {
    const shown = (await http.call(null, 'GET', '/api/session')).body
    expect(shown).toMatchObject({
      personas: [operator, owner].map((p) => ({ ...p, organisationName: null })),
    })
    const signIn = await http.call(null, 'POST', '/api/session', { personaId: 'per_own' })
    expect(signIn.body).toMatchObject({ actor: owner })
    expect((signIn.body as { actor: object }).actor).not.toHaveProperty('organisationName')
  })

  it('signs personas in and out', async () => {
    const signIn = await http.call(null, 'POST', '/api/session', { personaId: 'per_own' })
    expect(signIn).toMatchObject({ status: 201, body: { actor: { id: 'per_own' } } })
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(signIn.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/)
    expect((await http.call(null, 'GET', '/api/session', undefined, { cookie })).body).toMatchObject({
      actor: { id: 'per_own' },
    })
    await http.call(null, 'DELETE', '/api/session', undefined, { cookie })
    expect((await http.call(null, 'GET', '/api/session', undefined, { cookie })).body).toMatchObject({
      actor: null,
    })
    expect(await http.call(null, 'POST', '/api/session', { personaId: 'nobody' })).toMatchObject({
      status: 404,
    })
  })

  it('sends a tenant the changes of its own organisation only', async () => {
    const { token } = (await http.call(null, 'POST', '/api/session', { personaId: 'per_own' })).body as {
      token: string
    }
    const response = await http.app.request('/api/events', { headers: { authorization: `Bearer ${token}` } })
    const reader = response.body?.getReader()
    const next = async () => new TextDecoder().decode((await reader?.read())?.value)
    expect(await next()).toContain('hello')
    http.publish({ topic: 'applications', id: 'other', organisationId: 'org_2' })
    http.publish({ topic: 'applications', id: 'mine', organisationId: 'org_1' })
    expect(await next()).toContain('"id":"mine"')
    await reader?.cancel()
  })

  it('describes each route in OpenAPI 3.1', async () => {
    const { body } = await http.call(null, 'GET', '/openapi.json')
    expect(body).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/things/{id}': { post: { tags: ['Test'], requestBody: { required: true } } } },
    })
  })
})
