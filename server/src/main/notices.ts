import { MAIL_POLICY } from '../domain/mail/policy.ts'
import { tryAlone } from '../storage/alone.ts'
import { escalate } from '../storage/escalation/escalate.ts'
import { noteGateway } from '../storage/mail/list.ts'
import { mailStore } from '../storage/mail/outbox.ts'
import type { Changes } from '../storage/transact.ts'
import { sendDueMails } from '../workflows/send-mail.ts'
import type { Config } from './config.ts'
import type { Periodic } from './periodic.ts'
import { smtpMailer } from './smtp.ts'

const MAIL_EVERY_MS = 5_000
/** Days decide; a person who puts something right should not be told of it an hour later. */
const ESCALATE_EVERY_MS = 5 * 60_000

/** What a worker does about people who must be told: what needs attention, and the mails of the outbox. */
export const noticeTasks = (config: Config, on: Changes): readonly Periodic[] => [
  {
    name: 'escalation',
    everyMs: ESCALATE_EVERY_MS,
    run: () => tryAlone(on, 'escalation', ESCALATE_EVERY_MS * 0.8, () => escalate(on)),
  },
  ...mailTasks(config, on),
]

function mailTasks(config: Config, on: Changes): readonly Periodic[] {
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
