import { driftOf } from '../../catalog/plan/drift.ts'
import type { ControlStatus } from '../../domain/controls/applies.ts'
import { notFound } from '../../kernel/errors.ts'
import { awsOrganizations } from '../estate/organizations.ts'
import { sha256Of } from '../policies/save-guardrails.ts'
import type { Tx } from '../transact.ts'
import { keptOf } from './kept.ts'
import { nameIn, placesOf } from './places.ts'
import { lastReading } from './reading.ts'

/** What is applied in an AWS organisation, and what of it the last sweep did not find as it was. */
export async function controlStatusOf(tx: Tx, awsOrganizationId: string): Promise<ControlStatus> {
  if (!(await awsOrganizations(tx)).some(({ id }) => id === awsOrganizationId))
    throw notFound('aws_organization', awsOrganizationId)
  const kept = await keptOf(tx, awsOrganizationId)
  const places = await placesOf(tx, awsOrganizationId)
  const name = nameIn(places)
  const carriers = await lastReading(tx, awsOrganizationId)
  const reading = await tx.sql
    .selectFrom('guardrail_reading')
    .select('read_at')
    .where('aws_organization_id', '=', awsOrganizationId)
    .executeTakeFirst()
  // What is no policy is looked at on its own, and kept as what it differs in.
  const sight = {
    policies: await policiesSeen(tx, awsOrganizationId),
    tower: null,
    packs: null,
    securityHub: null,
    hooks: null,
    documents: null,
    hash: sha256Of,
  }
  const since = await lastApplied(tx, awsOrganizationId)
  // A reading that is older than the last apply would call its own work drift.
  const current = reading !== undefined && (since === null || reading.read_at > since)
  return {
    awsOrganizationId,
    targets: await targetsOf(tx, awsOrganizationId, places),
    policies: [...kept.policies],
    carriers: [...kept.carriers],
    drift: [
      ...(current ? driftOf(kept, sight, name) : []),
      ...(carriers !== null && (since === null || carriers.readAt > since) ? carriers.drift : []),
    ],
    readAt: current ? reading.read_at.toISOString() : null,
  }
}

async function policiesSeen(tx: Tx, awsOrganizationId: string) {
  const rows = await tx.sql
    .selectFrom('guardrail')
    .select(['policy_id', 'kind', 'name', 'document', 'aws_managed'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('aws_managed', '=', false)
    .orderBy('name')
    .execute()
  const attached = await tx.sql
    .selectFrom('guardrail_attachment')
    .select(['policy_id', 'target_id'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('policy_id', 'in', rows.length === 0 ? [''] : rows.map((one) => one.policy_id))
    .execute()
  return rows.map(({ policy_id, kind, name, document, aws_managed }) => ({
    kind,
    name,
    document,
    awsManaged: aws_managed,
    targets: attached.filter((one) => one.policy_id === policy_id).map((one) => one.target_id),
  }))
}

async function lastApplied(tx: Tx, awsOrganizationId: string): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('control_apply')
    .select((one) => one.fn.max('finished_at').as('at'))
    .where('aws_organization_id', '=', awsOrganizationId)
    .executeTakeFirst()
  return row?.at ?? null
}

async function targetsOf(
  tx: Tx,
  awsOrganizationId: string,
  places: ReadonlyMap<string, string>,
): Promise<ControlStatus['targets']> {
  const rows = await tx.sql
    .selectFrom('control_assignment')
    .selectAll()
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('target_id')
    .orderBy('set_name')
    .execute()
  return [...new Set(rows.map((one) => one.target_id))].map((target) => ({
    target,
    name: places.get(target) ?? null,
    sets: rows
      .filter((one) => one.target_id === target)
      .map((one) => ({
        name: one.set_name,
        version: one.set_version,
        appliedAt: one.applied_at.toISOString(),
        planId: one.plan_id,
      })),
  }))
}
