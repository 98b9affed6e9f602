import { createHash } from 'node:crypto'
import nodemailer from 'nodemailer'
import type { Mailer } from '../ports/mail.ts'

const SECOND = 1_000

/** The only home of nodemailer. `url`: `smtp://` (STARTTLS where the gateway offers it) or `smtps://`, with user and password. */
export function smtpMailer(url: string, from: string): Mailer & { close(): void } {
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    socketTimeout: 30 * SECOND,
    // Nothing of a mail comes from a file or an address of somebody else's choice.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^>@\s]+)>?\s*$/.exec(from)?.[1] ?? 'rankan.invalid'
  return {
    send: async ({ to, subject, text, messageKey }) => {
      await transport.sendMail({
        from,
        to,
        subject,
        text,
        messageId: messageIdOf(messageKey, to, domain),
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transport.close(),
  }
}

/** The same message to the same address has the same id at each attempt (RFC 5322: unique to the message). */
const messageIdOf = (messageKey: string, to: string, domain: string): string =>
  `<${createHash('sha256').update(`${messageKey}\n${to}`).digest('hex').slice(0, 40)}@${domain}>`
