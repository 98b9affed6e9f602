import { sql } from 'kysely'
import { admissionOf } from '../../domain/scheduling/admission.ts'
import type { Tx } from '../transact.ts'

export interface WorkRequest {
  /** `<applicationId>.<environment or kind>`; the same id again changes nothing. */
  readonly workId: string
  readonly kind: string
  readonly awsOrganizationId: string
  /** The organisation (`org_…`) whose turn this work uses. */
  readonly tenantId: string
  /** Share of the tenant against others; 1 unless the centre decided otherwise. */
  readonly weight?: number
  /** ISO 8601 */
  readonly deadline: string | null
}

/**
 * Puts an approved order into the queue, in the transaction of the approval: the work exists exactly when the
 * approval does. Its place is fixed here by start-time fair queueing: each tenant's next item starts where its
 * previous one ends, but never before the queue's present, so that 400 items of one tenant delay another's by one.
 */
export async function enqueueWork(tx: Tx, work: WorkRequest): Promise<void> {
  await sql`select rankan_enqueue_work(${work.workId}, ${work.kind}, ${work.awsOrganizationId}, ${work.tenantId},
    ${work.weight ?? 1}::double precision, ${work.deadline}::timestamptz, ${admissionOf(work.kind)})`.execute(
    tx.sql,
  )
}

/** Takes work out of the queue that was not granted yet. False when it is too late. */
export async function withdrawWork(tx: Tx, workId: string): Promise<boolean> {
  const result = await sql<{
    withdrawn: boolean
  }>`select rankan_withdraw_work(${workId}) as withdrawn`.execute(tx.sql)
  return result.rows[0]?.withdrawn ?? false
}
