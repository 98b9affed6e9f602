/** Work of Account Factory that is under way: one row for each record that has not ended. */
import type { Fault, World } from '../../core/contract.ts'
import { type LandingZone, zonesOf } from '../controltower/state.ts'
import { updateRecord } from './records.ts'
import {
  type CatalogRecord,
  type ProductStatus,
  type ProvisionedProduct,
  provisionedOf,
  recordsOf,
} from './state.ts'

export interface Job {
  readonly recordId: string
  readonly provisionedProductId: string
  readonly kind: 'provision' | 'update' | 'terminate' | 'terminate_ignoring_errors'
  readonly parameters: Readonly<Record<string, string>>
  readonly requestedAt: number
  /** Of `ManagedOrganizationalUnit`. */
  readonly ouId: string
  /** The account operation of Control Tower that it holds. */
  readonly slotId: string | null
  readonly createRequestId: string | null
  readonly accountId: string | null
  /** The work takes at least until then. */
  readonly endsAt: number
  /** An account of an earlier try is taken up: the lifecycle event will be an update. */
  readonly again: boolean
  readonly fault: Fault | null
}

/** Key: record id. */
export const jobsOf = (world: World) => world.table<Job>('servicecatalog.jobs')
/** Accounts that Account Factory made in a try that failed; key: account id. */
export const halfMadeOf = (world: World) => world.table<true>('servicecatalog.half_made')

export interface Work {
  readonly world: World
  readonly job: Job
  readonly record: CatalogRecord
  readonly product: ProvisionedProduct
}

export function workOf(world: World, recordId: string): Work | null {
  const job = jobsOf(world).get(recordId)
  const record = recordsOf(world).get(recordId)
  const product = job && provisionedOf(world).get(job.provisionedProductId)
  return job && record && product ? { world, job, record, product } : null
}

export const zoneOfJob = ({ world, record }: Work): LandingZone | undefined =>
  zonesOf(world).get(record.accountId)

export const keep = ({ world, job }: Work, fields: Partial<Job>): void =>
  jobsOf(world).put(job.recordId, { ...job, ...fields })

export const next = (world: World, delayMs: number, step: string, recordId: string) =>
  world.later(delayMs, 'servicecatalog', step, { recordId })

/** Ends the record and leaves the product in that status. */
export function settle(
  work: Work,
  outcome: {
    status: ProductStatus
    error: { Code: string; Description: string } | null
    fields?: Partial<ProvisionedProduct>
  },
): void {
  const { world, record, product } = work
  const ok = outcome.error === null
  const outputs = outcome.fields?.outputs ?? record.outputs
  updateRecord(world, record.id, {
    status: ok ? 'SUCCEEDED' : 'FAILED',
    errors: outcome.error ? [outcome.error] : [],
    outputs,
  })
  provisionedOf(world).put(product.id, {
    ...product,
    ...outcome.fields,
    status: outcome.status,
    message: outcome.error?.Description ?? null,
    lastSuccessfulProvisioningRecordId: ok ? record.id : product.lastSuccessfulProvisioningRecordId,
  })
  jobsOf(world).delete(record.id)
}
