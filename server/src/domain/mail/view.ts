import { z } from 'zod'

export const MAIL_STATES = ['waiting', 'sent', 'dead'] as const

/** A mail as the centre sees it; several people behind one group address share one. */
export const mailRow = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  /** What it is about, e.g. `app_…`. */
  subject: z.string(),
  state: z.enum(MAIL_STATES),
  /** Group address that it went to last; null before the first attempt. */
  to: z.string().nullable(),
  attempts: z.number().int(),
  nextAt: z.string().nullable(),
  lastError: z.string().nullable(),
})
export type MailRow = z.infer<typeof mailRow>

export const mailView = z.object({
  /** Whether a worker has a mail gateway; without one nothing is sent. */
  gateway: z.boolean(),
  waiting: z.number().int(),
  dead: z.number().int(),
  sentToday: z.number().int(),
  /** Not sent yet and dead ones first, then the last ones that were sent; at most 100. */
  items: z.array(mailRow),
})
export type MailView = z.infer<typeof mailView>
