import { sql } from 'kysely'
import { quotaTitle, stepTitle } from '../../domain/accounts/steps.ts'
import type {
  ApplicationTimeline,
  QueueItem,
  QueueView,
  WorkState,
  WorkView,
} from '../../domain/accounts/work-view.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Order } from '../../ports/orders.ts'
import type { QueueStatus } from '../../ports/queue.ts'
import { corrected } from '../applications/orders.ts'
import type { Tx } from '../transact.ts'

type OrderState = 'queued' | 'running' | 'needs_repair' | 'finished' | 'abandoned'

const stateOf = (state: OrderState): WorkState => (state === 'finished' ? 'done' : state)

/** The works of one application with all their steps, in the order in which they happened. */
export async function applicationTimeline(tx: Tx, applicationId: string): Promise<ApplicationTimeline> {
  const application = await tx.sql
    .selectFrom('application')
    .select('id')
    .where('id', '=', applicationId)
    .executeTakeFirst()
  if (!application) throw notFound('application', applicationId)
  const orders = await tx.sql
    .selectFrom('application_order')
    .selectAll()
    .where('application_id', '=', applicationId)
    .orderBy('work_id')
    .execute()
  const steps = await tx.sql
    .selectFrom('work_step')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('step', 'not like', 'note:%')
    .orderBy('seq')
    .execute()
  const confirmed = await confirmations(
    tx,
    orders.map((row) => row.work_id),
  )
  const works = orders.map((row): WorkView => {
    const order: Order = corrected(row.body, row.corrections)
    return {
      workId: row.work_id,
      applicationId,
      kind: row.kind,
      environment: row.environment,
      state: stateOf(row.state),
      awsOrganizationId: row.aws_organization_id,
      organisationId: row.organisation_id,
      organisationName: order.organisationName,
      systemName: order.systemName,
      accountId: row.account_id,
      accountName: order.account?.name ?? null,
      accountEmail: order.account?.email ?? null,
      queuedAt: row.created_at.toISOString(),
      startedAt: row.started_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
      deadline: order.deadline,
      failure:
        row.state === 'needs_repair' && row.failure
          ? { ...row.failure, correctable: [...row.failure.correctable] }
          : null,
      steps: steps
        .filter((step) => step.work_id === row.work_id)
        .map((step) => ({
          step: step.step,
          title: stepTitle(step.step),
          state: step.state,
          attempts: step.attempts,
          startedAt: step.started_at.toISOString(),
          finishedAt: step.finished_at?.toISOString() ?? null,
          error: step.error,
          detail: { ...step.detail, ...(step.step === 'confirm' ? confirmed.get(row.work_id) : {}) },
        })),
    }
  })
  return { applicationId, works }
}

/** Whether Control Tower's event said that the account is ready, or only our own look at it. */
async function confirmations(
  tx: Tx,
  workIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly confirmedBy: string }>> {
  if (workIds.length === 0) return new Map()
  const rows = await tx.sql
    .selectFrom('work_estate')
    .select(['work_id', 'facts'])
    .where('work_id', 'in', [...workIds])
    .execute()
  return new Map(
    rows.flatMap(({ work_id, facts }) =>
      facts.confirmed_by === undefined ? [] : [[work_id, { confirmedBy: facts.confirmed_by }] as const],
    ),
  )
}

export interface QueueCursor {
  readonly rank: number
  readonly seq: string
}

interface QueueRow {
  readonly work_id: string
  readonly application_id: string
  readonly kind: QueueItem['kind']
  readonly environment: QueueItem['environment']
  readonly organisation_id: string
  readonly name_ja: string
  readonly name_en: string
  readonly state: OrderState
  readonly step: string | null
  readonly queued_at: Date
  readonly deadline: Date | null
  readonly eta: Date | null
  readonly rank: number
  readonly seq: string
}

