import { sql } from 'kysely'
import type { ApplyDetail, ApplyRequest, ApplyView } from '../../domain/controls/applies.ts'
import type { ApplyState } from '../../domain/controls/kinds.ts'
import type { ControlPlan } from '../../domain/controls/plans.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { sha256Of } from '../policies/save-guardrails.ts'
import { CENTRE_ONLY, type Tx } from '../transact.ts'
import { bodyOf, planRow, wakeWorkers } from './plans.ts'

/** Queues the apply of a plan. A preventive form goes on only with a reason, which the ledger keeps. */
export async function askApply(tx: Tx, id: string, planId: string, asked: ApplyRequest): Promise<ApplyView> {
  await tx.sql.selectFrom('control_plan').select('id').where('id', '=', planId).forUpdate().execute()
  const plan = await planRow(tx, planId)
  if (plan.state !== 'ready' || plan.body === null)
    throw conflict(
      'plan_not_ready',
      `The plan \`${planId}\` is ${plan.state}; only a plan that is ready can be applied.`,
    )
  if (plan.apply_id !== null)
    throw conflict(
      'plan_applied',
      `The plan \`${planId}\` was applied by \`${plan.apply_id}\`. Make another plan.`,
    )
  const reason = asked.reason ?? null
  if (plan.preventive === true && reason === null) throw reasonRequired()
  await refuseSecond(tx, plan.aws_organization_id)
  await tx.sql
    .insertInto('control_apply')
    .values({
      id,
      plan_id: planId,
      aws_organization_id: plan.aws_organization_id,
      state: 'queued',
      reason,
      created_at: tx.at,
      created_by_id: tx.actor.id,
      created_by: tx.actor.name,
      started_at: null,
      finished_at: null,
    })
    .execute()
  await insertSteps(tx, id, plan.steps ?? 0)
  const data = { planId, plan: sha256Of(plan.body), digest: plan.digest, preventive: plan.preventive, reason }
  await tell(tx, id, 'asked', data)
  await wakeWorkers(tx, id)
  return applyView(await applyRow(tx, id))
}

function reasonRequired() {
  const code = 'reason_required'
  const message =
    'This plan puts preventive controls on. Until the staged rollout exists, say why they go on without it: `reason`.'
  return invalid(code, message, [{ path: ['reason'], code, message }])
}

