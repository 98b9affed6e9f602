import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOLD_SINGLY } from '../../src/domain/escalation/digest.ts'
import { mailText } from '../../src/domain/mail/texts.ts'
import { attentionItem } from '../../src/domain/organisations/view.ts'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import { exceptionRoutes } from '../../src/http/applications/exceptions.ts'
import { organisationRoutes } from '../../src/http/organisations/routes.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { escalate } from '../../src/storage/escalation/escalate.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { demoActors } from '../../src/storage/organisations/personas.ts'
import { type Changes, transact } from '../../src/storage/transact.ts'
import { ids } from '../organisations/support.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

const today = dayInJapan(new Date())

describe('what needs attention is escalated', () => {
  let db: TestDatabase
  let api: TestApp
  let actors: readonly Actor[]
  let sabae = ''
  let days = 0
  /** What the first sweep sent. */
  let first: Awaited<ReturnType<typeof outbox>> = []
  /** The same database, some days later. */
  const later = (): Changes => ({
    db: db.db,
    clock: { ...db.clock, now: () => new Date(Date.now() + days * 86_400_000) },
  })
  const sweep = () => escalate(later())

  beforeAll(async () => {
    db = await testDatabase()
    await seedDemo(db, ids)
    actors = await demoActors(db)
    api = testApp(db, [...organisationRoutes, ...exceptionRoutes], actors)
    sabae = who('per_demo_owner')?.organisationIds[0] ?? ''
    // The register's own findings first, so that each test sees what it makes.
    await seedOwnerless(TOLD_SINGLY + 2)
    await sweep()
    first = await outbox()
    await seedException()
  })
  afterAll(() => db.drop())

  /** Mails that were written so far, each once for everybody who gets it. */
  const outbox = async () =>
    (
      await seen(sql<{ kind: string; to_person: string; params: Record<string, string> }>`
        select kind, to_person, params from outbox where kind like 'escalation.%' order by id`)
    ).map(({ kind, to_person, params }) => ({ kind, to: to_person, params }))
  const who = (id: string) => actors.find((a) => a.id === id) ?? null
  const send = (as: string, method: string, path: string, body?: unknown) =>
    api.call(who(as), method, path, body)
  const list = async (as: string) =>
    ((await send(as, 'GET', '/api/organisations/attention')).body as { items: unknown[] }).items.map((item) =>
      attentionItem.parse(item),
    )
  const seen = async <T>(query: ReturnType<typeof sql<T>>) =>
    db.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      return (await query.execute(trx)).rows
    })
  const told = async (kind: string, subject: string) =>
    (
      await seen(sql<{ person_id: string }>`select distinct person_id from notification
        where kind = ${kind} and subject = ${subject} order by 1`)
    ).map((row) => row.person_id)
  const ledger = async (subject: string) =>
    (
      await seen(sql<{ kind: string }>`select kind from ledger_entry
        where subject = ${subject} and kind like 'attention.%' order by id`)
    ).map((row) => row.kind)

  /** Accounts that nobody has claimed. */
  async function seedOwnerless(many: number): Promise<void> {
    await transact(db, systemActor('test'), async (tx) => {
      await sql`insert into aws_organization (id, name, engine, created_at)
        values ('aws_e', 'e', 'auto_enrolment', now())`.execute(tx.sql)
      await sql`insert into account (id, account_id, name, email, status, aws_state, aws_organization_id, ou_id, ou_name,
          origin, created_at)
        select 'acc_o' || n, 444444444440 + n, 'o' || n, 'o' || n || '@example.jp', 'active', 'ACTIVE', 'aws_e', 'ou-1',
          'x', 'adopted', now() from generate_series(1, ${many}::int) as n`.execute(tx.sql)
      await tx.record({ kind: 'test', organisationId: null, subject: 'aws_e', data: {} })
    })
  }

  /** An application of Sabae with a live account, whose exception from the placement rule is over. */
  async function seedException(): Promise<void> {
    await transact(db, systemActor('test'), async (tx) => {
      await sql`insert into application (id, kind, state, version, organisation_id, system_name_ja, applicant_id,
          applicant_name, applicant_role, form, created_at, since, updated_at, updated_by_id, updated_by_name)
        values ('app_e', 'vend', 'ready', 1, ${sabae}, '特別なシステム', 'per_demo_pjmo', 'x', 'project_office', '{}',
          now(), now(), now(), 'x', 'x')`.execute(tx.sql)
      await sql`insert into account (id, account_id, name, email, status, aws_state, organisation_id,
          aws_organization_id, ou_id, ou_name, origin, created_at)
        values ('acc_e', '333333333333', 'e', 'e@example.jp', 'active', 'ACTIVE', ${sabae}, 'aws_e', 'ou-1', 'x',
          'vended', now())`.execute(tx.sql)
      await sql`insert into application_order (work_id, application_id, organisation_id, kind, aws_organization_id, state,
          account_id, body, created_at)
        values ('app_e.production', 'app_e', ${sabae}, 'vend', 'aws_e', 'finished', '333333333333', '{}', now())`.execute(
        tx.sql,
      )
      await sql`insert into application_exception (application_id, organisation_id, rule, reason, expires_on, approver, granted_at)
        values ('app_e', ${sabae}, 'placement_portable', 'r', ${today}, '{}', now())`.execute(tx.sql)
      await tx.record({ kind: 'test', organisationId: sabae, subject: 'app_e', data: {} })
    })
  }

  it('the first sweep tells nobody of many things one by one: a digest names them, and the ledger has each', async () => {
    const count = (kind: string, to: string) =>
      first.filter((one) => one.kind === kind && one.to === to).length
    const toCentre = first.filter((one) => one.to === 'per_demo_operator')
    expect(toCentre.map((one) => one.kind)).toEqual(['escalation.centre_digest'])
    const [digest] = toCentre
    const told = await seen(
      sql<{ n: number }>`select count(*)::int as n from ledger_entry where kind = 'attention.told_centre'`,
    )
    expect(Number(digest?.params.count)).toBeGreaterThan(TOLD_SINGLY)
    expect(told[0]?.n).toBe(Number(digest?.params.count))
    expect(digest?.params.ja?.split('\n').length).toBeGreaterThan(TOLD_SINGLY)
    for (const person of new Set(first.map((one) => one.to))) {
      expect(count('escalation.owner', person)).toBeLessThanOrEqual(TOLD_SINGLY)
      expect(count('escalation.owner_digest', person)).toBeLessThanOrEqual(1)
    }
    const mail = mailText({ kind: digest?.kind ?? '', subject: 'centre', params: digest?.params ?? {} }, null)
    expect(mail.subject).toContain(`${digest?.params.count} 件`)
    expect(mail.text).toContain('/organisations/attention')
    expect(mail.text).toContain(digest?.params.en?.split('\n')[0])
  })

  it('an expired exception: the owner first, after the time the centre, each once, and in the ledger', async () => {
    expect(await sweep()).toBe(2)
    expect(await sweep()).toBe(0)
    expect(await told('escalation.owner', 'app_e')).toEqual(['per_demo_owner'])
    expect(await told('escalation.centre', 'app_e')).toEqual([])
    const item = (await list('per_demo_owner')).find((one) => one.kind === 'exception_expired')
    expect(item).toMatchObject({ subject: 'app_e', severity: 'high', centreToldAt: null })
    expect(item?.ownerToldAt).not.toBeNull()
    days = 13
    await sweep()
    expect(await told('escalation.centre', 'app_e')).toEqual([])
    days = 15
    await sweep()
    await sweep()
    expect(await told('escalation.centre', 'app_e')).toEqual(['per_demo_operator', 'per_demo_operator2'])
    expect(await ledger('app_e')).toEqual([
      'attention.found',
      'attention.told_owner',
      'attention.told_centre',
    ])
    days = 0
  })

  it('is over when the centre renews the exception, and nobody else can', async () => {
    const path = '/api/applications/app_e/exceptions/placement_portable'
    const form = { reason: 'Moves to containers next year', expiresOn: addDays(today, 90) }
    expect((await send('per_demo_owner', 'PUT', path, form)).status).toBe(403)
    expect((await send('per_demo_operator', 'PUT', path, { ...form, expiresOn: today })).status).toBe(422)
    expect((await send('per_demo_operator', 'PUT', `${path}x`, form)).status).toBe(404)
    expect((await send('per_demo_operator', 'PUT', path, form)).status).toBe(204)
    await sweep()
    expect((await ledger('app_e')).at(-1)).toBe('attention.resolved')
    expect((await list('per_demo_owner')).filter((one) => one.kind === 'exception_expired')).toEqual([])
  })

  it('a contract that ends soon is told to its client, and is over when it is lengthened', async () => {
    const contract = '/api/contracts/con_demo_operations'
    const until = (to: string) => send('per_demo_owner', 'PUT', contract, { to, systemIds: [] })
    expect((await until(addDays(today, 61))).status).toBe(204)
    await sweep()
    expect(await told('escalation.owner', 'R6-UNYO-001')).toEqual([])
    await until(addDays(today, 60))
    await sweep()
    expect(await told('escalation.owner', 'R6-UNYO-001')).toEqual(['per_demo_owner'])
    const mine = (await list('per_demo_owner')).find((one) => one.kind === 'contract_ending')
    expect(mine).toMatchObject({ subject: 'R6-UNYO-001', since: today })
    await until('2031-04-01')
    await sweep()
    expect((await ledger('R6-UNYO-001')).at(-1)).toBe('attention.resolved')
  })

  it('what no owner can act on goes to the centre at once', async () => {
    // In Yonago a contact is dead and nobody is registered as owner.
    const dead = (await list('per_demo_operator')).find(
      (one) => one.kind === 'dead_contact' && one.organisation?.name.ja === '米子市',
    )
    expect(dead).toMatchObject({ ownerToldAt: null })
    expect(dead?.centreToldAt).not.toBeNull()
  })

  it('every mail of an escalation waits in the outbox, and no tenant sees the things of another', async () => {
    const waiting = await seen(
      sql<{ n: number }>`select count(*)::int as n from outbox where kind = 'escalation.owner'`,
    )
    expect(waiting[0]?.n).toBeGreaterThan(0)
    const foreign = (await list('per_demo_owner_echizen')).filter((one) => one.organisation?.id === sabae)
    expect(foreign).toEqual([])
  })
})