/** What is not over: running first, then what needs repair, then what waits, in the order of the queue. */
export async function queueItems(tx: Tx, after: QueueCursor | null, limit: number) {
  const past = after ? sql`where (rank, seq) > (${after.rank}, ${after.seq}::bigint)` : sql``
  const result = await sql<QueueRow>`
    select page.*, (select step from work_step s where s.work_id = page.work_id and s.step not like 'note:%'
             order by s.seq desc limit 1) as step
      from (select * from (
      select o.work_id, o.application_id, o.kind, o.environment, o.organisation_id,
             a.organisation_name_ja as name_ja, a.organisation_name_en as name_en, o.state,
             o.created_at as queued_at, q.deadline, coalesce(q.eta_granted, q.eta_first) as eta,
             case o.state when 'running' then 0 when 'needs_repair' then 1 else 2 end as rank, q.seq
        from application_order o
        join application a on a.id = o.application_id
        join work_queue q on q.work_id = o.work_id
       where o.state in ('running', 'needs_repair', 'queued')
    ) open ${past} order by rank, seq limit ${limit + 1}) page order by rank, seq`.execute(tx.sql)
  const rows = result.rows.slice(0, limit)
  const last = rows.at(-1)
  return {
    items: rows.map(toItem),
    next: result.rows.length > limit && last ? { rank: last.rank, seq: last.seq } : null,
  }
}

const toItem = (row: QueueRow): QueueItem => ({
  workId: row.work_id,
  applicationId: row.application_id,
  kind: row.kind,
  environment: row.environment,
  organisationId: row.organisation_id,
  organisationName: { ja: row.name_ja, en: row.name_en || row.name_ja },
  state: stateOf(row.state),
  step: row.step,
  stepTitle: row.step === null ? null : stepTitle(row.step),
  queuedAt: row.queued_at.toISOString(),
  deadline: row.deadline?.toISOString() ?? null,
  etaAt: row.eta?.toISOString() ?? null,
})

interface CountRow {
  readonly id: string
  readonly name: string
  readonly queued: number
  readonly running: number
  readonly needs_repair: number
  readonly done_today: number
}

/** Counts and slots for each AWS organisation. `slots` come from the queue's own status. */
export async function queueOrganizations(
  tx: Tx,
  slots: QueueStatus['slots'],
): Promise<QueueView['organizations']> {
  const counts = await sql<CountRow>`
    select g.id, g.name,
           count(*) filter (where o.state = 'queued')::integer as queued,
           count(*) filter (where o.state = 'running')::integer as running,
           count(*) filter (where o.state = 'needs_repair')::integer as needs_repair,
           count(*) filter (where o.state = 'finished'
             and o.finished_at >= date_trunc('day', ${tx.at}::timestamptz, 'Asia/Tokyo'))::integer as done_today
      from aws_organization g
      left join application_order o on o.aws_organization_id = g.id
        and (o.state in ('queued', 'running', 'needs_repair') or o.finished_at > ${tx.at}::timestamptz - interval '1 day')
     group by g.id, g.name order by g.name`.execute(tx.sql)
  const holders = await slotHolders(tx)
  return counts.rows.map((row) => ({
    awsOrganizationId: row.id,
    name: row.name,
    counts: {
      queued: row.queued,
      running: row.running,
      needsRepair: row.needs_repair,
      doneToday: row.done_today,
    },
    quotas: slots
      .filter((slot) => slot.scope === row.id || slot.scope.startsWith(`${row.id}/`))
      .map((slot) => ({
        ...slot,
        title: quotaTitle(slot.quota),
        holders: holders.get(`${slot.quota} ${slot.scope}`) ?? [],
      })),
  }))
}

async function slotHolders(tx: Tx): Promise<ReadonlyMap<string, string[]>> {
  const rows = await sql<{ quota: string; scope: string; works: string[] }>`
    select quota, scope, array_agg(work_id order by granted_at) as works from quota_slot group by quota, scope`.execute(
    tx.sql,
  )
  return new Map(rows.rows.map((row) => [`${row.quota} ${row.scope}`, row.works]))
}

/** Whose work it is, for the check of rights. */
export async function workOwner(
  tx: Tx,
  workId: string,
): Promise<{ applicationId: string; organisationId: string; state: WorkState }> {
  const row = await tx.sql
    .selectFrom('application_order')
    .select(['application_id', 'organisation_id', 'state'])
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (!row) throw notFound('work', workId)
  return { applicationId: row.application_id, organisationId: row.organisation_id, state: stateOf(row.state) }
}
