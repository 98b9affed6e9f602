import { afterFailure, type MailPolicy } from '../domain/mail/policy.ts'
import { mailText } from '../domain/mail/texts.ts'
import type { Mailer, MailStore, TakenMail } from '../ports/mail.ts'

export interface SendParts {
  readonly store: MailStore
  readonly mailer: Mailer
  readonly policy: MailPolicy
  /** Address of the portal for links; null: pages are named without it. */
  readonly portal: string | null
  readonly now: () => Date
}

/** Enough for the reminders of a busy morning; the next round comes in seconds. */
const AT_ONCE = 50
const LONGEST_ERROR = 300

export interface SendOutcome {
  readonly sent: number
  readonly failed: number
}

/**
 * Sends what is due, at least once: a worker that dies between the gateway's yes and the note of it leaves the mail to
 * be sent again, under the same message id.
 */
export async function sendDueMails(parts: SendParts): Promise<SendOutcome> {
  const taken = await parts.store.take(parts.now(), AT_ONCE, parts.policy.leaseMs)
  let sent = 0
  for (const mail of taken) if (await sendOne(parts, mail)) sent++
  return { sent, failed: taken.length - sent }
}

async function sendOne(parts: SendParts, mail: TakenMail): Promise<boolean> {
  const { to } = mail
  if (to === null) {
    await fail(parts, mail, 'no_group_address')
    return false
  }
  try {
    await parts.mailer.send({ to, messageKey: mail.messageKey, ...mailText(mail, parts.portal) })
  } catch (error) {
    await fail(parts, mail, error instanceof Error ? error.message : String(error))
    return false
  }
  await parts.store.sent(mail.ids, to, parts.now())
  return true
}

function fail({ store, policy, now }: SendParts, mail: TakenMail, reason: string): Promise<void> {
  const after = afterFailure(mail.attempts, now(), policy)
  return store.failed(
    mail.ids,
    mail.to,
    reason.slice(0, LONGEST_ERROR),
    after.state === 'dead' ? null : after.nextAt,
  )
}
