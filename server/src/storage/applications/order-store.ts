import { type Selectable, sql } from 'kysely'
import { type InWork, type OrderState, stateOfOrders } from '../../domain/applications/life.ts'
import { type Actor, systemActor } from '../../domain/people/roles.ts'
import { conflict, invalid, invariant, notFound } from '../../kernel/errors.ts'
import type { Order, OrderStore } from '../../ports/orders.ts'
import { type Changes, type Scoped, statement, type Tx, transact } from '../transact.ts'
import { holdNames } from './names.ts'
import { notify } from './notifications.ts'
import { corrected } from './orders.ts'
import { eventOf, stageTimeOf, tell } from './persist.ts'
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
    load: (workId) => statement(on, WORKER, (one) => loadOrder(one, workId)),
    async reserveNames(workId) {
      // They are reserved with the approval; only a correction leaves something to do.
      const held = await statement(on, WORKER, (one) => heldNames(one, workId))
      return held ?? transact(on, WORKER, (tx) => reserve(tx, workId))
    },
    started: (workId) => become(workId, 'running'),
    over: (workId) =>
      statement(on, WORKER, async (one) => OVER.includes((await findOrder(one, workId)).state)),
    abandoned: async (workId) => void (await become(workId, 'abandoned')),
    async needsRepair(workId, failure) {
      await become(workId, 'needs_repair', { ...failure, at: on.clock.now().toISOString() })
    },
  }
}

/** What was approved, with what people put right since. */
export async function loadOrder(tx: Scoped, workId: string): Promise<Order> {
  const row = await findOrder(tx, workId)
  return corrected(row.body, row.corrections)
}

async function findOrder(tx: Scoped, workId: string): Promise<OrderRow> {
  const row = await tx.sql
    .selectFrom('application_order')
    .selectAll()
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (!row) throw notFound('order', workId)
  return row
}

/** As JSON has it. */
type LockedOrder = Omit<OrderRow, 'created_at' | 'started_at' | 'finished_at'> & {
  readonly started_at: string | null
}

/** The application first, so that two orders of one application that end together do not miss each other. */
async function lockOrder(tx: Tx, workId: string) {
  const found = await tx.sql
    .selectFrom('application')
    .innerJoin('application_order', 'application_order.application_id', 'application.id')
    .selectAll('application')
    .select(sql<LockedOrder>`to_jsonb(application_order)`.as('order'))
    .where('application_order.work_id', '=', workId)
    .forUpdate(['application', 'application_order'])
    .executeTakeFirst()
  if (!found) throw notFound('order', workId)
  const { order, ...application } = found
  return { application, order }
}

type Named = Pick<OrderRow, 'body' | 'corrections' | 'account_name' | 'account_email'>

/** The names that the order should have, if it was told them and holds them. */
async function heldNames(tx: Scoped, workId: string): Promise<{ name: string; email: string } | null> {
  const order = await tx.sql
    .selectFrom('application_order')
    .select(['body', 'corrections', 'account_name', 'account_email'])
    .select(
      sql<
        string[]
      >`array(select value from account_name where account_name.work_id = application_order.work_id)`.as(
        'held',
      ),
    )
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (!order) throw notFound('order', workId)
  const account = accountOf(order, workId)
  const told = order.account_name === account.name && order.account_email === account.email
  const holds = (value: string) => order.held.includes(value.toLowerCase())
  return told && holds(account.name) && holds(account.email) ? account : null
}

function accountOf(order: Named, workId: string): { name: string; email: string } {
  const { account } = corrected(order.body, order.corrections)
  invariant(account, `The order ${workId} makes no account.`)
  return account
}

async function reserve(tx: Tx, workId: string): Promise<{ name: string; email: string }> {
  const { order } = await lockOrder(tx, workId)
  const account = accountOf(order, workId)
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

const OVER: readonly OrderState[] = ['finished', 'abandoned']

/** Told again, it changes nothing; an order that is over stays so. Gives back what was approved, with its corrections. */
export async function setOrderState(
  tx: Tx,
  workId: string,
  state: OrderState,
  failure: OrderFailure | null = null,
): Promise<Order> {
  const { application, order } = await lockOrder(tx, workId)
  const approved = corrected(order.body, order.corrections)
  if (order.state === state && state !== 'needs_repair') return approved
  if (OVER.includes(order.state)) return approved
  const orders = await changeOrder(tx, order, state, failure)
  await tx.record({
    kind: `order.${state}`,
    organisationId: order.organisation_id,
    subject: workId,
    data: failure === null ? {} : { failure },
  })
  await refreshApplication(tx, application, orders)
  return approved
}

interface OrderNow {
  readonly state: OrderState
  readonly created_at: Date
}

/** Changes the order and reads all of its application. That one statement sees them as they were before its change. */
async function changeOrder(
  tx: Tx,
  order: LockedOrder,
  state: OrderState,
  failure: OrderFailure | null,
): Promise<readonly OrderNow[]> {
  const rows = await tx.sql
    .with('changed', (db) =>
      db
        .updateTable('application_order')
        .set({
          state,
          failure: failure === null ? null : json(failure),
          ...(state === 'running' && order.started_at === null ? { started_at: tx.at } : {}),
          ...(OVER.includes(state) ? { finished_at: tx.at } : {}),
        })
        .where('work_id', '=', order.work_id),
    )
    .selectFrom('application_order')
    .select(['work_id', 'state', 'created_at'])
    .where('application_id', '=', order.application_id)
    .execute()
  return rows.map((row) => (row.work_id === order.work_id ? { ...row, state } : row))
}

/** The application's state follows its orders; people see the change with its event. */
async function refreshApplication(tx: Tx, row: ApplicationRow, orders: readonly OrderNow[]): Promise<void> {
  const { id } = row
  const state: InWork['state'] = stateOfOrders(orders.map((o) => o.state))
  if (row.state === state) {
    await tx.notify('applications', id, row.organisation_id)
    return
  }
  toApplication(row)
  const saved = await saveWork(tx, row, state, orders)
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

/** The application, its event, and the time that the work took: one statement. */
async function saveWork(
  tx: Tx,
  row: ApplicationRow,
  state: InWork['state'],
  orders: readonly OrderNow[],
): Promise<ApplicationRow> {
  const over = state === 'ready' || state === 'abandoned'
  const next = { ...row, state, version: row.version + 1 }
  const begun = new Date(Math.min(...orders.map((order) => order.created_at.getTime())))
  const { stage, left_at, seconds } = stageTimeOf(tx, 'work', begun)
  return tx.sql
    .with('event', (db) =>
      db.insertInto('application_event').values(eventOf(tx, next, row.state, { action: state })),
    )
    .with(
      'stage',
      () => sql`(insert into application_stage_time (stage, left_at, seconds)
        select ${stage}::text, ${left_at}::timestamptz, ${seconds}::double precision where ${state === 'ready'}::boolean)`,
    )
    .updateTable('application')
    .set({
      state,
      since: tx.at,
      version: next.version,
      updated_at: tx.at,
      updated_by_id: tx.actor.id,
      updated_by_name: tx.actor.name,
      ...(over ? { finished_at: tx.at } : {}),
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
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
