import { z } from 'zod'

/**
 * What the portal and the API say about the sandbox estate: the sandbox's own control API (`sandbox/control/api.ts`)
 * under `/api/sandbox/`. It stands here because the portal may not import the sandbox.
 */

/** Where a fault strikes: a call, the outcome of an asynchronous operation, an event, or what reads show. */
export const FAULT_POINTS = ['call', 'outcome', 'event', 'visibility'] as const

export const faultView = z.discriminatedUnion('do', [
  z.object({ do: z.literal('throttle') }),
  z.object({ do: z.literal('fail'), code: z.string().min(1).max(100), message: z.string().max(500) }),
  z.object({ do: z.literal('stick') }),
  z.object({ do: z.literal('taint'), message: z.string().max(500) }),
  z.object({ do: z.literal('drop') }),
  z.object({ do: z.literal('duplicate') }),
  z.object({ do: z.literal('delay'), ms: z.number().int().min(0).max(86_400_000) }),
])
export type FaultView = z.infer<typeof faultView>

export const faultRuleView = z.object({
  id: z.string(),
  at: z.enum(FAULT_POINTS),
  service: z.string(),
  operation: z.string(),
  subject: z.string().nullable(),
  /** Share of fitting calls, 0..1. */
  probability: z.number(),
  /** How often it may still strike; null: until removed. */
  times: z.number().int().nullable(),
  fault: faultView,
  struck: z.number().int(),
})
export type FaultRuleView = z.infer<typeof faultRuleView>

/** POST /api/sandbox/faults. `*` stands for any text. */
export const faultRequest = z.object({
  at: z.enum(FAULT_POINTS),
  service: z.string().min(1).max(100).default('*'),
  operation: z.string().min(1).max(100).default('*'),
  subject: z.string().max(200).optional(),
  probability: z.number().gt(0).max(1).default(1),
  times: z.number().int().min(1).max(1_000_000).optional(),
  fault: faultView,
})
export type FaultRequestView = z.input<typeof faultRequest>

export const sandboxOrganizationView = z.object({
  name: z.string(),
  organizationId: z.string(),
  managementAccountId: z.string(),
  engine: z.enum(['account_factory', 'auto_enrolment']),
  hasLandingZone: z.boolean(),
  /** Accounts by AWS's state. */
  accounts: z.record(z.string(), z.number()),
  ous: z.number(),
  creationsInFlight: z.number(),
})

/** GET /api/sandbox/state */
export const sandboxStateView = z.object({
  virtualTime: z.string(),
  timeScale: z.number(),
  organizations: z.array(sandboxOrganizationView),
  /** Timers that wait, by `service.kind`. */
  inFlight: z.record(z.string(), z.number()),
  nextTimerAt: z.string().nullable(),
  faults: z.array(faultRuleView),
  timerFailures: z.number(),
})
export type SandboxStateView = z.infer<typeof sandboxStateView>

/** POST /api/sandbox/time: first the jump, then the scale. */
export const sandboxTimeRequest = z.object({
  scale: z.number().min(0).max(10_000_000).optional(),
  advanceMs: z.number().int().min(0).max(31_536_000_000).optional(),
})
export type SandboxTimeRequest = z.infer<typeof sandboxTimeRequest>

/** POST /api/sandbox/fast-load: accounts that are there at once, made by no application; the sweep finds them. */
export const sandboxLoadRequest = z.object({
  organizationId: z.string().max(40),
  accounts: z.number().int().min(1).max(10_000),
  ouName: z.string().max(128).optional(),
})
export type SandboxLoadRequest = z.infer<typeof sandboxLoadRequest>
