import { type RawBuilder, sql } from 'kysely'
import { conflict, notFound } from '../../kernel/errors.ts'
import type {
  GrantedWork,
  QuotaKey,
  Requeue,
  SlotRelease,
  SlotRequest,
  WorkOutcome,
} from '../../ports/queue.ts'
import { transactionAfter } from '../begin.ts'
import type { QueueContext, Trx } from './context.ts'
import { fillUnits, giveAtOnce, quotaLock, readHead } from './grant.ts'

export async function grantFree(
  on: QueueContext,
  executorId: string,
  only?: QuotaKey,
): Promise<readonly GrantedWork[]> {
  await on.facts.refresh()
  const keys = only === undefined ? await waitedFor(on) : [only]
  const granted: GrantedWork[] = []
  for (const key of keys)
    granted.push(...(await inQuota(on, key, (trx) => fillUnits(trx, on, key, executorId))))
  return granted
}

async function waitedFor(on: QueueContext): Promise<readonly QuotaKey[]> {
  const result =
    await sql<QuotaKey>`select distinct quota, scope from quota_wait order by quota, scope`.execute(on.db)
  return result.rows
}

const inQuota = <T>(on: QueueContext, key: QuotaKey, work: (trx: Trx) => Promise<T>): Promise<T> =>
  transactionAfter(on.db, (begin) => begin, quotaLock(key), work)

/**
 * Gives the unit if one is free and nobody waits. Otherwise inserts the wait, lets the policy decide, and says whether
 * it is held now. In the middle of a workflow the work keeps the tag it started with: in its own quota it is thereby
 * before all that has not started, and other quotas are shared in the order in which the account operations were.
 */
export async function acquireUnit(
  on: QueueContext,
  request: SlotRequest,
  executorId: string,
): Promise<boolean> {
  await on.facts.refresh()
  return inQuota(on, request, async (trx) => {
    const asked = await giveAtOnce(trx, on, request, executorId)
    if (asked !== 'wait') return asked !== 'fenced'
    await sql`
      insert into quota_wait (quota, scope, work_id, hold, aws_organization_id, tenant_id, start_tag, seq, deadline)
      select ${request.quota}, ${request.scope}, work_id, ${request.hold}, aws_organization_id, tenant_id,
        start_tag, seq, deadline
      from work_queue where work_id = ${request.workId} and epoch = ${request.epoch}
      on conflict do nothing`.execute(trx)
    await fillUnits(trx, on, request, executorId)
    const held =
      await sql`select 1 from quota_slot where quota = ${request.quota} and scope = ${request.scope}
      and work_id = ${request.workId} and hold = ${request.hold}`.execute(trx)
    return held.rows.length > 0
  })
}

export async function releaseUnit(on: QueueContext, release: SlotRelease): Promise<readonly GrantedWork[]> {
  await on.facts.refresh()
  return inQuota(on, release, async (trx) => {
    // Fenced: the execution that took over still needs the unit.
    // Sent together: usually somebody waits.
    const freeing = sql<{ waited: boolean }>`
      with mine as (select from work_queue where work_id = ${release.workId} and epoch = ${release.epoch}),
      freed as (delete from quota_slot where quota = ${release.quota} and scope = ${release.scope}
        and work_id = ${release.workId} and hold = ${release.hold} and exists (select from mine)),
      over as (insert into work_hold_ended (work_id, hold, pages)
        select ${release.workId}, ${release.hold}, ${release.pages}::integer from mine
        on conflict (work_id, hold) do update set pages = excluded.pages),
      told as (update work_queue set released_at = clock_timestamp()
        where work_id = ${release.workId} and ${release.hold === 'admission'}::boolean and exists (select from mine))
      select exists (select from quota_wait where quota = ${release.quota} and scope = ${release.scope}) as waited
      from mine`.execute(trx)
    if (release.hold !== 'admission') {
      const freed = await freeing
      return freed.rows[0]?.waited ? fillUnits(trx, on, release, release.executorId) : []
    }
    const [freed, head] = await Promise.all([freeing, readHead(trx, on, release)])
    return freed.rows[0]?.waited ? fillUnits(trx, on, release, release.executorId, head) : []
  })
}