async function refuseSecond(tx: Tx, awsOrganizationId: string): Promise<void> {
  // Two people at the same moment: the second waits for the first and then sees its apply.
  await sql`select pg_advisory_xact_lock(hashtextextended('controls ' || ${awsOrganizationId}, 7266))`.execute(
    tx.sql,
  )
  const running = await tx.sql
    .selectFrom('control_apply')
    .select(['id', 'state'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('state', 'in', ['queued', 'running', 'needs_repair', 'giving_up'])
    .executeTakeFirst()
  if (running !== undefined)
    throw conflict(
      'apply_in_progress',
      `\`${running.id}\` is ${running.state} in this AWS organisation. One apply goes on at a time: wait, or repair it.`,
    )
}

async function insertSteps(tx: Tx, id: string, steps: number): Promise<void> {
  if (steps === 0) return
  await tx.sql
    .insertInto('control_step')
    .values(
      Array.from({ length: steps }, (_, at) => ({
        apply_id: id,
        number: at + 1,
        state: 'pending' as const,
        started_at: null,
        finished_at: null,
      })),
    )
    .execute()
}

/** Writes the ledger entry of an apply and tells the browsers. */
export async function tell(tx: Tx, id: string, what: string, data: object): Promise<void> {
  await tx.record({ kind: `control_apply.${what}`, organisationId: null, subject: id, data })
  await tx.notify('control_applies', id, CENTRE_ONLY)
}

/** Goes on at the step that failed. */
export const retryApply = (tx: Tx, id: string): Promise<ApplyView> => again(tx, id, 'running', 'retried', {})

/** Undoes what was done, in reverse. */
export const giveUpApply = (tx: Tx, id: string, reason: string): Promise<ApplyView> =>
  again(tx, id, 'giving_up', 'give_up_asked', { reason })

async function again(tx: Tx, id: string, state: ApplyState, what: string, data: object): Promise<ApplyView> {
  await tx.sql.selectFrom('control_apply').select('id').where('id', '=', id).forUpdate().execute()
  const row = await applyRow(tx, id)
  if (row.state !== 'needs_repair')
    throw conflict(
      'not_in_repair',
      `The apply \`${id}\` is ${row.state}; only one that needs repair can be retried or given up.`,
    )
  await tx.sql.updateTable('control_apply').set({ state, error: null }).where('id', '=', id).execute()
  await tell(tx, id, what, data)
  await wakeWorkers(tx, id)
  return applyView(await applyRow(tx, id))
}

const select = (tx: Tx) =>
  tx.sql
    .selectFrom('control_apply')
    .innerJoin('control_plan as plan', 'plan.id', 'control_apply.plan_id')
    .selectAll('control_apply')
    .select(['plan.target_id', 'plan.target_name', 'plan.set_name', 'plan.set_version', 'plan.action'])
    .select(['plan.steps', 'plan.preventive'])
    .select(
      sql<number>`(select count(*)::integer from control_step s where s.apply_id = control_apply.id and s.state = 'done')`.as(
        'steps_done',
      ),
    )

export type ApplyRow = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

export async function applyRow(tx: Tx, id: string): Promise<ApplyRow> {
  const row = await select(tx).where('control_apply.id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('control_apply', id)
  return row
}

/** Newest first, after `seq`. */
export async function listApplies(
  tx: Tx,
  query: { readonly awsOrganizationId?: string | undefined; readonly limit: number },
  after: string | null,
): Promise<{ readonly items: ApplyView[]; readonly next: string | null }> {
  let rows = select(tx)
  if (query.awsOrganizationId)
    rows = rows.where('control_apply.aws_organization_id', '=', query.awsOrganizationId)
  if (after !== null) rows = rows.where(sql<boolean>`control_apply.seq < ${after}::bigint`)
  const found = await rows
    .orderBy('control_apply.seq', 'desc')
    .limit(query.limit + 1)
    .execute()
  const items = found.slice(0, query.limit)
  return {
    items: items.map(applyView),
    next: found.length > query.limit ? (items.at(-1)?.seq ?? null) : null,
  }
}

export async function applyDetail(tx: Tx, id: string): Promise<ApplyDetail> {
  const row = await applyRow(tx, id)
  const plan = bodyOf(await planRow(tx, row.plan_id))
  const steps = await stepRows(tx, id)
  return { ...applyView(row), stepList: (plan?.steps ?? []).map((step) => stepView(step, steps)) }
}

export const stepRows = (tx: Tx, applyId: string) =>
  tx.sql.selectFrom('control_step').selectAll().where('apply_id', '=', applyId).orderBy('number').execute()
type StepRow = Awaited<ReturnType<typeof stepRows>>[number]

function stepView(
  step: ControlPlan['steps'][number],
  rows: readonly StepRow[],
): ApplyDetail['stepList'][number] {
  const row = rows.find(({ number }) => number === step.number)
  return {
    ...step,
    state: row?.state ?? 'pending',
    attempts: row?.attempts ?? 0,
    error: row?.error ?? null,
    result: row?.result ?? null,
    startedAt: row?.started_at?.toISOString() ?? null,
    finishedAt: row?.finished_at?.toISOString() ?? null,
  }
}

export const applyView = (row: ApplyRow): ApplyView => ({
  id: row.id,
  planId: row.plan_id,
  awsOrganizationId: row.aws_organization_id,
  target: row.target_id,
  targetName: row.target_name ?? row.target_id,
  set: row.set_name,
  version: row.set_version,
  action: row.action,
  state: row.state,
  reason: row.reason,
  preventive: row.preventive ?? false,
  steps: row.steps ?? 0,
  stepsDone: row.steps_done,
  error: row.error,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  startedAt: row.started_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
})
