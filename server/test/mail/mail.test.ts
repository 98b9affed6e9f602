import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAIL_POLICY } from '../../src/domain/mail/policy.ts'
import type { MailView } from '../../src/domain/mail/view.ts'
import { type Actor, systemActor } from '../../src/domain/people/roles.ts'
import { mailRoutes } from '../../src/http/mail/routes.ts'
import { smtpMailer } from '../../src/main/smtp.ts'
import { notify } from '../../src/storage/applications/notifications.ts'
import { listen } from '../../src/storage/database.ts'
import { noteGateway } from '../../src/storage/mail/list.ts'
import { mailStore } from '../../src/storage/mail/outbox.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { demoActors } from '../../src/storage/organisations/personas.ts'
import { transact } from '../../src/storage/transact.ts'
import { type SendOutcome, sendDueMails } from '../../src/workflows/send-mail.ts'
import { ids } from '../organisations/support.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { type SmtpServer, startSmtp } from './smtp-server.ts'

const FROM = 'Rankan <rankan@cloud.example.go.jp>'
const OWNER = 'per_demo_owner'
const PJMO = 'per_demo_pjmo'

describe('the outbox goes out by mail', () => {
  let db: TestDatabase
  let api: TestApp
  let actors: readonly Actor[]
  let smtp: SmtpServer
  let group = ''
  let now = new Date()

  beforeAll(async () => {
    db = await testDatabase()
    await seedDemo(db, ids)
    actors = await demoActors(db)
    api = testApp(db, mailRoutes, actors)
    const { rows } = await sql<{ email: string }>`select c.email from organisation_contact c
      join person p on p.organisation_id = c.organisation_id
      where p.id = ${OWNER} and c.purpose = 'operations'`.execute(await seeing())
    group = rows[0]?.email ?? ''
  })
  beforeEach(async () => {
    smtp = await startSmtp()
    now = new Date()
    await sql`delete from outbox`.execute(db.db)
  })
  afterEach(() => smtp.close())
  afterAll(() => db.drop())

  /** A connection that sees every row. */
  const seeing = async () => {
    await sql`select set_config('rankan.scope', 'all', false)`.execute(db.db)
    return db.db
  }
  const tell = (personId: string, onceKey: string, params = {}) =>
    transact(db, systemActor('test'), (tx) =>
      notify(tx, {
        personId,
        organisationId: null,
        kind: 'application.reminder',
        subject: 'app_1',
        params: { hours: '48', organisation: '鯖江市', system: '住民記録システム', ...params },
        onceKey,
      }),
    )
  const send = async (at = now): Promise<SendOutcome> => {
    const mailer = smtpMailer(smtp.url, FROM)
    try {
      return await sendDueMails({
        store: mailStore(db),
        mailer,
        policy: MAIL_POLICY,
        portal: 'https://rankan.example.jp',
        now: () => at,
      })
    } finally {
      mailer.close()
    }
  }
  const later = (ms: number) => new Date(now.getTime() + ms)
  const view = async (as = 'per_demo_operator') =>
    (await api.call(actors.find((a) => a.id === as) ?? null, 'GET', '/api/mail')).body as MailView
  const idOf = (data: string) => /^Message-ID: (<[^>]+>)/im.exec(data)?.[1]

  it('to the group address, once for all the people behind it, in both languages', async () => {
    await tell(OWNER, 'a')
    await tell(PJMO, 'a')
    expect(await send()).toEqual({ sent: 1, failed: 0 })
    expect(smtp.received.map((mail) => mail.to)).toEqual([[group]])
    const [mail] = smtp.received
    expect(mail?.data).toMatch(/^From: Rankan <rankan@cloud\.example\.go\.jp>/m)
    expect(mail?.data).toMatch(/^Auto-Submitted: auto-generated/m)
    const body = bodyOf(mail?.data ?? '')
    expect(body).toContain('承認を 48 時間以上お待ちしている利用申請があります(鯖江市 住民記録システム)')
    expect(body).toContain('waited for approval for more than 48 hours')
    expect(body).toContain('https://rankan.example.jp/applications/app_1')
    expect(await send(later(86_400_000))).toEqual({ sent: 0, failed: 0 })
    expect((await view()).items.map((item) => [item.state, item.to])).toEqual([
      ['sent', group],
      ['sent', group],
    ])
  })

  it('again under the same Message-ID when the yes of the gateway was lost', async () => {
    await tell(OWNER, 'b')
    smtp.behave('lose')
    expect(await send()).toEqual({ sent: 0, failed: 1 })
    smtp.behave('take')
    expect(await send(later(1_000))).toEqual({ sent: 0, failed: 0 })
    expect(await send(later(MAIL_POLICY.firstDelayMs))).toEqual({ sent: 1, failed: 0 })
    const messageIds = smtp.received.map((mail) => idOf(mail.data))
    expect(messageIds.length).toBe(2)
    expect(messageIds[0]).toMatch(/^<[0-9a-f]{40}@cloud\.example\.go\.jp>$/)
    expect(messageIds[1]).toBe(messageIds[0])
  })

  it('again when the worker died with mails in its hands', async () => {
    await tell(OWNER, 'c')
    expect(await mailStore(db).take(now, 10, MAIL_POLICY.leaseMs)).toHaveLength(1)
    expect(await send(later(1_000))).toEqual({ sent: 0, failed: 0 })
    expect(await send(later(MAIL_POLICY.leaseMs))).toEqual({ sent: 1, failed: 0 })
  })

  it('by one of several workers, never by two', async () => {
    for (let i = 0; i < 20; i++) await tell(OWNER, `d${i}`)
    const outcomes = await Promise.all([send(), send(), send()])
    expect(outcomes.reduce((sum, outcome) => sum + outcome.sent, 0)).toBe(20)
    expect(new Set(smtp.received.map((mail) => idOf(mail.data))).size).toBe(20)
    expect(smtp.received).toHaveLength(20)
  })

  it('is dead after the last attempt, in sight of the centre, and comes back to life by hand', async () => {
    await tell(OWNER, 'e')
    smtp.behave('refuse')
    let at = now
    for (let attempt = 1; attempt <= MAIL_POLICY.attempts; attempt++) {
      expect([attempt, await send(at)]).toEqual([attempt, { sent: 0, failed: 1 }])
      at = new Date(at.getTime() + MAIL_POLICY.maxDelayMs)
    }
    expect(await send(at)).toEqual({ sent: 0, failed: 0 })
    const dead = await view()
    expect(dead).toMatchObject({ dead: 1, waiting: 0 })
    expect(dead.items[0]).toMatchObject({ state: 'dead', attempts: MAIL_POLICY.attempts })
    expect(dead.items[0]?.lastError).toContain('550')
    const retry = (as: string) =>
      api.call(actors.find((a) => a.id === as) ?? null, 'POST', `/api/mail/${dead.items[0]?.id}/retry`)
    expect((await retry(OWNER)).status).toBe(403)
    expect((await retry('per_demo_auditor')).status).toBe(403)
    expect((await retry('per_demo_operator')).status).toBe(204)
    expect((await retry('per_demo_operator')).status).toBe(404)
    smtp.behave('take')
    expect(await send(at)).toEqual({ sent: 1, failed: 0 })
    const { rows } = await sql<{ kind: string }>`select kind from ledger_entry
      where kind like 'mail.%' and body::jsonb -> 'data' ->> 'id' = ${dead.items[0]?.id} order by id`.execute(
      await seeing(),
    )
    expect(rows.map((row) => row.kind)).toEqual(['mail.dead', 'mail.revived', 'mail.sent'])
  })

  it('and open pages of the centre hear of each step', async () => {
    const heard: { topic: string; organisationId: string | null }[] = []
    const listener = await listen(db.url, 'rankan_changes', (payload) => {
      const message = JSON.parse(payload)
      if (message.topic === 'mail') heard.push(message)
    })
    const hears = async (count: number) => {
      while (heard.length < count) await db.clock.sleep(5)
      expect(heard.splice(0)).toEqual(
        Array(count).fill(expect.objectContaining({ organisationId: 'centre' })),
      )
    }
    await tell(OWNER, 'h')
    await hears(1)
    smtp.behave('busy')
    await send()
    await hears(1)
    smtp.behave('take')
    await send(later(MAIL_POLICY.firstDelayMs))
    await hears(1)
    await listener.stop()
  })

  it('waits and says why, when the organisation has no address that can be reached', async () => {
    await tell('per_nobody', 'f')
    expect(await send()).toEqual({ sent: 0, failed: 1 })
    expect((await view()).items[0]).toMatchObject({
      state: 'waiting',
      to: null,
      lastError: 'no_group_address',
    })
  })

  it('keeps names that people wrote out of its headers', async () => {
    await tell(OWNER, 'g', { system: 'x\r\nBcc: thief@example.com\r\n\r\nhello' })
    expect(await send()).toEqual({ sent: 1, failed: 0 })
    const [mail] = smtp.received
    expect(mail?.to).toEqual([group])
    expect(mail?.data.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
  })

  it('says whether there is a gateway', async () => {
    expect((await view()).gateway).toBe(false)
    await noteGateway(db, true)
    expect((await view('per_demo_auditor')).gateway).toBe(true)
    await noteGateway(db, false)
    expect((await view()).gateway).toBe(false)
  })
})

/** nodemailer chooses base64 or quoted-printable by the text. */
function bodyOf(data: string): string {
  const [head = '', ...rest] = data.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
