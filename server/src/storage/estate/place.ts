import { sql } from 'kysely'
import { basePath, chooseShard, isLocalGovernment } from '../../domain/placement/place.ts'
import { invariant, notFound } from '../../kernel/errors.ts'
import type { Order } from '../../ports/orders.ts'
import { corrected } from '../applications/orders.ts'
import type { Tx } from '../transact.ts'

/** Any constant that no other lock of ours uses. */
const PLACE_LOCK = 7_265_040

/**
 * Chooses and reserves a place in an OU. One at a time for each AWS organisation, so that orders that run side by
 * side see each other's places and no OU is filled beyond its split.
 */
export async function placeOrder(tx: Tx, workId: string): Promise<readonly string[]> {
  // Sent together: PostgreSQL reads the places when it has the lock.
  const [order, { known, taken }] = await Promise.all([lockPlaces(tx, workId), readPlaces(tx, workId)])
  if (known) return known
  const environment = order.moveTo ?? order.environment
  invariant(environment, `The order ${order.workId} names no environment.`)
  const base = basePath(environment, isLocalGovernment(order.organisationCode))
  const last = base.at(-1)
  invariant(last, `The placement rule of \`${environment}\` has no path.`)
  const path = [...base.slice(0, -1), chooseShard(last, new Map(Object.entries(taken)))]
  await keep(tx, order, path)
  await tx.record({
    kind: 'order.placed',
    organisationId: order.organisationId,
    subject: order.workId,
    data: { path },
  })
  return path
}

/** The order, and the lock of its AWS organisation until the transaction ends. */
async function lockPlaces(tx: Tx, workId: string): Promise<Order> {
  const row = await tx.sql
    .selectFrom('application_order')
    .select(['body', 'corrections'])
    .select(sql`pg_advisory_xact_lock(${PLACE_LOCK}::integer, hashtext(aws_organization_id))`.as('locked'))
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (!row) throw notFound('order', workId)
  return corrected(row.body, row.corrections)
}

async function keep(tx: Tx, order: Order, path: string[]): Promise<void> {
  await tx.sql
    .insertInto('work_estate')
    .values({
      work_id: order.workId,
      organisation_id: order.organisationId,
      aws_organization_id: order.awsOrganizationId,
      ou_path: path,
      account_id: order.accountId,
    })
    .onConflict((conflict) => conflict.column('work_id').doUpdateSet({ ou_path: path }))
    .execute()
}

/** The place is reserved no longer: an account counts by itself, and an order that was given up needs none. */
export async function settlePlace(tx: Tx, workId: string): Promise<void> {
  await tx.sql
    .updateTable('work_estate')
    .set({ place_settled: true })
    .where('work_id', '=', workId)
    .where('place_settled', '=', false)
    .execute()
}

interface Places {
  readonly known: string[] | null
  /** Accounts that still count against an OU, and places that are reserved, by the OU's name. */
  readonly taken: Readonly<Record<string, number>>
}

/** Only after the lock: a statement sees what was committed before it began. */
async function readPlaces(tx: Tx, workId: string): Promise<Places> {
  const rows = await sql<Places>`
    with at as (select aws_organization_id from application_order where work_id = ${workId})
    select (select ou_path from work_estate where work_id = ${workId}) as known,
      (select coalesce(json_object_agg(ou, n), '{}') from (
        select ou, count(*)::integer as n from (
          select ou_name as ou from account
            where aws_organization_id = (select * from at) and status not in ('closed', 'departed')
          union all
          select ou_path[array_length(ou_path, 1)] from work_estate
            where aws_organization_id = (select * from at) and ou_path is not null and not place_settled
        ) places group by ou) counted) as taken`.execute(tx.sql)
  return rows.rows[0] ?? { known: null, taken: {} }
}
