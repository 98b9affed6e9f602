import { createHash } from 'node:crypto'
import type { PlanInput } from '../../catalog/plan/input.ts'
import { planControls } from '../../catalog/plan/plan.ts'
import { NOTHING_KEPT, PRODUCTION, smallWorld } from '../../catalog/plan/testing.ts'
import type { ControlEffect } from '../../domain/controls/effects.ts'
import type { ControlPlan } from '../../domain/controls/plans.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import { readLibrary } from './library.ts'

/** For tests of plans: the controls that come with Rankan, on the small organisation of `catalog/plan/testing.ts`. */
export const library = readLibrary()

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the OU for production would have without any set; a test gives what it varies. */
export const inputFor = (more: Partial<PlanInput> = {}): PlanInput => ({
  world: smallWorld(),
  target: PRODUCTION,
  sets: [],
  library,
  kept: NOTHING_KEPT,
  hash,
  limits: ORGANIZATION_KINDS,
  ...more,
})

export const planFor = (more: Partial<PlanInput> = {}): ControlPlan => planControls(inputFor(more))

export const effectsOf = (plan: ControlPlan): readonly ControlEffect[] =>
  plan.steps.map(({ effect }) => effect)

export const dosOf = (plan: ControlPlan): readonly ControlEffect['do'][] =>
  effectsOf(plan).map((one) => one.do)
