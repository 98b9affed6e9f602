import { sql } from 'kysely'
import {
  type Application,
  authority,
  isEditable,
  isWaiting,
  stageOf,
} from '../../domain/applications/life.ts'
import { may } from '../../domain/applications/may.ts'
import type { ApplicationAction, ApplicationView } from '../../domain/applications/view.ts'
import { notFound } from '../../kernel/errors.ts'
import type { WorkEstimate } from '../queue/estimates.ts'
import type { Tx } from '../transact.ts'
import { checkApplication } from './check.ts'
import { delegationsFor, standIns } from './delegations.ts'
import { holdersOf } from './register.ts'
import { type Row, toApplication, toRowView } from './rows.ts'
import type { ApplicationSetup } from './setup.ts'
import { type UsualTimes, usualTimes } from './usual.ts'

type Estimates = ReadonlyMap<string, Pick<WorkEstimate, 'doneMs' | 'p90Ms'>>

/** Everything that the page of one application shows to this person. */
export async function showApplication(
  tx: Tx,
  setup: ApplicationSetup,
  id: string,
  estimates: Estimates,
): Promise<ApplicationView> {
  const row = await tx.sql.selectFrom('application').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || (row.state === 'draft' && row.applicant_id !== tx.actor.id)) throw notFound('application', id)
  const application = toApplication(row)
  const open = isEditable(application) || isWaiting(application)
  const [orders, history, comments, exceptions, usual, delegations] = [
    await ordersOf(tx, id),
    await historyOf(tx, id),
    await commentsOf(tx, id),
    await exceptionsOf(tx, id),
    await usualTimes(tx, setup.policy.usualDaysOfHistory),
    await delegationsFor(tx, tx.actor.id),
  ]
  // A decided application is not judged anew: its rules were asked when it was approved, and the ledger has the answer.
  const checked = open ? await checkApplication(tx, setup, row.form, id) : null
  return {
    ...toRowView(row),
    form: { ...row.form },
    issues: checked?.issues.map((i) => ({ ...i, path: [...i.path], params: { ...i.params } })) ?? [],
    verdicts: checked?.verdicts.map((v) => ({ ...v, path: [...v.path] })) ?? [],
    plannedNames: checked ? [...checked.plannedNames] : namesOf(orders),
    approvals: [row.approvals.organisation, row.approvals.centre].flatMap((a) => a ?? []),
    answer: row.answer,
    exceptions,
    turn: await turnOf(tx, row, application, usual),
    eta: etaOf(tx.at, application, orders, estimates, usual),
    orders,
    history,
    comments,
    actions: actionsOf(tx, application, delegations),
  }
}

type Orders = ApplicationView['orders']

const namesOf = (orders: Orders) =>
  orders.flatMap((o) =>
    o.accountName && o.accountEmail ? [{ name: o.accountName, email: o.accountEmail }] : [],
  )

async function ordersOf(tx: Tx, id: string): Promise<Orders> {
  const rows = await tx.sql
    .selectFrom('application_order')
    .selectAll()
    .where('application_id', '=', id)
    .orderBy('work_id')
    .execute()
  return rows.map((row) => ({
    workId: row.work_id,
    environment: row.environment,
    state: row.state,
    accountName: row.account_name,
    accountEmail: row.account_email,
    accountId: row.account_id,
    failure: row.failure && { ...row.failure, correctable: [...row.failure.correctable] },
    finishedAt: row.finished_at?.toISOString() ?? null,
  }))
}

async function historyOf(tx: Tx, id: string): Promise<ApplicationView['history']> {
  const rows = await tx.sql
    .selectFrom('application_event')
    .selectAll()
    .where('application_id', '=', id)
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    from: row.from_state as Row['state'] | null,
    to: row.to_state as Row['state'],
    actor: row.actor,
    onBehalfOf: row.on_behalf_of,
    policyVersion: row.policy_version,
    comment: row.comment,
  }))
}

