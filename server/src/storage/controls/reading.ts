import { driftOf } from '../../catalog/plan/drift.ts'
import type { ControlPart } from '../../domain/controls/effects.ts'
import { type ControlDrift, controlDrift } from '../../domain/controls/plans.ts'
import type { CarrierSight } from '../../ports/controls.ts'
import { sha256Of } from '../policies/save-guardrails.ts'
import { CENTRE_ONLY, type Tx } from '../transact.ts'
import { keptOf } from './kept.ts'
import { placeNames } from './places.ts'

/** Parts other than policies that carry something of ours there, when no apply is changing them. */
export async function partsInUse(tx: Tx, awsOrganizationId: string): Promise<readonly ControlPart[]> {
  const open = await tx.sql
    .selectFrom('control_apply')
    .select('id')
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('state', 'in', ['queued', 'running', 'needs_repair', 'giving_up'])
    .executeTakeFirst()
  if (open !== undefined) return []
  const { carriers } = await keptOf(tx, awsOrganizationId)
  return [...new Set(carriers.map(({ part }) => part))]
}

/** Keeps what is not as it was applied; only what changed since the last look is written into the ledger. */
export async function saveReading(tx: Tx, awsOrganizationId: string, sight: CarrierSight): Promise<void> {
  const { carriers } = await keptOf(tx, awsOrganizationId)
  const name = await placeNames(tx, awsOrganizationId)
  const drift = driftOf({ policies: [], carriers }, { ...sight, policies: [], hash: sha256Of }, name)
  const before = await lastReading(tx, awsOrganizationId)
  const text = JSON.stringify(drift)
  await tx.sql
    .insertInto('control_reading')
    .values({ aws_organization_id: awsOrganizationId, read_at: tx.at, drift: text })
    .onConflict((one) => one.column('aws_organization_id').doUpdateSet({ read_at: tx.at, drift: text }))
    .execute()
  if (JSON.stringify(before?.drift ?? []) === text) return
  await tx.record({
    kind: 'control_drift.changed',
    organisationId: null,
    subject: awsOrganizationId,
    data: { drift: drift.map(({ part, name: of, what, target }) => ({ part, name: of, what, target })) },
  })
  await tx.notify('control_applies', awsOrganizationId, CENTRE_ONLY)
}

export async function lastReading(
  tx: Tx,
  awsOrganizationId: string,
): Promise<{ readonly readAt: Date; readonly drift: readonly ControlDrift[] } | null> {
  const row = await tx.sql
    .selectFrom('control_reading')
    .selectAll()
    .where('aws_organization_id', '=', awsOrganizationId)
    .executeTakeFirst()
  return row === undefined ? null : { readAt: row.read_at, drift: controlDrift.array().parse(row.drift) }
}
