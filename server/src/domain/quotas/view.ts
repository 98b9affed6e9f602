import { z } from 'zod'
import { isDay } from '../../kernel/days.ts'
import { bilingual } from '../accounts/view.ts'

/** What the API answers and takes about the quotas of one AWS organisation. */

/** A value that the centre entered; `limit` null: from that day on what AWS publishes holds again. */
export const quotaEntry = z.object({
  limit: z.number().int().nullable(),
  effectiveFrom: z.string(),
  reason: z.string(),
  recordedBy: z.string(),
  recordedAt: z.string(),
})
export type QuotaEntry = z.infer<typeof quotaEntry>

export const quotaRow = z.object({
  quota: z.string(),
  title: bilingual,
  /** What one budget covers. */
  scope: z.string(),
  /** In force today. */
  limit: z.number().int(),
  /** What AWS publishes, computed for this organisation where AWS computes it. */
  published: z.number().int(),
  /** How AWS computes it: so much of the member accounts, between two bounds. Members are null before the first sweep. */
  computed: z
    .object({
      percent: z.number(),
      atLeast: z.number().int(),
      atMost: z.number().int(),
      members: z.number().int().nullable(),
    })
    .nullable(),
  /** Whether AWS raises it on request, and the highest value that may be entered. */
  adjustable: z.boolean(),
  highest: z.number().int(),
  windowDays: z.number().int().nullable(),
  source: z.string(),
  asOf: z.string(),
  /** In force today. */
  override: quotaEntry.nullable(),
  /** From a later day on, soonest first. */
  upcoming: z.array(quotaEntry),
})
export type QuotaRow = z.infer<typeof quotaRow>

/** GET /api/aws-organizations/{id}/quotas */
export const quotaList = z.object({ awsOrganizationId: z.string(), items: z.array(quotaRow) })
export type QuotaList = z.infer<typeof quotaList>

/** PUT /api/aws-organizations/{id}/quotas/{quota} */
export const quotaChange = z.object({
  limit: z.number().int().nullable().describe('null: what AWS publishes holds again'),
  effectiveFrom: z
    .string()
    .refine(isDay, { error: 'must be a day as `2026-04-01`' })
    .optional()
    .describe('today in Japan when left out'),
  reason: z.string().trim().min(1).max(500),
})
export type QuotaChange = z.infer<typeof quotaChange>
