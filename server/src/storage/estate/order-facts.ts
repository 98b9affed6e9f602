import { conflict, invariant, notFound } from '../../kernel/errors.ts'
import { idSource } from '../../kernel/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Order, OrderStore } from '../../ports/orders.ts'
import { loadOrder } from '../applications/order-store.ts'
import { corrected } from '../applications/orders.ts'
import { type Changes, type Scoped, statement, type Tx, transact } from '../transact.ts'
import { type AccountDbRow, json, lockAccount, recordAccount, WORKER } from './row.ts'

/** The part of the `OrderStore` that is about the account; `storage/applications` has the rest. */
export type OrderFacts = Pick<OrderStore, 'accountKnown' | 'note' | 'creationAttempt' | 'creationCleared'>

export function orderFacts(on: Changes): OrderFacts {
  const newId = idSource(on.clock, systemRandom)
  const change = <T>(workId: string, work: (tx: Tx, order: Order) => Promise<T>): Promise<T> =>
    transact(on, WORKER, async (tx) => {
      const order = await loadOrder(tx, workId)
      await ensureWork(tx, order)
      return work(tx, order)
    })
  return {
    accountKnown: (workId, account) =>
      transact(on, WORKER, (tx) => accountKnown(tx, workId, account, newId('acc'))),
    note: (workId, facts) =>
      transact(on, WORKER, async (tx) => {
        const [order, work] = await Promise.all([loadOrder(tx, workId), lockFacts(tx, workId)])
        await settleAccount(tx, order, work, facts, false)
      }),
    creationAttempt: (workId) => statement(on, WORKER, (one) => attemptOf(one, workId)),
    creationCleared: (workId, attempt) =>
      change(workId, async (tx, order) => {
        const next = attempt + 1
        if ((await attemptOf(tx, workId)) >= next) return
        await tx.sql.updateTable('work_estate').set({ attempt: next }).where('work_id', '=', workId).execute()
        await record(tx, order, 'order.creation_cleared', { attempt })
      }),
  }
}

interface OpenWork {
  readonly facts: Readonly<Record<string, string>>
  readonly account_id: string | null
}

const lockWork = (tx: Tx, workId: string): Promise<OpenWork | undefined> =>
  tx.sql
    .selectFrom('work_estate')
    .select(['facts', 'account_id'])
    .where('work_id', '=', workId)
    .forUpdate()
    .executeTakeFirst()

/** The row must be there before it is locked; made without a trace, because it decides nothing yet. */
async function ensureWork(tx: Tx, order: Order): Promise<OpenWork> {
  return (await lockWork(tx, order.workId)) ?? openWork(tx, order)
}

async function openWork(tx: Tx, order: Order): Promise<OpenWork> {
  await tx.sql
    .insertInto('work_estate')
    .values({
      work_id: order.workId,
      organisation_id: order.organisationId,
      aws_organization_id: order.awsOrganizationId,
      ou_path: null,
      account_id: order.accountId,
    })
    .onConflict((oc) => oc.doNothing())
    .execute()
  await record(tx, order, 'order.work_opened', {})
  const opened = await lockWork(tx, order.workId)
  invariant(opened, `The work of ${order.workId} is not there after it was opened.`)
  return opened
}

const record = (tx: Tx, order: Order, kind: string, data: object): Promise<void> =>
  tx.record({ kind, organisationId: order.organisationId, subject: order.workId, data })

async function attemptOf(tx: Scoped, workId: string): Promise<number> {
  const row = await tx.sql
    .selectFrom('work_estate')
    .select('attempt')
    .where('work_id', '=', workId)
    .executeTakeFirst()
  return row?.attempt ?? 1
}

interface Known {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly ouId: string
}

async function accountKnown(tx: Tx, workId: string, account: Known, id: string): Promise<void> {
  const found = await tx.sql
    .selectFrom('application_order')
    .leftJoin('work_estate', 'work_estate.work_id', 'application_order.work_id')
    .select(['body', 'corrections', 'ou_path', 'work_estate.work_id as opened'])
    .select((known) =>
      known
        .exists(known.selectFrom('account').select('id').where('account_id', '=', account.accountId))
        .as('known'),
    )
    .where('application_order.work_id', '=', workId)
    .executeTakeFirst()
  if (!found) throw notFound('order', workId)
  if (found.known) return
  const order = corrected(found.body, found.corrections)
  if (found.opened === null) await openWork(tx, order)
  const ouName = found.ou_path?.at(-1) ?? account.ouId
  const row = await insertAccount(tx, order, account, id, ouName).catch(toldMeanwhile)
  await recordAccount(tx, row, 'account.known', { workId, ...account })
}

