import type { Hash } from '../../catalog/plan/documents.ts'
import type { Control } from '../../catalog/record.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ControlStore, ControlsPort } from '../../ports/controls.ts'
import type { OrganizationPort } from '../../ports/estate.ts'

/** An AWS organisation as plan and apply see it. */
export interface ControlledEstate {
  readonly organization: Pick<OrganizationPort, 'describe' | 'ous' | 'accountsOf'>
  readonly controls: ControlsPort
}

/** Everything that the making and the applying of a plan may touch. */
export interface ControlDeps {
  readonly store: ControlStore
  /** Throws `not_found` for an AWS organisation that is not connected. */
  estate(awsOrganizationId: string): ControlledEstate
  readonly library: readonly Control[]
  readonly hash: Hash
  readonly clock: Clock
  /** AWS's durations are divided by it; 1 on real AWS. */
  readonly timeScale: number
}
