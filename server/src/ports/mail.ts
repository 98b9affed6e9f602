import type { Told } from '../domain/mail/texts.ts'

export interface Mail {
  /** A group address, never a person's. */
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Names the message for all its attempts: a mail that was sent twice is shown once by mail programs that look at it. */
  readonly messageKey: string
}

/** The way out, e.g. SMTP. Resolves when the gateway has taken the mail; throws when it has not, or nobody knows. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}

/** A mail that this worker has taken out of the outbox for an attempt. */
export interface TakenMail extends Told {
  /** Rows of the outbox that it serves: people behind one address. */
  readonly ids: readonly string[]
  readonly messageKey: string
  /** null: the people's organisation has no group address that can be reached. */
  readonly to: string | null
  /** This attempt, from 1. */
  readonly attempts: number
}

export interface MailStore {
  /** Takes mails that are due; they come back by themselves after `leaseMs` if nothing more is heard of them. */
  take(now: Date, limit: number, leaseMs: number): Promise<readonly TakenMail[]>
  sent(ids: readonly string[], to: string, at: Date): Promise<void>
  /** `nextAt` null: dead. */
  failed(ids: readonly string[], to: string | null, error: string, nextAt: Date | null): Promise<void>
}
