import type { AccountRegister } from '../ports/accounts.ts'
import type { Estate } from '../ports/estate.ts'
import type { LifecycleStore } from '../ports/lifecycle.ts'
import type { Order, OrderStore } from '../ports/orders.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import type { Timings } from './timings.ts'

/** Everything that a workflow may touch: effects go through these and through nothing else, so that they can be counted. */
export interface WorkflowDeps {
  readonly orders: OrderStore
  readonly register: AccountRegister
  readonly lifecycle: LifecycleStore
  /** Throws `not_found` for an AWS organisation that is not connected. */
  estate(awsOrganizationId: string): Estate
  readonly timings: Timings
}

/** What the parts of one execution share. */
export interface Work {
  readonly ctx: WorkflowContext
  readonly deps: WorkflowDeps
  readonly workId: string
  readonly awsOrganizationId: string
  /** Read once for each execution: people correct an order only while it waits for repair, and then a new one begins. */
  order(): Promise<Order>
}

export const estateOf = (work: Work): Estate => work.deps.estate(work.awsOrganizationId)
