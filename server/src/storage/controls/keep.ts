import { sql } from 'kysely'
import type { KeptCarrier, KeptPolicy } from '../../domain/controls/kept.ts'
import type { ApplyJob } from '../../ports/controls.ts'
import type { Tx } from '../transact.ts'

/** After an apply: which sets the target has, and what ought to be in force there from now on. */
export async function keep(tx: Tx, job: ApplyJob): Promise<void> {
  const { plan, awsOrganizationId } = job
  const target = plan.target.id
  const planId = await planOf(tx, job.id)
  await assign(tx, job, target, planId)
  await tx.sql
    .deleteFrom('control_kept')
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('target_id', '=', target)
    .execute()
  const times = await packTimes(tx, job.id)
  const rows = [...policiesOf(job), ...carriersOf(job, times)].map(({ part, kind, name, body }) => ({
    aws_organization_id: awsOrganizationId,
    target_id: target,
    part,
    kind,
    name,
    body: JSON.stringify(body),
    plan_id: planId,
  }))
  if (rows.length > 0) await tx.sql.insertInto('control_kept').values(rows).execute()
}

async function planOf(tx: Tx, applyId: string): Promise<string> {
  const { plan_id } = await tx.sql
    .selectFrom('control_apply')
    .select('plan_id')
    .where('id', '=', applyId)
    .executeTakeFirstOrThrow()
  return plan_id
}

async function assign(
  tx: Tx,
  { plan, awsOrganizationId }: ApplyJob,
  target: string,
  planId: string,
): Promise<void> {
  const before = await tx.sql
    .deleteFrom('control_assignment')
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('target_id', '=', target)
    .returningAll()
    .execute()
  const rows = plan.sets.map(({ name, version }) => {
    const same = before.find((one) => one.set_name === name && one.set_version === version)
    return {
      aws_organization_id: awsOrganizationId,
      target_id: target,
      set_name: name,
      set_version: version,
      plan_id: same?.plan_id ?? planId,
      applied_at: same?.applied_at ?? tx.at,
    }
  })
  if (rows.length > 0) await tx.sql.insertInto('control_assignment').values(rows).execute()
}

interface Row {
  readonly part: string
  readonly kind: string
  readonly name: string
  readonly body: KeptPolicy | KeptCarrier
}

const policiesOf = ({ plan }: ApplyJob): readonly Row[] =>
  plan.policies.map(({ kind, name, document, controls, statements }) => ({
    part: 'policies',
    kind,
    name,
    body: { kind, name, document, controls, statements, target: plan.target.id },
  }))

const carriersOf = ({ plan }: ApplyJob, times: ReadonlyMap<string, string>): readonly Row[] =>
  plan.carriers.map((one) => ({
    part: one.part,
    kind: '',
    name: one.name,
    body: {
      ...one,
      ref: one.part === 'packs' ? (times.get(one.name) ?? one.ref) : one.ref,
      target: plan.target.id,
    },
  }))

/** By name of the pack: when AWS says that a step of this apply changed it. */
async function packTimes(tx: Tx, applyId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql
    .selectFrom('control_step')
    .select('result')
    .where('apply_id', '=', applyId)
    .where('state', '=', 'done')
    .execute()
  return new Map(
    rows.flatMap(({ result }) =>
      result?.pack === undefined || result.updatedAt === undefined ? [] : [[result.pack, result.updatedAt]],
    ),
  )
}

/** A pack that was put back as it was has a new time, which is no change by another hand. */
export async function keepTime(
  tx: Tx,
  { awsOrganizationId }: ApplyJob,
  { pack, updatedAt }: Readonly<Record<string, string>>,
): Promise<void> {
  if (pack === undefined || updatedAt === undefined) return
  await tx.sql
    .updateTable('control_kept')
    .set({ body: sql`jsonb_set(body, '{ref}', to_jsonb(${updatedAt}::text))` })
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('part', '=', 'packs')
    .where('name', '=', pack)
    .execute()
}
