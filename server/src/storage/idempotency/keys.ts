import { sql } from 'kysely'
import type { Changes } from '../transact.ts'

export type Claim =
  | { readonly state: 'mine' }
  | { readonly state: 'running' }
  | { readonly state: 'other_request' }
  | { readonly state: 'answered'; readonly status: number; readonly body: string }

/** A claim that never got its answer (its process died) may be taken over after this time. */
const ABANDONED_MS = 60_000
const KEPT_MS = 24 * 3_600_000

/** Claims the key for this request, or tells what became of the request that used it first. */
export async function claimKey(
  on: Changes,
  actorId: string,
  key: string,
  requestHash: string,
): Promise<Claim> {
  const now = on.clock.now()
  const abandoned = new Date(now.getTime() - ABANDONED_MS)
  const claimed = await on.db
    .insertInto('idempotency_key')
    .values({ actor_id: actorId, key, request_hash: requestHash, status: null, body: null, at: now })
    .onConflict((oc) =>
      oc
        .columns(['actor_id', 'key'])
        .doUpdateSet({ at: now })
        .where('idempotency_key.status', 'is', null)
        .where('idempotency_key.at', '<', abandoned)
        .where('idempotency_key.request_hash', '=', requestHash),
    )
    .returning(sql<boolean>`true`.as('claimed'))
    .executeTakeFirst()
  if (claimed !== undefined) return { state: 'mine' }
  const row = await on.db
    .selectFrom('idempotency_key')
    .select(['request_hash', 'status', 'body'])
    .where('actor_id', '=', actorId)
    .where('key', '=', key)
    .executeTakeFirst()
  if (row !== undefined && row.request_hash !== requestHash) return { state: 'other_request' }
  if (row === undefined || row.status === null) return { state: 'running' }
  return { state: 'answered', status: row.status, body: row.body ?? '' }
}

export async function answerKey(
  on: Changes,
  actorId: string,
  key: string,
  status: number,
  body: string,
): Promise<void> {
  await on.db
    .updateTable('idempotency_key')
    .set({ status, body })
    .where('actor_id', '=', actorId)
    .where('key', '=', key)
    .execute()
}

/** A request that failed may be sent again with the same key. */
export async function releaseKey(on: Changes, actorId: string, key: string): Promise<void> {
  await on.db.deleteFrom('idempotency_key').where('actor_id', '=', actorId).where('key', '=', key).execute()
}

export async function forgetOldKeys(on: Changes): Promise<void> {
  await on.db
    .deleteFrom('idempotency_key')
    .where('at', '<', new Date(on.clock.now().getTime() - KEPT_MS))
    .execute()
}
