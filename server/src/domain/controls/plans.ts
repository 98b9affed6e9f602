import { z } from 'zod'
import { GUARDRAIL_KINDS, TARGET_KINDS } from '../policies/kinds.ts'
import { CONTROL_PARTS, controlEffect } from './effects.ts'
import { FORM_TYPES, PLAN_STATES } from './kinds.ts'
import { controlSetName, setRef } from './sets.ts'

/**
 * Plans: what would change if a target had a control set. Made by a worker, which reads AWS; nothing is changed.
 *
 * | route | who | body / query | reply |
 * |---|---|---|---|
 * | `POST /api/control-plans` (`Idempotency-Key`) | central operator | `planRequest` | 202 `planView` |
 * | `GET /api/control-plans` | centre | `planListQuery` | `planPage`, newest first |
 * | `GET /api/control-plans/{id}` | centre | | `planDetail`; `plan` is null until `ready` |
 *
 * Server-sent events: topic `control_plans`, id `cpl_…`.
 */

const bilingual = z.object({ ja: z.string(), en: z.string() })

export const planRequest = z.object({
  awsOrganizationId: z.string().min(1).max(60),
  /** `r-…` or `ou-…`; `root` for the root, whatever its id is. */
  target: z.string().min(1).max(60),
  set: controlSetName,
  /** Left out: the latest. */
  version: z.number().int().min(1).optional(),
  /** `remove` takes the set off the target. */
  action: z.enum(['put', 'remove']).default('put'),
  /**
   * What a CloudFormation hook does with what fails. `FAIL` only after an apply has brought the same rules with `WARN`.
   * Left out: as it is; what is new begins with `WARN`.
   */
  hookMode: z.enum(['WARN', 'FAIL']).optional(),
})
export type PlanRequest = z.infer<typeof planRequest>
export type PlanRequestInput = z.input<typeof planRequest>

/** One change, with what undoes it. */
export const planStep = z.object({
  /** Counted from 1; steps are done in this order. */
  number: z.number().int(),
  effect: controlEffect,
  /** null: giving up leaves it as it is. */
  undo: controlEffect.nullable(),
  part: z.enum(CONTROL_PARTS),
  words: bilingual,
  /** Controls that it serves. */
  controls: z.array(z.string()),
})
export type PlanStep = z.infer<typeof planStep>

/** Where a statement of a packed policy comes from. */
export const statementSource = z.object({
  control: z.string(),
  file: z.string(),
  /** Index in the control's document. */
  index: z.number().int(),
  sid: z.string().nullable(),
})
export type StatementSource = z.infer<typeof statementSource>

/** A policy as it will be in force, and which controls it carries. */
export const plannedPolicy = z.object({
  kind: z.enum(GUARDRAIL_KINDS),
  name: z.string(),
  /** JSON text as it goes to AWS. */
  document: z.string(),
  characters: z.number().int(),
  maxCharacters: z.number().int(),
  /** Whether AWS has it already with this text, attached to the target. */
  there: z.boolean(),
  controls: z.array(z.string()),
  /** For SCPs and RCPs: by index of the statement in the document. Empty for other kinds. */
  statements: z.array(
    z.object({
      sources: z.array(statementSource),
      /** Wildcards that are equal to the names only over AWS's actions of today. */
      overKnownActions: z.array(z.string()),
    }),
  ),
})
export type PlannedPolicy = z.infer<typeof plannedPolicy>

/** How one form of one control is carried in this organisation. */
export const mechanism = z.object({
  control: z.string(),
  type: z.enum(FORM_TYPES),
  /** As in the control's record: `scp`, `config-managed-rule` … */
  form: z.string(),
  /** null: by nothing here; `why` says why. */
  part: z.enum(CONTROL_PARTS).nullable(),
  /** Policy, pack, control or document that carries it. */
  by: z.string().nullable(),
  state: z.enum(['in_force', 'to_do', 'not_here']),
  why: bilingual.nullable(),
})
export type Mechanism = z.infer<typeof mechanism>

