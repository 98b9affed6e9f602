import type { ApplyState, PlanState, StepState } from '@rankan/server/domain/controls/kinds.ts'
import type { TimelineState } from '../../../components/ProgressTimeline.tsx'
import type { Tone } from '../../../components/StatusBadge.tsx'

export const PLAN_TONES: Readonly<Record<PlanState, Tone>> = {
  queued: 'waiting',
  reading: 'active',
  ready: 'good',
  failed: 'bad',
}

export const APPLY_TONES: Readonly<Record<ApplyState, Tone>> = {
  queued: 'waiting',
  running: 'active',
  needs_repair: 'bad',
  giving_up: 'active',
  done: 'good',
  refused: 'warning',
  given_up: 'neutral',
}

export const STEP_LOOKS: Readonly<Record<StepState, TimelineState>> = {
  pending: 'pending',
  running: 'running',
  done: 'done',
  failed: 'failed',
  undone: 'waiting',
  kept: 'failed',
}

export const isPlanOver = (state: PlanState): boolean => state === 'ready' || state === 'failed'
export const isApplyOver = (state: ApplyState): boolean =>
  state === 'done' || state === 'refused' || state === 'given_up'

/** As the server asks it (`applyRequest`). */
const LEAST_REASON = 5
export const isReason = (text: string): boolean => text.trim().length >= LEAST_REASON
