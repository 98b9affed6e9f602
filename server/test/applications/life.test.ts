import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/applications/view.ts'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import type { RankanError } from '../../src/kernel/errors.ts'
import { codeOf } from '../../src/kernel/testing.ts'
import { addComment } from '../../src/storage/applications/comments.ts'
import {
  decideApplication,
  submitApplication,
  withdrawApplication,
} from '../../src/storage/applications/decide.ts'
import { delegate, revokeDelegation } from '../../src/storage/applications/delegations.ts'
import { createDraft, saveDraft } from '../../src/storage/applications/drafts.ts'
import { notificationsOf } from '../../src/storage/applications/notifications.ts'
import { applicationOrders, correctOrder, setOrderState } from '../../src/storage/applications/order-store.ts'
import { remind } from '../../src/storage/applications/reminders.ts'
import { showApplication } from '../../src/storage/applications/show.ts'
import { type Changes, read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import {
  CENTRE,
  CENTRE_2,
  DEPUTY,
  newId,
  OWNER,
  PJMO,
  STRANGER,
  seedRegister,
  setup,
  soundForm,
} from './fixtures.ts'

const NONE = new Map<string, never>()

describe('the life of an application', () => {
  let on: TestDatabase
  let ids: ReturnType<typeof newId>
  beforeAll(async () => {
    on = await testDatabase()
    ids = newId(on)
    await seedRegister(on)
  })
  afterAll(() => on.drop())

  let systems = 0
  const uniqueSystem = () => `sys${++systems}`
  const begin = async (over: Parameters<typeof soundForm>[1] = {}, patch: object = {}) => {
    const id = ids('app')
    const form = { ...soundForm(on, { system: uniqueSystem(), ...over }), ...patch }
    await transact(on, PJMO, (tx) => createDraft(tx, id, form as Parameters<typeof createDraft>[2]))
    return id
  }
  const show = (id: string, actor: Actor = PJMO, at: Changes = on) =>
    read(at, actor, (tx) => showApplication(tx, setup, id, NONE))
  const submit = (id: string, version = 1) =>
    transact(on, PJMO, (tx) => submitApplication(tx, setup, id, version))
  const decide = async (id: string, actor: Actor, decision: Decision, comment = '') => {
    const { version } = await show(id, CENTRE)
    return transact(on, actor, (tx) => decideApplication(tx, setup, id, { decision, comment, version }))
  }

  it('goes from a draft over the owner and the policy into the queue, with names reserved', async () => {
    const id = await begin({ system: 'juki' })
    await submit(id)
    expect((await show(id)).turn).toMatchObject({
      stage: 'organisation',
      who: [{ id: OWNER.id, standsInFor: null }],
    })
    await decide(id, OWNER, 'approve', 'よい')
    const view = await show(id)
    expect(view.state).toBe('queued')
    expect(view.approvals.map((a) => [a.stage, a.by.id, a.automatic?.policyVersion ?? null])).toEqual([
      ['organisation', OWNER.id, null],
      ['centre', 'policy', setup.policy.version],
    ])
    expect(view.orders.map((o) => [o.workId, o.accountName, o.accountEmail])).toEqual([
      [`${id}.production`, '131016-juki-prd-01', 'aws+131016-juki-prd-01@aws.example.lg.jp'],
      [`${id}.staging`, '131016-juki-stg-01', 'aws+131016-juki-stg-01@aws.example.lg.jp'],
    ])
    const queued = await sql<{
      n: string
    }>`select count(*) as n from work_queue where work_id like ${`${id}.%`}`.execute(on.db)
    expect(queued.rows[0]?.n).toBe('2')
    expect(view.history.map((h) => h.action)).toEqual(['created', 'submitted', 'approved', 'approved'])
  })

  it('enters the system of shared use into the register, with equal shares of its tenants', async () => {
    const use = { mode: 'shared', tenants: ['131016', '131024'], separation: 'network', tenantsConsent: true }
    const id = await begin({ system: 'kyodo' }, { use })
    await submit(id)
    await decide(id, OWNER, 'approve')
    const rows = await read(on, CENTRE, async (tx) =>
      sql<{ name: string; share: number }>`select s.name_ja as name, t.basis_points as share
        from information_system s join system_tenant t on t.system_id = s.id where s.code = 'kyodo'`.execute(
        tx.sql,
      ),
    )
    expect(rows.rows.map((r) => r.share)).toEqual([5000, 5000])
  })

  it('approves also where another organisation uses the system’s code', async () => {
    await transact(on, systemActor('seed'), async (tx) => {
      await sql`insert into information_system (id, code, organisation_id, name_ja, name_en, use_mode, valid)
        values ('sys_chuo', 'tax', 'org_chuo', '税', 'Tax', 'single', '(,)')`.execute(tx.sql)
      await tx.record({ kind: 'test.seeded', organisationId: null, subject: 'sys_chuo', data: {} })
    })
    const id = await begin({ system: 'tax' })
    await submit(id)
    await decide(id, OWNER, 'approve')
    expect((await show(id)).state).toBe('queued')
  })

  it('gives the next number to a second application for the same system, and never a name twice', async () => {
    const second = await begin({ system: 'juki' })
    const { verdicts } = await show(second)
    expect(verdicts.find((v) => v.rule === 'account_names_unique')).toMatchObject({
      outcome: 'pass',
      reason: 'numbered',
    })
    await submit(second)
    await decide(second, OWNER, 'approve')
    expect((await show(second)).orders.map((o) => o.accountName)).toEqual([
      '131016-juki-prd-02',
      '131016-juki-stg-02',
    ])
  })

  it('applicant_never_approves, not as owner and not through a delegation', async () => {
    const asOwner: Actor = { ...PJMO, role: 'organisation_owner' }
    const id = await begin()
    await submit(id)
    expect(await codeOf(decide(id, asOwner, 'approve'))).toBe('applicant_cannot_approve')
    const today = dayInJapan(on.clock.now())
    const wish = { id: ids('dlg'), toPersonId: PJMO.id, firstDay: today, lastDay: today, reason: '出張' }
    await transact(on, OWNER, (tx) => delegate(tx, wish, 30))
    expect(await codeOf(decide(id, PJMO, 'approve'))).toBe('applicant_cannot_approve')
    expect((await show(id, PJMO)).actions).not.toContain('approve')
    expect((await show(id)).turn?.who.map((w) => w.id)).toEqual([OWNER.id])
  })

  it('lets a stand-in decide in the days of the delegation, recorded with the absent person', async () => {
    const id = await begin()
    await submit(id)
    expect(await codeOf(decide(id, DEPUTY, 'approve'))).toBe('not_your_stage')
    const today = dayInJapan(on.clock.now())
    const wish = {
      id: ids('dlg'),
      toPersonId: DEPUTY.id,
      firstDay: today,
      lastDay: addDays(today, 3),
      reason: '休暇',
    }
    await transact(on, OWNER, (tx) => delegate(tx, wish, 30))
    expect((await show(id)).turn?.who).toContainEqual({
      id: DEPUTY.id,
      name: DEPUTY.name,
      standsInFor: OWNER.name,
    })
    await decide(id, DEPUTY, 'approve')
    expect((await show(id)).approvals[0]).toMatchObject({
      by: { id: DEPUTY.id },
      onBehalfOf: { id: OWNER.id },
    })
    await transact(on, OWNER, (tx) => revokeDelegation(tx, wish.id))
    const other = await begin()
    await submit(other)
    expect(await codeOf(decide(other, DEPUTY, 'approve'))).toBe('not_your_stage')
  })

  it('keeps other organisations out: they neither see it nor decide on it', async () => {
    const id = await begin()
    await submit(id)
    expect(await codeOf(show(id, STRANGER))).toBe('application_not_found')
    expect(await codeOf(decide(id, STRANGER, 'approve'))).toBe('application_not_found')
  })

  it('shows a draft to nobody but its writer', async () => {
    const id = await begin()
    expect(await codeOf(show(id, OWNER))).toBe('application_not_found')
    expect((await show(id)).actions).toEqual(['edit', 'submit', 'withdraw'])
  })

  it('needs a person of the centre for an exception, and records reason, approver and expiry', async () => {
    const expiresOn = addDays(dayInJapan(on.clock.now()), 90)
    const patch = {
      provider: { name: 'aws', reason: '', placement: 'provider_only', placementReason: '' },
      exceptions: [{ rule: 'placement_portable', reason: '独自機能が必要', expiresOn }],
    }
    const id = await begin({}, patch)
    await submit(id)
    await decide(id, OWNER, 'approve')
    expect((await show(id)).state).toBe('accepted')
    await decide(id, CENTRE, 'approve', '了承')
    expect((await show(id)).exceptions).toMatchObject([
      { rule: 'placement_portable', reason: '独自機能が必要', expiresOn, approver: { id: CENTRE.id } },
    ])
    expect((await show(id)).state).toBe('queued')
  })

  it('refuses to submit what a rule refuses, and says where', async () => {
    const id = await begin({}, { environments: [{ environment: 'production', regions: ['us-east-1'] }] })
    const error = await submit(id).then(
      () => null,
      (e: unknown) => e as RankanError,
    )
    expect(error?.kind).toBe('invalid')
    expect(error?.issues).toMatchObject([
      { path: ['environments', 0, 'regions', 0], code: 'rule.region_allowed' },
    ])
    expect((await show(id)).state).toBe('draft')
  })

  it('comes back with a comment, is corrected and goes again', async () => {
    const id = await begin()
    await submit(id)
    expect(await codeOf(decide(id, OWNER, 'return', ' '))).toBe('comment_needed')
    await decide(id, OWNER, 'return', '連絡先を直してください')
    const returned = await show(id)
    expect(returned).toMatchObject({
      state: 'returned',
      answer: { comment: '連絡先を直してください', by: { id: OWNER.id } },
    })
    await transact(on, PJMO, (tx) =>
      saveDraft(tx, id, returned.version, returned.form as Parameters<typeof saveDraft>[3]),
    )
    await submit(id, returned.version + 1)
    await decide(id, OWNER, 'approve')
    expect((await show(id)).state).toBe('queued')
    const told = await read(on, PJMO, (tx) => notificationsOf(tx, 100))
    expect(told.filter((n) => n.subject === id).map((n) => n.kind)).toEqual([
      'application.approved',
      'application.approved',
      'application.returned',
    ])
  })

  it('tells who changed it when two write at once', async () => {
    const id = await begin()
    const { form } = await show(id)
    await transact(on, PJMO, (tx) => saveDraft(tx, id, 1, form as Parameters<typeof saveDraft>[3]))
    const error = await transact(on, PJMO, (tx) =>
      saveDraft(tx, id, 1, form as Parameters<typeof saveDraft>[3]),
    ).then(
      () => null,
      (e: unknown) => e as RankanError,
    )
    expect(error).toMatchObject({ kind: 'conflict', code: 'version_changed' })
    expect(error?.issues[0]?.params).toMatchObject({ by: PJMO.name, version: 2, yours: 1 })
  })

  it('is not approved in a version that the approver did not read', async () => {
    const id = await begin()
    await submit(id)
    const old = transact(on, OWNER, (tx) =>
      decideApplication(tx, setup, id, { decision: 'approve', comment: '', version: 1 }),
    )
    expect(await codeOf(old)).toBe('version_changed')
  })

  it('is withdrawn by the applicant only, and then over', async () => {
    const id = await begin()
    const row = await submit(id)
    expect(await codeOf(transact(on, OWNER, (tx) => withdrawApplication(tx, id, row.version)))).toBe(
      'not_the_applicant',
    )
    await transact(on, PJMO, (tx) => withdrawApplication(tx, id, row.version))
    expect(await codeOf(decide(id, OWNER, 'approve'))).toBe('wrong_state')
  })

  it('one person never decides at both stages', async () => {
    const id = await begin(
      {},
      {
        contacts: {
          ...(soundForm(on).contacts as object),
          security: { name: 's', title: 't', email: 'sec@city.example.lg.jp', phone: '03-1111-1111' },
        },
      },
    )
    await submit(id)
    await decide(id, { ...CENTRE, role: 'organisation_owner', organisationIds: ['org_chiyoda'] }, 'approve')
    expect((await show(id)).state).toBe('accepted')
    expect(await codeOf(decide(id, CENTRE, 'approve'))).toBe('same_person_twice')
    await decide(id, CENTRE_2, 'approve')
    expect((await show(id)).state).toBe('queued')
  })

  it('follows its orders: running, in repair, ready', async () => {
    const id = await begin()
    await submit(id)
    await decide(id, OWNER, 'approve')
    const orders = applicationOrders(on)
    const [prd, stg] = [`${id}.production`, `${id}.staging`]
    const order = await orders.load(prd)
    expect(order).toMatchObject({
      organisationCode: '131016',
      environment: 'production',
      awsOrganizationId: 'aws_main',
    })
    expect(order.contacts.map((c) => c.type)).toEqual(['SECURITY', 'OPERATIONS', 'BILLING'])
    expect(await orders.reserveNames(prd)).toEqual(order.account)
    await orders.started(prd)
    await orders.started(prd)
    expect((await show(id)).state).toBe('running')
    await orders.needsRepair(stg, {
      step: 'create-account',
      code: 'EMAIL_ALREADY_EXISTS',
      message: 'x',
      correctable: ['account.email'],
    })
    expect((await show(id, CENTRE)).actions).toContain('repair')
    await correctOrder(on, CENTRE, stg, 'account.email', 'aws+other@aws.example.lg.jp', 'AWS にある')
    expect((await orders.reserveNames(stg)).email).toBe('aws+other@aws.example.lg.jp')
    await orders.started(stg)
    for (const done of [prd, stg])
      await transact(on, systemActor('worker'), (tx) => setOrderState(tx, done, 'finished'))
    expect(await show(id)).toMatchObject({ state: 'ready', turn: null })
    await orders.started(prd)
    expect((await show(id)).state).toBe('ready')
  })

  it('refuses a corrected name that another order holds', async () => {
    const id = await begin({ environments: ['production'] })
    await submit(id)
    await decide(id, OWNER, 'approve')
    const orders = applicationOrders(on)
    const work = `${id}.production`
    await orders.needsRepair(work, { step: 's', code: 'c', message: 'm', correctable: ['account.name'] })
    await correctOrder(on, CENTRE, work, 'account.name', '131016-juki-prd-01', 'test')
    expect(await codeOf(orders.reserveNames(work))).toBe('name_taken')
  })

  it('estimates from usual times before it is queued', async () => {
    const id = await begin()
    await submit(id)
    const { eta, turn } = await show(id)
    expect(turn?.usualSeconds).toBeTypeOf('number')
    expect(eta).toMatchObject({ assumesApprovals: true })
  })

  it('reminds the approvers once for each due time', async () => {
    const id = await begin()
    await submit(id)
    const later: Changes = {
      db: on.db,
      clock: { ...on.clock, now: () => new Date(Date.now() + 25 * 3_600_000) },
    }
    await remind(later, setup)
    await remind(later, setup)
    const told = await read(on, OWNER, (tx) => notificationsOf(tx, 100))
    expect(told.filter((n) => n.subject === id && n.kind === 'application.reminder')).toHaveLength(1)
  })

  it('keeps a thread of comments that cannot be changed', async () => {
    const id = await begin()
    await submit(id)
    await transact(on, OWNER, (tx) => addComment(tx, id, ids('cmt'), '確認中です'))
    expect((await show(id)).comments).toMatchObject([{ author: { id: OWNER.id }, body: '確認中です' }])
    const change = transact(on, systemActor('test'), async (tx) => {
      await sql`update application_comment set body = 'x' where application_id = ${id}`.execute(tx.sql)
    })
    await expect(change).rejects.toThrow(/append-only/)
  })

  it('writes a ledger entry for every change, without the form itself', async () => {
    const id = await begin()
    await submit(id)
    const rows = await read(on, CENTRE, (tx) =>
      tx.sql
        .selectFrom('ledger_entry')
        .select(['kind', 'body'])
        .where('subject', '=', id)
        .orderBy('id')
        .execute(),
    )
    expect(rows.map((r) => r.kind)).toEqual(['application.created', 'application.submitted'])
    expect(rows.every((r) => !r.body.includes('taro.yamada'))).toBe(true)
  })
})
