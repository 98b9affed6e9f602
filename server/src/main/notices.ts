import { MAIL_POLICY } from '../domain/mail/policy.ts'
import { tryAlone } from '../storage/alone.ts'
import { noteGateway } from '../storage/mail/list.ts'
import { mailStore } from '../storage/mail/outbox.ts'
import type { Changes } from '../storage/transact.ts'
import { sendDueMails } from '../workflows/send-mail.ts'
import type { Config } from './config.ts'
import type { Periodic } from './periodic.ts'
import { smtpMailer } from './smtp.ts'

const MAIL_EVERY_MS = 5_000

/** What a worker does about people who must be told: the mails of the outbox. */
export function noticeTasks(config: Config, on: Changes): readonly Periodic[] {
  const { smtp } = config
  if (smtp === undefined)
    return [{ name: 'mail gateway', everyMs: 60_000, run: () => noteGateway(on, false) }]
  const parts = {
    store: mailStore(on),
    mailer: smtpMailer(smtp.url, smtp.from),
    policy: MAIL_POLICY,
    portal: config.publicUrl ?? null,
    now: () => on.clock.now(),
  }
  return [
    { name: 'mail gateway', everyMs: 60_000, run: () => noteGateway(on, true) },
    {
      name: 'mail',
      everyMs: MAIL_EVERY_MS,
      run: () => tryAlone(on, 'mail', MAIL_EVERY_MS * 0.8, () => sendDueMails(parts)),
    },
  ]
}
