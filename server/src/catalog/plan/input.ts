import type { Carrier, KeptCarrier, KeptPolicy } from '../../domain/controls/kept.ts'
import type { Mechanism, PlanQuota } from '../../domain/controls/plans.ts'
import type { ControlWorld } from '../../domain/controls/world.ts'
import type { OwnLimit } from '../../domain/quotas/lookup.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { OrganizationKind } from '../../policy/guardrails.ts'
import type { Control } from '../record.ts'
import type { NamedSet } from './choose.ts'
import type { Hash } from './documents.ts'
import type { Change } from './policy-steps.ts'

/** Everything that a plan is made of. The same input gives the same plan. */
export interface PlanInput {
  readonly world: ControlWorld
  /** `r-…` or `ou-…` */
  readonly target: string
  /** Every set that the target is to have. */
  readonly sets: readonly NamedSet[]
  readonly library: readonly Control[]
  readonly kept: Kept
  readonly hash: Hash
  /** Kinds of policies, with what AWS publishes of their quotas. */
  readonly limits: readonly OrganizationKind[]
  /** What the centre entered for this organisation instead; left out: nothing. */
  readonly ownLimits?: readonly OwnLimit[]
  /** What a hook is to do with what fails; left out: as it is, and what is new warns. */
  readonly hookMode?: 'WARN' | 'FAIL' | null
}

/** What was applied in this AWS organisation, on every target. */
export interface Kept {
  readonly policies: readonly KeptPolicy[]
  readonly carriers: readonly KeptCarrier[]
}

/** What one part of AWS contributes to a plan. */
export interface PartPlan {
  readonly changes: readonly Change[]
  readonly mechanisms: readonly Mechanism[]
  readonly carriers: readonly Carrier[]
  readonly quotas: readonly PlanQuota[]
  readonly notes: readonly Bilingual[]
}

export const NO_PART: PartPlan = { changes: [], mechanisms: [], carriers: [], quotas: [], notes: [] }