/** What besides a policy carries controls on the target, so that a later plan knows what is ours. */
export const carrier = z.object({
  part: z.enum(CONTROL_PARTS),
  /** Alias of Control Tower's control, name of the pack, document or hook. */
  name: z.string(),
  /** ARN of Control Tower's control; name of the policy of Security Hub that ruled the target before ours; hash of a stack set's template or of a document; when a pack was last changed as the apply saw it. */
  ref: z.string().nullable(),
  controls: z.array(z.string()),
})
export type Carrier = z.infer<typeof carrier>

export const planQuota = z.object({
  what: z.enum([
    'policies_per_target',
    'policy_characters',
    'pack_bytes',
    'pack_rules',
    'control_operations',
    'excluded_accounts',
    'security_hub_policies',
    'template_bytes',
  ]),
  /** Kind of policy, name of the pack or of the stack set. */
  of: z.string(),
  used: z.number().int(),
  after: z.number().int(),
  limit: z.number().int(),
  /** After the plan. */
  left: z.number().int(),
  source: z.string(),
  asOf: z.string(),
})
export type PlanQuota = z.infer<typeof planQuota>

/** Something of ours that was changed or taken away by hand since it was applied. */
export const controlDrift = z.object({
  what: z.enum(['changed', 'deleted', 'detached', 'attached', 'disabled', 'drifted']),
  part: z.enum(CONTROL_PARTS),
  name: z.string(),
  target: z.string().nullable(),
  controls: z.array(z.string()),
  words: bilingual,
  /** What Rankan proposes. */
  proposal: bilingual,
})
export type ControlDrift = z.infer<typeof controlDrift>

export const controlPlan = z.object({
  format: z.literal(1),
  target: z.object({ id: z.string(), kind: z.enum(TARGET_KINDS), name: z.string() }),
  landingZone: z.boolean(),
  /** Every set that the target will have. */
  sets: z.array(setRef),
  steps: z.array(planStep),
  mechanisms: z.array(mechanism),
  policies: z.array(plannedPolicy),
  carriers: z.array(carrier),
  /** Statements that need not be written, because others do all that they do. */
  dropped: z.array(
    z.object({
      source: statementSource,
      because: z.enum(['covered', 'never_matches']),
      by: z.array(statementSource),
    }),
  ),
  quotas: z.array(planQuota),
  drift: z.array(controlDrift),
  /** What a person should know before applying. */
  notes: z.array(bilingual),
  /** Whether it puts a preventive form on, or lets a hook stop what fails: then an apply needs a reason. */
  preventive: z.boolean(),
})
export type ControlPlan = z.infer<typeof controlPlan>

export const planError = z.object({
  code: z.string(),
  message: z.string(),
  issues: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.number()])),
      code: z.string(),
      message: z.string(),
    }),
  ),
})
export type PlanError = z.infer<typeof planError>

export const planView = z.object({
  /** `cpl_…` */
  id: z.string(),
  awsOrganizationId: z.string(),
  /** As asked; the id once it was read. */
  target: z.string(),
  targetName: z.string().nullable(),
  set: z.string(),
  version: z.number().int(),
  action: z.enum(['put', 'remove']),
  hookMode: z.enum(['WARN', 'FAIL']).nullable(),
  state: z.enum(PLAN_STATES),
  /** SHA-256 of what was read and matters; null until it was. */
  digest: z.string().nullable(),
  /** How many changes; null until they are known. */
  steps: z.number().int().nullable(),
  preventive: z.boolean().nullable(),
  error: planError.nullable(),
  /** The apply of this plan: `cap_…`. */
  applyId: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  finishedAt: z.string().nullable(),
})
export type PlanView = z.infer<typeof planView>

export const planDetail = planView.extend({ plan: controlPlan.nullable() })
export type PlanDetail = z.infer<typeof planDetail>

export const planListQuery = z.object({
  awsOrganizationId: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export const planPage = z.object({ items: z.array(planView), nextCursor: z.string().nullable() })