/** Ends the work for this execution. Quotas are locked in sorted order before any row, as everywhere. */
export async function endWork(
  on: QueueContext,
  workId: string,
  epoch: number,
  executorId: string,
  outcome: WorkOutcome,
): Promise<readonly GrantedWork[]> {
  // Usually it holds and asks for nothing any more.
  if (await recordOutcome(on.db, workId, epoch, outcome, sql`not exists (${keysOf(workId)})`)) return []
  await on.facts.refresh()
  return on.db.transaction().execute(async (trx) => {
    const keys = (await keysOf(workId).execute(trx)).rows
    for (const key of keys) await sql.raw(quotaLock(key)).execute(trx)
    if (!(await recordOutcome(trx, workId, epoch, outcome, sql`true`))) return []
    await sql`delete from quota_slot where work_id = ${workId}`.execute(trx)
    await sql`delete from quota_wait where work_id = ${workId}`.execute(trx)
    const granted: GrantedWork[] = []
    for (const key of keys) granted.push(...(await fillUnits(trx, on, key, executorId)))
    return granted
  })
}

const keysOf = (workId: string) => sql<QuotaKey>`
  select quota, scope from quota_slot where work_id = ${workId}
  union select quota, scope from quota_wait where work_id = ${workId} order by 1, 2`

async function recordOutcome(
  db: QueueContext['db'],
  workId: string,
  epoch: number,
  outcome: WorkOutcome,
  where: RawBuilder<unknown>,
): Promise<boolean> {
  const repair = outcome.state === 'needs_repair' ? outcome : null
  const result = await sql`
    update work_queue set state = ${outcome.state}, executor_id = null,
      done_at = case when ${outcome.state} = 'needs_repair' then null else clock_timestamp() end,
      released_at = coalesce(released_at, case when ${outcome.state} = 'done' then clock_timestamp() end),
      failed_step = ${repair?.step ?? null}, failure = ${repair === null ? null : JSON.stringify(repair.failure)}::jsonb
    where work_id = ${workId} and epoch = ${epoch} and state = 'running' and ${where} returning 1`.execute(db)
  return result.rows.length > 0
}

/**
 * Back into the queue, with the place it had. Holds that ended before the step that is run again stay ended; work
 * whose account operation is over waits for no account operation.
 */
export async function requeueWork(on: QueueContext, workId: string, how: Requeue): Promise<void> {
  await on.db.transaction().execute(async (trx) => {
    const found = await sql<{ state: string; mode: string }>`
      select state, mode from work_queue where work_id = ${workId} for update`.execute(trx)
    const work = found.rows[0]
    if (work === undefined) throw notFound('work', workId)
    if (work.state !== 'needs_repair')
      throw conflict(
        'work_not_repairable',
        `The work \`${workId}\` is \`${work.state}\`; only work that waits for repair can be continued.`,
      )
    const anew = work.mode !== how.mode
    await sql`delete from work_hold_ended where work_id = ${workId} and (${anew} or pages > ${how.resumePage})`.execute(
      trx,
    )
    await sql`delete from work_wait where work_id = ${workId}`.execute(trx)
    await sql`update work_queue set state = 'queued', mode = ${how.mode}, resume_page = ${how.resumePage}, failure = null,
      failed_step = null, repairs = repairs + 1, epoch = epoch + 1,
      started_at = case when ${anew} then null else started_at end
      where work_id = ${workId}`.execute(trx)
    await sql`
      insert into quota_wait (quota, scope, work_id, hold, aws_organization_id, tenant_id, start_tag, seq, deadline)
      select case when over then 'work_in_flight' else admission end, aws_organization_id, work_id,
        case when over then 'resume' else 'admission' end, aws_organization_id, tenant_id, start_tag, seq, deadline
      from work_queue, lateral (select exists (
        select 1 from work_hold_ended where work_id = ${workId} and hold = 'admission') as over) as hold
      where work_id = ${workId}
      on conflict do nothing`.execute(trx)
    await sql`select pg_notify('rankan_work', '{"type":"free"}')`.execute(trx)
  })
}
