import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { systemActor } from '../../src/domain/people/roles.ts'
import { notify } from '../../src/storage/applications/notifications.ts'
import { seedDemo } from '../../src/storage/organisations/demo.ts'
import { transact } from '../../src/storage/transact.ts'
import { ids } from '../organisations/support.ts'
import { testDatabase } from '../support/postgres.ts'
import { startSmtp } from './smtp-server.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** A worker looks every five seconds; the rest is the machine, with everything on it. */
const WITHIN_MS = 120_000

/** The built product's own worker on its own database, with a gateway on loopback; `npm test` has built it. */
it('a worker that runs by itself mails what was told before it started, also what it finds itself, and ends', async () => {
  const db = await testDatabase()
  onTestFinished(() => db.drop())
  const smtp = await startSmtp()
  onTestFinished(() => smtp.close())
  await seedDemo(db, ids)
  await transact(db, systemActor('test'), (tx) =>
    notify(tx, {
      personId: 'per_demo_owner',
      organisationId: null,
      kind: 'application.reminder',
      subject: 'app_1',
      params: { hours: '48', organisation: '鯖江市', system: '住民記録システム' },
      onceKey: 'one',
    }),
  )
  const worker = spawn(process.execPath, ['server/bin/rankan.js', 'worker'], {
    cwd: root,
    env: {
      ...process.env,
      RANKAN_DATABASE_URL: db.url,
      RANKAN_SMTP_URL: smtp.url,
      RANKAN_MAIL_FROM: 'Rankan <rankan@cloud.example.go.jp>',
      RANKAN_PUBLIC_URL: 'https://rankan.example.jp',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  worker.stdout?.on('data', (chunk) => (said += chunk))
  worker.stderr?.on('data', (chunk) => (said += chunk))
  const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve))
  const end = Date.now() + WITHIN_MS
  const of = (text: string) => smtp.received.find((mail) => decoded(mail.data).includes(text))
  while (
    (!of('/applications/app_1') || !of('/organisations/attention')) &&
    Date.now() < end &&
    worker.exitCode === null
  )
    await new Promise((resolve) => setTimeout(resolve, 100))
  worker.kill('SIGINT')
  expect([await ended, of('/applications/app_1') !== undefined], said.slice(-2000)).toEqual([0, true])
  const reminder = of('/applications/app_1')
  expect(reminder?.from).toContain('rankan@cloud.example.go.jp')
  expect(reminder?.to).toHaveLength(1)
  expect(decoded(reminder?.data ?? '')).toContain('https://rankan.example.jp/applications/app_1')
  // Nobody told the worker of this: its own sweep of what needs attention did.
  expect(of('/organisations/attention')).toBeDefined()
  const keys = smtp.received.map(({ data, to }) => `${/^Message-ID: (.*)$/im.exec(data)?.[1]} ${to}`)
  expect(new Set(keys).size).toBe(keys.length)
}, 180_000)

/** The text of a mail, whichever way it was made fit for the wire. */
const decoded = (data: string): string => {
  const [head = '', ...rest] = data.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/^Content-Transfer-Encoding: quoted-printable/im.test(head)) return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
