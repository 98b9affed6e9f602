import type { Selectable } from 'kysely'
import { type InWork, type OrderState, stateOfOrders } from '../../domain/applications/life.ts'
import { type Actor, systemActor } from '../../domain/people/roles.ts'
import { conflict, invalid, invariant, notFound } from '../../kernel/errors.ts'
import type { Order, OrderStore } from '../../ports/orders.ts'
import { type Changes, read, type Tx, transact } from '../transact.ts'
import { holdNames } from './names.ts'
import { notify } from './notifications.ts'
import { corrected } from './orders.ts'
import { addEvent, addStageTime, tell } from './persist.ts'
import { json, toApplication } from './rows.ts'
import type { ApplicationTables, OrderFailure } from './schema.ts'

/** The part of the `OrderStore` that is about the application; `storage/estate/order-facts.ts` has the rest. */
export type ApplicationOrders = Pick<
  OrderStore,
  'load' | 'reserveNames' | 'started' | 'over' | 'needsRepair' | 'abandoned'
>

type OrderRow = Selectable<ApplicationTables['application_order']>
type ApplicationRow = Selectable<ApplicationTables['application']>

const WORKER = systemActor('worker')

export function applicationOrders(on: Changes): ApplicationOrders {
  const become = (workId: string, state: OrderState, failure: OrderFailure | null = null) =>
    transact(on, WORKER, (tx) => setOrderState(tx, workId, state, failure))
  return {
    load: (workId) => read(on, WORKER, (tx) => loadOrder(tx, workId)),
    reserveNames: (workId) => transact(on, WORKER, (tx) => reserve(tx, workId)),
    started: (workId) => become(workId, 'running'),
    over: (workId) => read(on, WORKER, async (tx) => OVER.includes((await findOrder(tx, workId)).state)),
    abandoned: (workId) => become(workId, 'abandoned'),
    needsRepair: (workId, failure) =>
      become(workId, 'needs_repair', { ...failure, at: on.clock.now().toISOString() }),
  }
}

/** What was approved, with what people put right since. */
export async function loadOrder(tx: Tx, workId: string): Promise<Order> {
  const row = await findOrder(tx, workId)
  return corrected(row.body, row.corrections)
}

async function findOrder(tx: Tx, workId: string): Promise<OrderRow> {
  const row = await tx.sql
    .selectFrom('application_order')
    .selectAll()
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (!row) throw notFound('order', workId)
  return row
}

/** The application first, so that two orders of one application that end together do not miss each other. */
async function lockOrder(tx: Tx, workId: string) {
  const application = await tx.sql
    .selectFrom('application')
    .selectAll()
    .where('id', '=', (order) =>
      order.selectFrom('application_order').select('application_id').where('work_id', '=', workId),
    )
    .forUpdate()
    .executeTakeFirst()
  if (!application) throw notFound('order', workId)
  return { application, order: await findOrder(tx, workId) }
}

async function reserve(tx: Tx, workId: string): Promise<{ name: string; email: string }> {
  const { order } = await lockOrder(tx, workId)
  const { account } = corrected(order.body, order.corrections)
  invariant(account, `The order ${workId} makes no account.`)
  // The step may run again after a crash; what is reserved already needs no second entry.
  const told = order.account_name === account.name && order.account_email === account.email
  if (told && (await holdsBoth(tx, workId, account))) return account
  await tx.record({
    kind: 'order.names_reserved',
    organisationId: order.organisation_id,
    subject: workId,
    data: account,
  })
  await holdNames(tx, workId, order.organisation_id, account)
  await tx.sql
    .updateTable('application_order')
    .set({ account_name: account.name, account_email: account.email })
    .where('work_id', '=', workId)
    .execute()
  return account
}

async function holdsBoth(tx: Tx, workId: string, account: { name: string; email: string }): Promise<boolean> {
  const rows = await tx.sql.selectFrom('account_name').select('value').where('work_id', '=', workId).execute()
  const held = new Set(rows.map((row) => row.value))
  return held.has(account.name.toLowerCase()) && held.has(account.email.toLowerCase())
}