async function commentsOf(tx: Tx, id: string): Promise<ApplicationView['comments']> {
  const rows = await tx.sql
    .selectFrom('application_comment')
    .select(['id', 'at', 'author', 'body'])
    .where('application_id', '=', id)
    .orderBy('at')
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

async function exceptionsOf(tx: Tx, id: string): Promise<ApplicationView['exceptions']> {
  const rows = await tx.sql
    .selectFrom('application_exception')
    .select(['rule', 'reason', sql<string>`expires_on::text`.as('expiresOn'), 'approver', 'granted_at'])
    .where('application_id', '=', id)
    .orderBy('rule')
    .execute()
  return rows.map(({ granted_at, ...row }) => ({ ...row, grantedAt: granted_at.toISOString() }))
}

/** Whose turn it is; null when the application is over. */
async function turnOf(tx: Tx, row: Row, a: Application, usual: UsualTimes): Promise<ApplicationView['turn']> {
  const since = a.since
  if (isEditable(a))
    return {
      stage: 'applicant',
      role: a.applicant.role,
      who: [{ id: a.applicant.id, name: a.applicant.name, standsInFor: null }],
      since,
      usualSeconds: null,
    }
  if (isWaiting(a)) return waitingTurn(tx, row, stageOf(a), since, usual)
  if (a.state === 'needs_repair')
    return { stage: 'repair', role: 'central_operator', who: [], since, usualSeconds: null }
  if (a.state === 'queued' || a.state === 'running')
    return { stage: 'work', role: 'system', who: [], since, usualSeconds: usual.work ?? null }
  return null
}

async function waitingTurn(
  tx: Tx,
  row: Row,
  stage: 'organisation' | 'centre',
  since: string,
  usual: UsualTimes,
): Promise<ApplicationView['turn']> {
  const role = stage === 'organisation' ? 'organisation_owner' : 'central_operator'
  const holders = await holdersOf(tx, role, stage === 'organisation' ? row.organisation_id : null)
  const standing = await standIns(tx, stage, row.organisation_id)
  const who = [
    ...holders.map((h) => ({ ...h, standsInFor: null })),
    ...standing.map((d) => ({ id: d.to.id, name: d.to.name, standsInFor: d.from.name })),
  ].filter((person) => person.id !== row.applicant_id)
  return { stage, role, who, since, usualSeconds: usual[stage] ?? null }
}

/** From the queue's own estimate once it is queued; before that, usual times of what is still to come. */
function etaOf(
  now: Date,
  a: Application,
  orders: Orders,
  estimates: Estimates,
  usual: UsualTimes,
): ApplicationView['eta'] {
  if (a.state === 'queued' || a.state === 'running') {
    const known = orders.flatMap((o) => estimates.get(o.workId) ?? [])
    if (known.length === 0) return null
    const last = (pick: 'doneMs' | 'p90Ms') => new Date(Math.max(...known.map((e) => e[pick]))).toISOString()
    return { at: last('doneMs'), p90: last('p90Ms'), assumesApprovals: false }
  }
  if (!isWaiting(a) || usual.work === undefined) return null
  const stages = a.state === 'submitted' ? (['organisation', 'centre'] as const) : (['centre'] as const)
  if (stages.some((stage) => usual[stage] === undefined)) return null
  const waited = (now.getTime() - Date.parse(a.since)) / 1000
  const first = Math.max(0, (usual[stages[0]] ?? 0) - waited)
  const rest = stages.slice(1).reduce((sum, stage) => sum + (usual[stage] ?? 0), 0)
  const at = new Date(now.getTime() + (first + rest + usual.work) * 1000).toISOString()
  return { at, p90: at, assumesApprovals: true }
}

function actionsOf(
  tx: Tx,
  a: Application,
  delegations: Awaited<ReturnType<typeof delegationsFor>>,
): ApplicationAction[] {
  const actions: ApplicationAction[] = []
  const { actor } = tx
  const mine = a.applicant.id === actor.id
  if (mine && isEditable(a)) actions.push('edit', 'submit')
  if (mine && (isEditable(a) || isWaiting(a))) actions.push('withdraw')
  if (isWaiting(a) && may(actor, 'application.decide') && authority(a, actor, delegations, tx.at).ok)
    actions.push('approve', 'return', 'reject')
  if (a.state !== 'draft' && may(actor, 'application.comment')) actions.push('comment')
  if (a.state === 'needs_repair' && may(actor, 'application.repair')) actions.push('repair')
  return actions
}
