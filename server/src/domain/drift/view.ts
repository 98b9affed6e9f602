import { z } from 'zod'
import { bilingual } from '../accounts/view.ts'
import { DRIFT_ACTIONS, DRIFT_KINDS, DRIFT_STATES } from './kinds.ts'

/** What the API answers about drift: a difference between estate and register that no workflow explains. */

export const driftRow = z.object({
  /** `drf_…` */
  id: z.string(),
  kind: z.enum(DRIFT_KINDS),
  state: z.enum(DRIFT_STATES),
  awsOrganizationId: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  organisationId: z.string().nullable(),
  organisationName: bilingual.nullable(),
  /** What the register holds and what AWS shows, e.g. `ou-1 (Production)` and `ou-2 (Sandbox)`; null when there is none. */
  expected: z.string().nullable(),
  actual: z.string().nullable(),
  /** What a person may do, best first. */
  actions: z.array(z.enum(DRIFT_ACTIONS)),
  foundAt: z.string(),
  lastSeenAt: z.string(),
  resolvedAt: z.string().nullable(),
  resolvedBy: z.string().nullable(),
  resolution: z.enum([...DRIFT_ACTIONS, 'vanished']).nullable(),
  reason: z.string().nullable(),
})
export type DriftRow = z.infer<typeof driftRow>

export const driftListQuery = z.object({
  state: z.enum(DRIFT_STATES).optional(),
  kind: z.enum(DRIFT_KINDS).optional(),
  awsOrganizationId: z.string().max(60).optional(),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type DriftListQuery = z.infer<typeof driftListQuery>

export const driftPage = z.object({
  items: z.array(driftRow),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
})
export type DriftPage = z.infer<typeof driftPage>

/** POST /api/drift/{id}/apply */
export const driftApply = z.object({
  action: z.enum(DRIFT_ACTIONS),
  reason: z.string().trim().min(1).max(500),
  /** `adopt`: the organisation that the account belongs to, and its environment. */
  organisationId: z.string().max(60).optional(),
  environment: z.enum(['production', 'staging', 'development', 'operation']).optional(),
})
export type DriftApply = z.infer<typeof driftApply>
