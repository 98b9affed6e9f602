import { z } from 'zod'
import { keptCarrier, keptPolicy } from './kept.ts'
import { APPLY_STATES, STEP_STATES } from './kinds.ts'
import { controlDrift, planStep } from './plans.ts'
import { setRef } from './sets.ts'

/**
 * Applies: a worker does exactly what a plan says, step by step, and refuses if the world moved since the plan.
 *
 * | route | who | body / query | reply |
 * |---|---|---|---|
 * | `POST /api/control-plans/{id}/apply` (`Idempotency-Key`) | central operator | `applyRequest` | 202 `applyView`; 422 `reason_required`; 409 `plan_not_ready`, `plan_applied`, `apply_in_progress` |
 * | `GET /api/control-applies` | centre | `applyListQuery` | `applyPage`, newest first |
 * | `GET /api/control-applies/{id}` | centre | | `applyDetail` |
 * | `POST /api/control-applies/{id}/retry` | central operator | | `applyView`: goes on at the failed step |
 * | `POST /api/control-applies/{id}/give-up` | central operator | `giveUpRequest` | `applyView`: undoes what was done |
 * | `GET /api/aws-organizations/{id}/controls` | centre | | `controlStatus`: sets by target, policies with their controls, drift as of the last sweep |
 *
 * Server-sent events: topic `control_applies`, id `cap_…`, after every step.
 */

/** Why a preventive form goes on without the staged rollout. */
const reason = z.string().trim().min(5).max(1_000)

export const applyRequest = z.object({
  /** Must be given when the plan is `preventive`. */
  reason: reason.optional(),
})
export type ApplyRequest = z.infer<typeof applyRequest>

export const giveUpRequest = z.object({ reason })

export const stepView = planStep.extend({
  state: z.enum(STEP_STATES),
  attempts: z.number().int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  result: z.record(z.string(), z.string()).nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type StepView = z.infer<typeof stepView>

export const applyView = z.object({
  /** `cap_…` */
  id: z.string(),
  planId: z.string(),
  awsOrganizationId: z.string(),
  target: z.string(),
  targetName: z.string(),
  set: z.string(),
  version: z.number().int(),
  action: z.enum(['put', 'remove']),
  state: z.enum(APPLY_STATES),
  reason: z.string().nullable(),
  preventive: z.boolean(),
  steps: z.number().int(),
  stepsDone: z.number().int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type ApplyView = z.infer<typeof applyView>

export const applyDetail = applyView.extend({ stepList: z.array(stepView) })
export type ApplyDetail = z.infer<typeof applyDetail>

export const applyListQuery = z.object({
  awsOrganizationId: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export const applyPage = z.object({ items: z.array(applyView), nextCursor: z.string().nullable() })

export const controlStatus = z.object({
  awsOrganizationId: z.string(),
  targets: z.array(
    z.object({
      target: z.string(),
      /** null: the last sweep saw no such place. */
      name: z.string().nullable(),
      sets: z.array(setRef.extend({ appliedAt: z.string(), planId: z.string() })),
    }),
  ),
  policies: z.array(keptPolicy),
  carriers: z.array(keptCarrier),
  /** Differences between what was applied and what the last sweep read. */
  drift: z.array(controlDrift),
  /** When that sweep was; null: none yet, and nothing is known of drift. */
  readAt: z.string().nullable(),
})
export type ControlStatus = z.infer<typeof controlStatus>
