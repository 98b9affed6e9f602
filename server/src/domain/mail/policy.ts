/** How often and how long a mail is tried before a person must look at it. */
export interface MailPolicy {
  readonly attempts: number
  readonly firstDelayMs: number
  readonly factor: number
  readonly maxDelayMs: number
  /** A worker that took mails and died gives them back after this. */
  readonly leaseMs: number
  readonly source: string
  readonly asOf: string
}

export const MAIL_POLICY: MailPolicy = {
  attempts: 10,
  firstDelayMs: 60_000,
  factor: 3,
  // RFC 5321 asks for at least 4 to 5 days before giving up; a reminder is of no use after two.
  maxDelayMs: 12 * 3_600_000,
  leaseMs: 5 * 60_000,
  source: 'RFC 5321 section 4.5.4.1 (retry strategy), shortened: reminders are worth two days',
  asOf: '2026-11-22',
}

export type AfterFailure = { readonly state: 'dead' } | { readonly state: 'waiting'; readonly nextAt: Date }

/** What becomes of a mail whose attempt number `attempts` (from 1) failed at `now`. */
export function afterFailure(attempts: number, now: Date, policy: MailPolicy): AfterFailure {
  if (attempts >= policy.attempts) return { state: 'dead' }
  const delay = Math.min(policy.firstDelayMs * policy.factor ** (attempts - 1), policy.maxDelayMs)
  return { state: 'waiting', nextAt: new Date(now.getTime() + delay) }
}
