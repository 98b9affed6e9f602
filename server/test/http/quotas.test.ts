import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, type Role, systemActor } from '../../src/domain/people/roles.ts'
import type { QuotaList, QuotaRow } from '../../src/domain/quotas/view.ts'
import { quotaRoutes } from '../../src/http/estate/quotas.ts'
import { organizationSettingsRoutes } from '../../src/http/estate/settings.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { awsOrganizations } from '../../src/storage/estate/organizations.ts'
import { ownLimitsOf } from '../../src/storage/estate/quotas.ts'
import { queueContext } from '../../src/storage/queue/store.ts'
import { read } from '../../src/storage/transact.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from '../workflows/seed.ts'

const person = (role: Role): Actor => ({
  kind: 'person',
  id: `per_${role}`,
  name: role,
  role,
  organisationIds: [],
})
const OPERATOR = person('central_operator')
const AUDITOR = person('central_auditor')

describe('the quotas of an AWS organisation', () => {
  let on: TestDatabase
  let http: TestApp
  let path = ''
  const today = () => dayInJapan(new Date())

  beforeAll(async () => {
    on = await testDatabase()
    http = testApp(on, [...quotaRoutes, ...organizationSettingsRoutes], [OPERATOR, AUDITOR])
    await connect(on, awsOrganization())
    path = `/api/aws-organizations/${awsOrganization().id}/quotas`
  })
  afterAll(() => on.drop())

  const put = (quota: string, body: unknown, who = OPERATOR) =>
    http.call(who, 'PUT', `${path}/${quota}`, body)
  const row = async (quota: string): Promise<QuotaRow> => {
    const { status, body } = await http.call(AUDITOR, 'GET', path)
    expect(status).toBe(200)
    const found = (body as QuotaList).items.find((one) => one.quota === quota)
    if (found === undefined) throw new Error(`no row of ${quota}`)
    return found
  }
  /** As the queue of a worker sees it that starts now. */
  const inTheQueue = async (quota: string) => {
    const { facts } = queueContext({ db: on.db, timeScale: 1 })
    await facts.refresh()
    return facts.limitOf(quota, awsOrganization().id).limit
  }
  const entries = () =>
    read(on, systemActor('test'), async (tx) => {
      const { rows } = await sql<{ kind: string; body: string }>`
        select kind, body from ledger_entry where kind like 'quota.%' order by id`.execute(tx.sql)
      return rows.map(({ kind, body }) => ({ kind, data: (JSON.parse(body) as { data: unknown }).data }))
    })

  it('can be raised to what AWS granted: the queue follows, and the ledger says who and why', async () => {
    const granted = await put('account_operations', { limit: 10, reason: 'AWS case 4711' })
    expect(granted.status).toBe(200)
    expect(await row('account_operations')).toMatchObject({
      limit: 10,
      published: 5,
      override: {
        limit: 10,
        reason: 'AWS case 4711',
        recordedBy: 'central_operator',
        effectiveFrom: today(),
      },
    })
    expect(await inTheQueue('account_operations')).toBe(10)
    await put('account_operations', { limit: 10, reason: 'said twice' })
    expect(await entries()).toEqual([
      {
        kind: 'quota.changed',
        data: {
          quota: 'account_operations',
          limit: 10,
          before: null,
          effectiveFrom: today(),
          reason: 'AWS case 4711',
        },
      },
    ])
  })

  it('can change on a later day, and go back to what AWS publishes', async () => {
    const later = addDays(today(), 30)
    await put('assignments_in_flight', { limit: 4, effectiveFrom: later, reason: 'another tool comes' })
    expect(await row('assignments_in_flight')).toMatchObject({
      limit: 10,
      override: null,
      upcoming: [{ limit: 4, effectiveFrom: later }],
    })
    await put('account_operations', { limit: null, reason: 'withdrawn by AWS' })
    expect(await row('account_operations')).toMatchObject({ limit: 5, override: null })
    expect(await inTheQueue('account_operations')).toBe(5)
    expect((await entries()).at(-1)?.kind).toBe('quota.reset')
  })

  it('holds for plans of controls, too, while it holds', async () => {
    const own = () => read(on, systemActor('test'), (tx) => ownLimitsOf(tx, awsOrganization().id))
    const before = await own()
    await put('scp_per_target', { limit: 5, reason: 'others need places' })
    await put('rcp_per_target', { limit: 2, effectiveFrom: addDays(today(), 30), reason: 'later' })
    expect(await own()).toEqual([
      ...before,
      { quota: 'scp_per_target', limit: 5, reason: 'others need places', effectiveFrom: today() },
    ])
    await put('scp_per_target', { limit: null, reason: 'no longer' })
    expect(await own()).toEqual(before)
  })

  it('refuses what AWS does not grant, past days and what is no number, and says at which field', async () => {
    const before = (await entries()).length
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['account_operations', { limit: 11, reason: 'x' }, 'limit'],
      ['account_operations', { limit: 0, reason: 'x' }, 'limit'],
      ['account_operations', { limit: 'many', reason: 'x' }, 'limit'],
      ['account_operations', { limit: 6.5, reason: 'x' }, 'limit'],
      ['account_operations', { limit: 6, reason: ' ' }, 'reason'],
      ['account_operations', { limit: 6, effectiveFrom: '2020-01-01', reason: 'x' }, 'effectiveFrom'],
      ['account_operations', { limit: 6, effectiveFrom: '2027-02-30', reason: 'x' }, 'effectiveFrom'],
      ['ou_operations', { limit: 2, reason: 'x' }, 'limit'],
    ]
    for (const [quota, change, field] of cases) {
      const { status, body } = await put(quota, change)
      const { issues } = body as { issues: { path: string[] }[] }
      expect([change, status, issues.map((issue) => issue.path.at(-1))]).toEqual([change, 422, [field]])
    }
    expect((await put('no_such_quota', { limit: 1, reason: 'x' })).status).toBe(404)
    expect((await http.call(OPERATOR, 'GET', '/api/aws-organizations/aws_x/quotas')).status).toBe(404)
    expect((await put('account_operations', { limit: 3, reason: 'x' }, AUDITOR)).status).toBe(403)
    expect(await entries()).toHaveLength(before)
  })

  it('computes the closures of 30 days out of the members that the sweep counted', async () => {
    expect(await row('account_closures_30_days')).toMatchObject({ limit: 250, computed: { members: null } })
    await sql`insert into aws_organization_sweep (aws_organization_id, at, complete, listed, accounts)
      values (${awsOrganization().id}, now(), true, 4001, 4001)`.execute(on.db)
    expect(await row('account_closures_30_days')).toMatchObject({
      limit: 800,
      highest: 800,
      computed: { percent: 20, atLeast: 250, atMost: 1000, members: 4000 },
    })
  })

  it('stands beside its settings: the bucket for hooks is named and taken away, other settings stay', async () => {
    const settings = `/api/aws-organizations/${awsOrganization().id}/settings`
    const change = (body: unknown, who = OPERATOR) => http.call(who, 'PUT', settings, body)
    const shown = async () => (await http.call(AUDITOR, 'GET', settings)).body
    const stored = () =>
      read(on, systemActor('test'), async (tx) => (await awsOrganizations(tx)).map((one) => one.settings))
    const ledger = () =>
      read(on, systemActor('test'), async (tx) => {
        const { rows } = await sql<{ body: string }>`select body from ledger_entry
          where kind = 'aws_organization.settings_changed' order by id`.execute(tx.sql)
        return rows.map(({ body }) => (JSON.parse(body) as { data: unknown }).data)
      })
    const before = await shown()
    const [kept] = await stored()
    expect(before).toMatchObject({ awsOrganizationId: awsOrganization().id, hookBucket: null })
    expect(await change({ hookBucket: 'rankan-rules', reason: 'hooks begin' })).toMatchObject({
      status: 200,
      body: { ...(before as object), hookBucket: 'rankan-rules' },
    })
    await change({ hookBucket: 'rankan-rules', reason: 'said twice' })
    expect(await shown()).toMatchObject({ hookBucket: 'rankan-rules' })
    expect(await stored()).toEqual([{ ...kept, hookBucket: 'rankan-rules' }])
    expect((await change({ hookBucket: 's3://rules', reason: 'x' })).status).toBe(422)
    expect((await change({ hookBucket: 'other', reason: 'x' }, AUDITOR)).status).toBe(403)
    expect((await http.call(OPERATOR, 'GET', '/api/aws-organizations/aws_x/settings')).status).toBe(404)
    await change({ hookBucket: null, reason: 'hooks end' })
    expect(await stored()).toEqual([kept])
    expect(await ledger()).toEqual([
      { hookBucket: 'rankan-rules', before: null, reason: 'hooks begin' },
      { hookBucket: null, before: 'rankan-rules', reason: 'hooks end' },
    ])
  })
})