const UNIQUE_VIOLATION = '23505'

/** Another execution of the same work was in the middle of it. Tried again, it is known. */
function toldMeanwhile(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
    throw conflict('account_told_meanwhile', 'Another execution of this work just wrote the account down.')
  throw error
}

/** The account, in its order and in the work that made it: one statement. */
const insertAccount = (tx: Tx, order: Order, account: Known, id: string, ouName: string) =>
  tx.sql
    .with('settled', (db) =>
      db
        .updateTable('work_estate')
        .set({ account_id: account.accountId, place_settled: true })
        .where('work_id', '=', order.workId),
    )
    .with('told', (db) =>
      db
        .updateTable('application_order')
        .set({ account_id: account.accountId })
        .where('work_id', '=', order.workId),
    )
    .insertInto('account')
    .values({
      id,
      account_id: account.accountId,
      name: account.name,
      email: account.email,
      status: 'vending',
      aws_state: 'ACTIVE',
      environment: order.environment,
      organisation_id: order.organisationId,
      organisation_code: order.organisationCode,
      organisation_name_ja: order.organisationName.ja,
      organisation_name_en: order.organisationName.en,
      system_code: order.systemCode,
      system_name_ja: order.systemName.ja,
      system_name_en: order.systemName.en,
      aws_organization_id: order.awsOrganizationId,
      ou_id: account.ouId,
      ou_name: ouName,
      origin: 'vended',
      work_id: order.workId,
      contacts: json(order.contacts),
      suspension: null,
      closure: null,
      created_at: tx.at,
      ready_at: null,
      closed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** The work and its account, both locked, the work first; undefined where it is not opened yet. */
export async function lockFacts(tx: Tx, workId: string): Promise<WorkFacts | undefined> {
  const [work, row] = await Promise.all([
    lockWork(tx, workId),
    tx.sql
      .selectFrom('account')
      .selectAll()
      .where('account_id', '=', (known) =>
        known.selectFrom('work_estate').select('account_id').where('work_id', '=', workId),
      )
      .forUpdate()
      .executeTakeFirst(),
  ])
  if (work === undefined) return undefined
  if (work.account_id !== null && row === undefined) throw notFound('account', work.account_id)
  return { ...work, row: row ?? null }
}

async function openFacts(tx: Tx, order: Order): Promise<WorkFacts> {
  const { account_id, facts } = await openWork(tx, order)
  return { account_id, facts, row: account_id === null ? null : await lockAccount(tx, account_id) }
}

interface WorkFacts extends OpenWork {
  readonly row: AccountDbRow | null
}

/**
 * Notes facts of the work with it and with its account, which with `over` is ready now: its work is done. Called in the
 * transaction that finishes the order.
 */
export async function settleAccount(
  tx: Tx,
  order: Order,
  found: WorkFacts | undefined,
  facts: Readonly<Record<string, string>>,
  over: boolean,
): Promise<void> {
  const work = found ?? (await openFacts(tx, order))
  const { row } = work
  const isNews = Object.entries(facts).some(([key, value]) => work.facts[key] !== value)
  if (!isNews && !over) return
  const isReady = over && row !== null && row.work_id === order.workId && row.status === 'vending'
  if (isNews) await record(tx, order, 'order.noted', facts)
  if (isReady) await recordAccount(tx, row, 'account.active', { workId: order.workId })
  if (!isNews && !isReady) return
  const noted = { facts: json({ ...work.facts, ...facts }) }
  if (row === null) {
    await tx.sql.updateTable('work_estate').set(noted).where('work_id', '=', order.workId).execute()
    return
  }
  await tx.sql
    .with('noted', (db) => db.updateTable('work_estate').set(noted).where('work_id', '=', order.workId))
    .updateTable('account')
    .set({
      facts: json({ ...row.facts, ...facts }),
      ...(isReady ? { status: 'active' as const, ready_at: tx.at } : {}),
    })
    .where('id', '=', row.id)
    .execute()
  await tx.notify('accounts', row.id, row.organisation_id)
}
