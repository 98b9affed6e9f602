import { type SqlBool, sql } from 'kysely'
import type { ApplicationRow, ListFilter } from '../../domain/applications/view.ts'
import { isCentral } from '../../domain/people/roles.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { APPLICATION_WORDS, matchesText, preferIndexes } from '../search.ts'
import type { Tx } from '../transact.ts'
import { toRowView } from './rows.ts'

/** Sort key of the last row of a page: newest change of state first. */
export interface ListKey {
  readonly since: string
  readonly id: string
}

const OVER = ['rejected', 'withdrawn', 'ready', 'abandoned'] as const

/** One page of the applications that the actor may see, newest change of state first. Keyset paging: no offset. */
export async function listApplications(
  tx: Tx,
  filter: ListFilter,
  page: { readonly limit: number; readonly after: ListKey | null },
): Promise<{ readonly items: readonly ApplicationRow[]; readonly next: ListKey | null }> {
  await preferIndexes(tx, APPLICATION_WORDS, filter.text)
  const rows = await listQuery(tx, filter, page).execute()
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const next = rows.length > page.limit && last ? { since: last.since.toISOString(), id: last.id } : null
  return { items: items.map(toRowView), next }
}

/** The query by itself, so that a test can look at its plan. */
export function listQuery(
  tx: Tx,
  filter: ListFilter,
  page: { readonly limit: number; readonly after: ListKey | null },
) {
  const { actor } = tx
  let query = tx.sql
    .selectFrom('application')
    .selectAll()
    .orderBy('since', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (!isCentral(actor)) query = query.where('organisation_id', 'in', [...actor.organisationIds, ''])
  // A draft is its writer's own until it is submitted.
  query = query.where((eb) => eb.or([eb('state', '!=', 'draft'), eb('applicant_id', '=', actor.id)]))
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.organisationId) query = query.where('organisation_id', '=', filter.organisationId)
  if (filter.accountId) query = query.where('account_id', '=', filter.accountId)
  if (filter.batchId) query = query.where('batch_id', '=', filter.batchId)
  const { text } = filter
  if (text) query = query.where(matchesText(tx, APPLICATION_WORDS, 'application.id', text))
  if (filter.view === 'mine') query = query.where('applicant_id', '=', actor.id)
  if (filter.view === 'open') query = query.where('state', 'not in', OVER)
  if (filter.view === 'waiting') query = query.where(waitingFor(tx))
  if (page.after)
    query = query.where(sql<SqlBool>`(since, id) < (${page.after.since}::timestamptz, ${page.after.id})`)
  return query
}

/** What the actor may decide on: own stage, or somebody's for whom the actor stands in. Never one's own applications. */
function waitingFor(tx: Tx) {
  const { actor, at } = tx
  const today = dayInJapan(at)
  const own =
    actor.role === 'organisation_owner'
      ? sql`(state = 'submitted' and organisation_id = any(${[...actor.organisationIds]}))`
      : actor.role === 'central_operator'
        ? sql`state = 'accepted'`
        : sql`false`
  return sql<SqlBool>`applicant_id <> ${actor.id} and state in ('submitted', 'accepted') and (${own} or exists (
    select 1 from approval_delegation d
    where d.to_person ->> 'id' = ${actor.id} and d.revoked_at is null
      and ${today}::date between d.first_day and d.last_day and d.from_person ->> 'id' <> application.applicant_id
      and ((application.state = 'submitted' and d.stage = 'organisation' and application.organisation_id = any(d.organisation_ids))
        or (application.state = 'accepted' and d.stage = 'centre'))))`
}

/** How many wait for the actor: the number on the inbox. */
export async function countWaiting(tx: Tx): Promise<number> {
  const row = await tx.sql
    .selectFrom('application')
    .select(sql<string>`count(*)`.as('n'))
    .where(waitingFor(tx))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