const OVER: readonly OrderState[] = ['finished', 'abandoned']

/** Told again, it changes nothing; an order that is over stays so. */
export async function setOrderState(
  tx: Tx,
  workId: string,
  state: OrderState,
  failure: OrderFailure | null = null,
): Promise<void> {
  const { application, order } = await lockOrder(tx, workId)
  if (order.state === state && state !== 'needs_repair') return
  if (OVER.includes(order.state)) return
  await tx.sql
    .updateTable('application_order')
    .set({
      state,
      failure: failure === null ? null : json(failure),
      ...(state === 'running' && order.started_at === null ? { started_at: tx.at } : {}),
      ...(OVER.includes(state) ? { finished_at: tx.at } : {}),
    })
    .where('work_id', '=', workId)
    .execute()
  await tx.record({
    kind: `order.${state}`,
    organisationId: order.organisation_id,
    subject: workId,
    data: failure === null ? {} : { failure },
  })
  await refreshApplication(tx, application)
}

/** The application's state follows its orders; people see the change with its event. */
async function refreshApplication(tx: Tx, row: ApplicationRow): Promise<void> {
  const { id } = row
  const orders = await tx.sql
    .selectFrom('application_order')
    .select('state')
    .where('application_id', '=', id)
    .execute()
  const state: InWork['state'] = stateOfOrders(orders.map((o) => o.state))
  if (row.state === state) {
    await tx.notify('applications', id, row.organisation_id)
    return
  }
  toApplication(row)
  const over = state === 'ready' || state === 'abandoned'
  const saved = await tx.sql
    .updateTable('application')
    .set({
      state,
      since: tx.at,
      version: row.version + 1,
      updated_at: tx.at,
      updated_by_id: tx.actor.id,
      updated_by_name: tx.actor.name,
      ...(over ? { finished_at: tx.at } : {}),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (state === 'ready') await addWorkTime(tx, id)
  await addEvent(tx, saved, row.state, { action: state })
  await tell(tx, saved, { action: state })
  if (state === 'ready' || state === 'needs_repair' || state === 'abandoned')
    await notify(tx, {
      personId: saved.applicant_id,
      organisationId: saved.organisation_id,
      kind: `application.${state}`,
      subject: id,
      params: { state },
      onceKey: `${id} ${saved.version}`,
    })
}

async function addWorkTime(tx: Tx, id: string): Promise<void> {
  const first = await tx.sql
    .selectFrom('application_order')
    .select('created_at')
    .where('application_id', '=', id)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirstOrThrow()
  await addStageTime(tx, 'work', first.created_at)
}

export const CORRECTABLE = [
  'account.email',
  'account.name',
  'contacts',
  'budget.notify',
  'owner.email',
] as const
export type CorrectableField = (typeof CORRECTABLE)[number]

/** A person puts a field of an order right; the value was checked by `readCorrection`. The order keeps what was approved. */
export async function correctOrder(
  on: Changes,
  actor: Actor,
  workId: string,
  field: CorrectableField,
  value: unknown,
  reason: string,
): Promise<void> {
  await transact(on, actor, async (tx) => {
    const { order } = await lockOrder(tx, workId)
    if (order.state !== 'needs_repair')
      throw conflict(
        'order_not_in_repair',
        `The order is ${order.state}; only one that needs repair is corrected.`,
      )
    if (order.failure && !order.failure.correctable.includes(field))
      throw invalid(
        'field_not_correctable',
        `\`${field}\` does not help here; correct ${order.failure.correctable.join(', ') || 'nothing'}.`,
      )
    await tx.sql
      .updateTable('application_order')
      .set({ corrections: json({ ...order.corrections, [field]: value }) })
      .where('work_id', '=', workId)
      .execute()
    await tx.record({
      kind: 'order.corrected',
      organisationId: order.organisation_id,
      subject: workId,
      data: { field, reason },
    })
    await tx.notify('applications', order.application_id, order.organisation_id)
  })
}
