import type { ApplicationState } from '@rankan/server/domain/applications/kinds.ts'
import type { VerdictView } from '@rankan/server/domain/applications/view.ts'
import type { Tone } from '../../components/StatusBadge.tsx'

export const STATE_TONES: Readonly<Record<ApplicationState, Tone>> = {
  draft: 'neutral',
  submitted: 'waiting',
  accepted: 'waiting',
  returned: 'warning',
  rejected: 'bad',
  withdrawn: 'neutral',
  queued: 'waiting',
  running: 'active',
  needs_repair: 'bad',
  ready: 'good',
  abandoned: 'neutral',
}

export const OUTCOME_TONES: Readonly<Record<VerdictView['outcome'], Tone>> = {
  pass: 'good',
  warn: 'warning',
  fail: 'bad',
  unknown: 'neutral',
}
