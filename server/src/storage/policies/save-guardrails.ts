import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { GuardrailReading } from '../../ports/accounts.ts'
import type { Tx } from '../transact.ts'
import {
  type Change,
  type GuardrailDiff,
  guardrailDiff,
  type Kept,
  type KeptPolicy,
} from './guardrail-diff.ts'

/** Rows for each statement: PostgreSQL takes 65,535 parameters. */
const ROWS = 5_000
/** Names that a ledger entry lists; it tells how many there are in all. */
const LISTED = 100

/** Keeps a whole reading of one AWS organisation. Returns how many changes it found; none write nothing but the time. */
export async function saveGuardrails(
  tx: Tx,
  awsOrganizationId: string,
  reading: GuardrailReading,
): Promise<number> {
  // Two sweeps of one organisation may meet; the second compares with what the first has kept.
  await sql`select pg_advisory_xact_lock(hashtextextended('guardrails ' || ${awsOrganizationId}, 7266))`.execute(
    tx.sql,
  )
  const diff = guardrailDiff(await keptOf(tx, awsOrganizationId), nowOf(reading))
  await writePlaces(tx, awsOrganizationId, diff)
  await writePolicies(tx, awsOrganizationId, diff.policies, reading)
  await writeAttachments(tx, awsOrganizationId, diff)
  await stamp(tx, awsOrganizationId, reading)
  const changes = await recordAll(tx, awsOrganizationId, diff, reading)
  if (changes > 0) await tx.notify('guardrails', awsOrganizationId, null)
  return changes
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

const nowOf = (reading: GuardrailReading): Kept => ({
  places: reading.places,
  attachments: reading.attachments,
  kinds: reading.kinds,
  policies: reading.policies.map(({ id, kind, name, description, document }) => ({
    policyId: id,
    kind,
    name,
    description,
    sha256: sha256Of(document),
  })),
})

async function keptOf(tx: Tx, awsOrganizationId: string): Promise<Kept> {
  const places = await tx.sql
    .selectFrom('guardrail_place')
    .select(['id', 'kind', 'name', 'parent_id as parentId'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .execute()
  const policies = await tx.sql
    .selectFrom('guardrail')
    .select(['policy_id as policyId', 'kind', 'name', 'description', 'sha256'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .execute()
  const attachments = await tx.sql
    .selectFrom('guardrail_attachment')
    .select(['policy_id as policyId', 'target_id as targetId'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .execute()
  const reading = await tx.sql
    .selectFrom('guardrail_reading')
    .select('kinds')
    .where('aws_organization_id', '=', awsOrganizationId)
    .executeTakeFirst()
  return { places, policies, attachments, kinds: reading?.kinds ?? [] }
}

async function writePlaces(tx: Tx, awsOrganizationId: string, { places }: GuardrailDiff): Promise<void> {
  for (const rows of chunks([...places.added, ...places.changed]))
    await tx.sql
      .insertInto('guardrail_place')
      .values(
        rows.map(({ id, kind, name, parentId }) => ({
          aws_organization_id: awsOrganizationId,
          id,
          kind,
          name,
          parent_id: parentId,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['aws_organization_id', 'id']).doUpdateSet(({ ref }) => ({
          kind: ref('excluded.kind'),
          name: ref('excluded.name'),
          parent_id: ref('excluded.parent_id'),
        })),
      )
      .execute()
  for (const rows of chunks(places.removed))
    await tx.sql
      .deleteFrom('guardrail_place')
      .where('aws_organization_id', '=', awsOrganizationId)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute()
}

async function writePolicies(
  tx: Tx,
  awsOrganizationId: string,
  { added, changed, removed }: Change<KeptPolicy>,
  reading: GuardrailReading,
): Promise<void> {
  const wanted = new Map([...added, ...changed].map((one) => [one.policyId, one.sha256]))
  for (const policy of reading.policies.filter(({ id }) => wanted.has(id))) {
    const values = {
      kind: policy.kind,
      name: policy.name,
      description: policy.description,
      aws_managed: policy.awsManaged,
      document: policy.document,
      sha256: wanted.get(policy.id) ?? '',
      changed_at: tx.at,
    }
    await tx.sql
      .insertInto('guardrail')
      .values({
        aws_organization_id: awsOrganizationId,
        policy_id: policy.id,
        first_seen_at: tx.at,
        ...values,
      })
      .onConflict((conflict) => conflict.columns(['aws_organization_id', 'policy_id']).doUpdateSet(values))
      .execute()
  }
  for (const { policyId } of removed)
    await tx.sql
      .deleteFrom('guardrail')
      .where('aws_organization_id', '=', awsOrganizationId)
      .where('policy_id', '=', policyId)
      .execute()
}

async function writeAttachments(
  tx: Tx,
  awsOrganizationId: string,
  { attachments: { added, removed } }: GuardrailDiff,
): Promise<void> {
  for (const rows of chunks(added))
    await tx.sql
      .insertInto('guardrail_attachment')
      .values(
        rows.map(({ policyId, targetId }) => ({
          aws_organization_id: awsOrganizationId,
          policy_id: policyId,
          target_id: targetId,
        })),
      )
      .execute()
  // Those of a deleted policy or place went with it.
  for (const rows of chunks(removed))
    await sql`delete from guardrail_attachment where aws_organization_id = ${awsOrganizationId}
      and (policy_id, target_id) in (select * from unnest(${rows.map((one) => one.policyId)}::text[], ${rows.map((one) => one.targetId)}::text[]))`.execute(
      tx.sql,
    )
}

async function stamp(tx: Tx, awsOrganizationId: string, reading: GuardrailReading): Promise<void> {
  const values = {
    organization_id: reading.organizationId,
    management_account_id: reading.managementAccountId,
    kinds: [...reading.kinds],
    read_at: tx.at,
  }
  await tx.sql
    .insertInto('guardrail_reading')
    .values({ aws_organization_id: awsOrganizationId, ...values })
    .onConflict((conflict) => conflict.column('aws_organization_id').doUpdateSet(values))
    .execute()
}

async function recordAll(
  tx: Tx,
  awsOrganizationId: string,
  diff: GuardrailDiff,
  reading: GuardrailReading,
): Promise<number> {
  const record = (what: string, subject: string, data: object) =>
    tx.record({ kind: what, organisationId: null, subject, data })
  const of = (policyId: string) => `${awsOrganizationId}/${policyId}`
  let changes = 0
  for (const what of ['added', 'changed', 'removed'] as const)
    for (const { policyId, ...policy } of diff.policies[what]) {
      await record(`guardrail.${what}`, of(policyId), policy)
      changes++
    }
  const verbs = [
    ['attached', diff.attachments.added],
    ['detached', diff.attachments.removed],
  ] as const
  for (const [verb, list] of verbs)
    for (const [policyId, targets] of byPolicy(list)) {
      await record(`guardrail.${verb}`, of(policyId), listed(targets))
      changes++
    }
  const { added, changed, removed } = diff.places
  if (added.length + changed.length + removed.length > 0) {
    const data = { added: listed(added), changed: listed(changed), removed: listed(removed) }
    await record('organization_tree.changed', awsOrganizationId, data)
    changes++
  }
  if (diff.kindsChanged) {
    await record('guardrail.kinds_changed', awsOrganizationId, { kinds: reading.kinds })
    changes++
  }
  return changes
}

const listed = <T>(all: readonly T[]) => ({ total: all.length, first: all.slice(0, LISTED) })

function byPolicy(list: GuardrailReading['attachments']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { policyId, targetId } of list) {
    const targets = found.get(policyId)
    if (targets === undefined) found.set(policyId, [targetId])
    else targets.push(targetId)
  }
  return found
}

function* chunks<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS) yield rows.slice(at, at + ROWS)
}
