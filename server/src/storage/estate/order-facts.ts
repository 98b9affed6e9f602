import { idSource } from '../../kernel/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Order, OrderStore } from '../../ports/orders.ts'
import { loadOrder } from '../applications/order-store.ts'
import { type Changes, read, type Tx, transact } from '../transact.ts'
import { json, lockAccount, recordAccount, WORKER } from './row.ts'

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
      change(workId, (tx, order) => accountKnown(tx, order, account, newId('acc'))),
    note: (workId, facts) => change(workId, (tx, order) => note(tx, order, facts)),
    creationAttempt: (workId) => read(on, WORKER, (tx) => attemptOf(tx, workId)),
    creationCleared: (workId, attempt) =>
      change(workId, async (tx, order) => {
        const next = attempt + 1
        if ((await attemptOf(tx, workId)) >= next) return
        await tx.sql.updateTable('work_estate').set({ attempt: next }).where('work_id', '=', workId).execute()
        await record(tx, order, 'order.creation_cleared', { attempt })
      }),
  }
}

/** The row must be there before it is locked; made without a trace, because it decides nothing yet. */
async function ensureWork(tx: Tx, order: Order): Promise<void> {
  const known = await tx.sql
    .selectFrom('work_estate')
    .select('work_id')
    .where('work_id', '=', order.workId)
    .forUpdate()
    .executeTakeFirst()
  if (known) return
  await tx.sql
    .insertInto('work_estate')
    .values({
      work_id: order.workId,
      organisation_id: order.organisationId,
      aws_organization_id: order.awsOrganizationId,
      ou_path: null,
      account_id: order.accountId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await record(tx, order, 'order.work_opened', {})
}

const record = (tx: Tx, order: Order, kind: string, data: object): Promise<void> =>
  tx.record({ kind, organisationId: order.organisationId, subject: order.workId, data })

async function attemptOf(tx: Tx, workId: string): Promise<number> {
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

async function accountKnown(tx: Tx, order: Order, account: Known, id: string): Promise<void> {
  const existing = await tx.sql
    .selectFrom('account')
    .select('id')
    .where('account_id', '=', account.accountId)
    .executeTakeFirst()
  if (existing) return
  const place = await tx.sql
    .updateTable('work_estate')
    .set({ account_id: account.accountId, place_settled: true })
    .where('work_id', '=', order.workId)
    .returning('ou_path')
    .executeTakeFirstOrThrow()
  await tx.sql
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
      ou_name: place.ou_path?.at(-1) ?? account.ouId,
      origin: 'vended',
      work_id: order.workId,
      contacts: json(order.contacts),
      suspension: null,
      closure: null,
      created_at: tx.at,
      ready_at: null,
      closed_at: null,
    })
    .execute()
  await tx.sql
    .updateTable('application_order')
    .set({ account_id: account.accountId })
    .where('work_id', '=', order.workId)
    .execute()
  const row = await lockAccount(tx, account.accountId)
  await recordAccount(tx, row, 'account.known', { workId: order.workId, ...account })
}

export async function noteFacts(
  tx: Tx,
  workId: string,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(facts).length === 0) return
  const order = await loadOrder(tx, workId)
  await ensureWork(tx, order)
  await note(tx, order, facts)
}

async function note(tx: Tx, order: Order, facts: Readonly<Record<string, string>>): Promise<void> {
  const work = await tx.sql
    .selectFrom('work_estate')
    .select(['facts', 'account_id'])
    .where('work_id', '=', order.workId)
    .executeTakeFirstOrThrow()
  if (Object.entries(facts).every(([key, value]) => work.facts[key] === value)) return
  await tx.sql
    .updateTable('work_estate')
    .set({ facts: json({ ...work.facts, ...facts }) })
    .where('work_id', '=', order.workId)
    .execute()
  await record(tx, order, 'order.noted', facts)
  if (work.account_id === null) return
  const row = await lockAccount(tx, work.account_id)
  await tx.sql
    .updateTable('account')
    .set({ facts: json({ ...row.facts, ...facts }) })
    .where('id', '=', row.id)
    .execute()
  await tx.notify('accounts', row.id, row.organisation_id)
}

/** The order is done: its account may be used. Called in the transaction that finishes the order. */
export async function accountReady(tx: Tx, workId: string): Promise<void> {
  const found = await tx.sql
    .selectFrom('account')
    .select('account_id')
    .where('work_id', '=', workId)
    .where('status', '=', 'vending')
    .executeTakeFirst()
  if (!found) return
  const row = await lockAccount(tx, found.account_id)
  await tx.sql
    .updateTable('account')
    .set({ status: 'active', ready_at: tx.at })
    .where('id', '=', row.id)
    .execute()
  await recordAccount(tx, row, 'account.active', { workId })
}
