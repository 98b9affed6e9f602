import { type ReplayWorld, replayWorld } from '../../domain/policies/world.ts'
import { bug, conflict } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Tx } from '../transact.ts'
import { sha256Of } from './save-guardrails.ts'

/** Tree, SCPs and RCPs as of the last whole reading. */
export async function worldNow(tx: Tx, awsOrganizationId: string): Promise<ReplayWorld> {
  const reading = await tx.sql
    .selectFrom('guardrail_reading')
    .selectAll()
    .where('aws_organization_id', '=', awsOrganizationId)
    .executeTakeFirst()
  if (reading === undefined)
    throw conflict(
      'guardrails_not_read',
      `The policies and the tree of \`${awsOrganizationId}\` were not read yet. Wait for the next sweep, or start one.`,
    )
  const kinds = reading.kinds.filter((kind) => kind === 'scp' || kind === 'rcp')
  const policies = await tx.sql
    .selectFrom('guardrail')
    .select(['policy_id', 'name', 'kind', 'document', 'aws_managed'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('kind', 'in', ['scp', 'rcp'])
    .orderBy('policy_id')
    .execute()
  const inForce = policies.filter(({ kind }) => kinds.some((one) => one === kind))
  const names = namesOf(inForce)
  const attachments = await tx.sql
    .selectFrom('guardrail_attachment')
    .select(['policy_id', 'target_id'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('policy_id')
    .execute()
  const at = new Map<string, string[]>()
  for (const { policy_id, target_id } of attachments) {
    const name = names.get(policy_id)
    if (name !== undefined) at.set(target_id, [...(at.get(target_id) ?? []), name])
  }
  const places = await tx.sql
    .selectFrom('guardrail_place')
    .select(['id', 'kind', 'name', 'parent_id as parentId'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('id')
    .execute()
  return {
    version: 1,
    organizationId: reading.organization_id,
    managementAccountId: reading.management_account_id,
    places: places.map((place) => ({ ...place, policies: at.get(place.id) ?? [] })),
    policies: inForce
      .filter(({ aws_managed }) => !aws_managed)
      .map(({ policy_id, kind, document }) => ({
        name: names.get(policy_id) ?? policy_id,
        kind: kind === 'rcp' ? 'rcp' : 'scp',
        document,
      })),
  }
}

/** When policies and tree of each AWS organisation were read last. */
export async function readingTimes(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql
    .selectFrom('guardrail_reading')
    .select(['aws_organization_id', 'read_at'])
    .execute()
  return new Map(rows.map((one) => [one.aws_organization_id, one.read_at.toISOString()]))
}

/** An SCP and an RCP may have one name; a report must tell them apart. */
function namesOf(
  policies: readonly { readonly policy_id: string; readonly name: string }[],
): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const { name } of policies) counts.set(name, (counts.get(name) ?? 0) + 1)
  return new Map(
    policies.map(({ policy_id, name }) => [
      policy_id,
      (counts.get(name) ?? 0) > 1 ? `${name} (${policy_id})` : name,
    ]),
  )
}

/** Keeps a world once however many replays use it; the replay's own ledger entry names its hash. */
export async function keepWorld(tx: Tx, awsOrganizationId: string, world: ReplayWorld): Promise<string> {
  const body = canonicalJson(world)
  const sha256 = sha256Of(body)
  await tx.sql
    .insertInto('replay_world')
    .values({ sha256, aws_organization_id: awsOrganizationId, body })
    .onConflict((conflictOf) => conflictOf.column('sha256').doNothing())
    .execute()
  return sha256
}

export async function keptWorld(tx: Tx, sha256: string): Promise<ReplayWorld> {
  const row = await tx.sql
    .selectFrom('replay_world')
    .select('body')
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  if (row === undefined) throw bug(`There is no world \`${sha256}\` of a replay.`)
  return replayWorld.parse(JSON.parse(row.body))
}
