import { z } from 'zod'
import { APPLICATION_KINDS, ENVIRONMENTS } from '../applications/kinds.ts'
import { bilingual } from './view.ts'

/** One order's workflow as people see it: the live timeline of the application page, and the queue of the centre. */

export const WORK_STATES = ['queued', 'running', 'needs_repair', 'done', 'abandoned'] as const
export type WorkState = (typeof WORK_STATES)[number]

export const STEP_STATES = ['running', 'waiting', 'done', 'failed'] as const

export const stepView = z.object({
  step: z.string(),
  title: bilingual,
  /** `waiting`: AWS works, or a slot of a quota is not free yet. */
  state: z.enum(STEP_STATES),
  attempts: z.number().int(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** The last error, also of a step that went well later. */
  error: z.object({ code: z.string(), message: z.string(), at: z.string() }).nullable(),
  /** e.g. `{ "confirmedBy": "event" }` or `{ "confirmedBy": "look" }` */
  detail: z.record(z.string(), z.string()),
})
export type StepView = z.infer<typeof stepView>

export const failureView = z.object({
  step: z.string(),
  code: z.string(),
  message: z.string(),
  /** Fields that a person may correct, e.g. `account.email`. */
  correctable: z.array(z.string()),
  at: z.string(),
})

export const workView = z.object({
  workId: z.string(),
  applicationId: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  environment: z.enum(ENVIRONMENTS).nullable(),
  state: z.enum(WORK_STATES),
  awsOrganizationId: z.string(),
  organisationId: z.string(),
  organisationName: bilingual,
  systemName: bilingual,
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  accountEmail: z.string().nullable(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  deadline: z.string().nullable(),
  failure: failureView.nullable(),
  steps: z.array(stepView),
})
export type WorkView = z.infer<typeof workView>

export const applicationTimeline = z.object({ applicationId: z.string(), works: z.array(workView) })
export type ApplicationTimeline = z.infer<typeof applicationTimeline>

/** POST /api/works/{workId}/repair */
export const repairRequest = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('retry'),
    /** From that step on; without it, from the step that failed. */
    fromStep: z.string().max(80).optional(),
  }),
  z.object({
    action: z.literal('correct'),
    field: z.enum(['account.email', 'account.name', 'contacts', 'budget.notify', 'owner.email']),
    // Checked against the field's own schema when the order is corrected.
    value: z.unknown(),
    reason: z.string().trim().min(1).max(500),
  }),
  z.object({ action: z.literal('give_up'), reason: z.string().trim().min(1).max(500) }),
])
export type RepairRequest = z.infer<typeof repairRequest>

export const quotaView = z.object({
  quota: z.string(),
  title: bilingual,
  /** OU, or the AWS organisation itself */
  scope: z.string(),
  limit: z.number().int(),
  used: z.number().int(),
  waiting: z.number().int(),
  /** workIds that hold a unit now */
  holders: z.array(z.string()),
})

export const queueItem = z.object({
  workId: z.string(),
  applicationId: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  environment: z.enum(ENVIRONMENTS).nullable(),
  organisationId: z.string(),
  organisationName: bilingual,
  state: z.enum(WORK_STATES),
  /** The step that runs or waits now. */
  step: z.string().nullable(),
  stepTitle: bilingual.nullable(),
  queuedAt: z.string(),
  deadline: z.string().nullable(),
  /** Estimated end, if the engine can tell. */
  etaAt: z.string().nullable(),
})
export type QueueItem = z.infer<typeof queueItem>

/** GET /api/queue */
export const queueView = z.object({
  at: z.string(),
  organizations: z.array(
    z.object({
      awsOrganizationId: z.string(),
      name: z.string(),
      counts: z.object({
        queued: z.number().int(),
        running: z.number().int(),
        needsRepair: z.number().int(),
        doneToday: z.number().int(),
      }),
      quotas: z.array(quotaView),
    }),
  ),
  /** Running first, then needing repair, then waiting in order; at most 200 per page. */
  items: z.array(queueItem),
  nextCursor: z.string().nullable(),
})
export type QueueView = z.infer<typeof queueView>
