import { sql } from 'kysely'
import {
  type ControlPlan,
  controlPlan,
  type PlanDetail,
  type PlanRequest,
  type PlanView,
} from '../../domain/controls/plans.ts'
import type { ControlSetView } from '../../domain/controls/sets.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { awsOrganizations } from '../estate/organizations.ts'
import { CENTRE_ONLY, type Tx } from '../transact.ts'
import { findSet, type ShippedSets, storeSet } from './sets.ts'

/** Channel that wakes the workers. */
export const CONTROL_CHANNEL = 'rankan_controls'

/** Plans that may wait for one AWS organisation; a person who queues more has made a mistake in a loop. */
const MOST_WAITING = 50

export const wakeWorkers = (tx: Tx, id: string) =>
  sql`select pg_notify(${CONTROL_CHANNEL}, ${id})`.execute(tx.sql)

/** Queues a plan: a worker reads AWS and makes it. */
export async function askPlan(
  tx: Tx,
  shipped: ShippedSets,
  id: string,
  asked: PlanRequest,
): Promise<PlanView> {
  const { awsOrganizationId, action, target } = asked
  await refuseUnknown(tx, awsOrganizationId)
  const set = await findSet(tx, shipped, asked.set, asked.version)
  await refuseMany(tx, awsOrganizationId)
  await storeSet(tx, set)
  await insertPlan(tx, id, asked, set)
  await tx.record({
    kind: 'control_plan.asked',
    organisationId: null,
    subject: id,
    data: {
      awsOrganizationId,
      target,
      set: set.name,
      version: set.version,
      setSha256: set.sha256,
      action,
      ...(asked.hookMode === undefined ? {} : { hookMode: asked.hookMode }),
    },
  })
  await tx.notify('control_plans', id, CENTRE_ONLY)
  await wakeWorkers(tx, id)
  return planView(await planRow(tx, id))
}

async function refuseUnknown(tx: Tx, awsOrganizationId: string): Promise<void> {
  if ((await awsOrganizations(tx)).some(({ id }) => id === awsOrganizationId)) return
  const message = `There is no AWS organisation \`${awsOrganizationId}\`.`
  const code = 'unknown_aws_organization'
  throw invalid(code, message, [{ path: ['awsOrganizationId'], code, message }])
}

async function refuseMany(tx: Tx, awsOrganizationId: string): Promise<void> {
  const { count } = await tx.sql
    .selectFrom('control_plan')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('state', 'in', ['queued', 'reading'])
    .executeTakeFirstOrThrow()
  if (count >= MOST_WAITING)
    throw conflict(
      'too_many_plans',
      `${count} plans of \`${awsOrganizationId}\` are waiting already. Wait for them.`,
    )
}

const insertPlan = (tx: Tx, id: string, asked: PlanRequest, set: ControlSetView) =>
  tx.sql
    .insertInto('control_plan')
    .values({
      id,
      aws_organization_id: asked.awsOrganizationId,
      target_id: asked.target,
      target_name: null,
      set_name: set.name,
      set_version: set.version,
      action: asked.action,
      state: 'queued',
      created_at: tx.at,
      created_by_id: tx.actor.id,
      created_by: tx.actor.name,
      finished_at: null,
      digest: null,
      body: null,
      steps: null,
      preventive: null,
      hook_mode: asked.hookMode ?? null,
    })
    .execute()

const select = (tx: Tx) =>
  tx.sql
    .selectFrom('control_plan')
    .leftJoin('control_apply', 'control_apply.plan_id', 'control_plan.id')
    .selectAll('control_plan')
    .select('control_apply.id as apply_id')

export type PlanRow = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

export async function planRow(tx: Tx, id: string): Promise<PlanRow> {
  const row = await select(tx).where('control_plan.id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('control_plan', id)
  return row
}

/** Newest first, after `seq`. */
export async function listPlans(
  tx: Tx,
  query: { readonly awsOrganizationId?: string | undefined; readonly limit: number },
  after: string | null,
): Promise<{ readonly items: PlanView[]; readonly next: string | null }> {
  let rows = select(tx)
  if (query.awsOrganizationId)
    rows = rows.where('control_plan.aws_organization_id', '=', query.awsOrganizationId)
  if (after !== null) rows = rows.where(sql<boolean>`control_plan.seq < ${after}::bigint`)
  const found = await rows
    .orderBy('control_plan.seq', 'desc')
    .limit(query.limit + 1)
    .execute()
  const items = found.slice(0, query.limit)
  return { items: items.map(planView), next: found.length > query.limit ? (items.at(-1)?.seq ?? null) : null }
}

export const bodyOf = (row: Pick<PlanRow, 'body'>): ControlPlan | null =>
  row.body === null ? null : controlPlan.parse(JSON.parse(row.body))

export const planDetail = async (tx: Tx, id: string): Promise<PlanDetail> => {
  const row = await planRow(tx, id)
  return { ...planView(row), plan: bodyOf(row) }
}

export const planView = (row: PlanRow): PlanView => ({
  id: row.id,
  awsOrganizationId: row.aws_organization_id,
  target: row.target_id,
  targetName: row.target_name,
  set: row.set_name,
  version: row.set_version,
  action: row.action,
  hookMode: row.hook_mode,
  state: row.state,
  digest: row.digest,
  steps: row.steps,
  preventive: row.preventive,
  error: row.error,
  applyId: row.apply_id,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  finishedAt: row.finished_at?.toISOString() ?? null,
})
