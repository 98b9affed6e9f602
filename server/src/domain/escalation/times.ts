import type { AttentionKind } from '../organisations/view.ts'

/** How long an organisation's owner has before the centre is told; days count from when the owner was told. */
export interface EscalationTimes {
  /** null: there is nobody at the organisation who could act; the centre is told at once. */
  readonly centreAfterDays: Readonly<Record<AttentionKind, number | null>>
  /** A contract that ends within so many days needs a successor. */
  readonly contractNoticeDays: number
  readonly source: string
  readonly asOf: string
}

export const ESCALATION_TIMES: EscalationTimes = {
  centreAfterDays: {
    ownerless_account: null,
    no_owner: null,
    // The first response to an incident is the organisation's own, so a dead address is a gap in defence.
    dead_contact: 5,
    missing_contact: 10,
    left_with_grant: 3,
    contract_ended: 3,
    contract_ending: 30,
    exception_expired: 14,
  },
  contractNoticeDays: 60,
  source: 'Decision of this project: no public document of Government Cloud names these times',
  asOf: '2026-11-22',
}
