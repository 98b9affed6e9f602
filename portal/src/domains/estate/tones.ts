import type { AccountStatus } from '@rankan/server/domain/accounts/status.ts'
import type { WorkState } from '@rankan/server/domain/accounts/work-view.ts'
import type { DriftState } from '@rankan/server/domain/drift/kinds.ts'
import type { Tone } from '../../components/StatusBadge.tsx'

export const ACCOUNT_TONES: Readonly<Record<AccountStatus, Tone>> = {
  vending: 'active',
  active: 'good',
  suspended: 'warning',
  closing: 'active',
  post_closure: 'neutral',
  closed: 'neutral',
  departed: 'bad',
}

export const WORK_TONES: Readonly<Record<WorkState, Tone>> = {
  queued: 'waiting',
  running: 'active',
  needs_repair: 'bad',
  done: 'good',
  abandoned: 'neutral',
}

export const DRIFT_TONES: Readonly<Record<DriftState, Tone>> = {
  open: 'warning',
  applying: 'active',
  resolved: 'good',
}
