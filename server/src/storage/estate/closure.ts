import type { ClosureSource } from '../../domain/accounts/view.ts'
import { POST_CLOSURE_DAYS } from '../../domain/placement/place.ts'
import type { Tx } from '../transact.ts'
import type { Closure } from './schema.ts'

const DAY_MS = 86_400_000

/** The 90 days in which AWS keeps the account count from its closing. @param evidenceHash empty where nothing was frozen */
export const closureOf = (at: Date, knownBy: ClosureSource, evidenceHash: string): Closure => ({
  requestedAt: at.toISOString(),
  windowEndsAt: new Date(at.getTime() + POST_CLOSURE_DAYS * DAY_MS).toISOString(),
  evidenceHash,
  knownBy,
})

/**
 * Of an account that somebody closed outside of Rankan. No call of AWS tells when an account was closed, only the events
 * do; without one, the sweep that found it says when it was closed at the latest.
 */
export async function closureByHand(tx: Tx, accountId: string, foundAt: Date): Promise<Closure> {
  const told = await closingEvent(tx, accountId)
  return told !== null && told < foundAt
    ? closureOf(told, 'aws_event', '')
    : closureOf(foundAt, told === null ? 'sweep' : 'aws_event', '')
}

/** When AWS's newest event says that it was closed. An event of before a reopening tells of an earlier closing. */
async function closingEvent(tx: Tx, accountId: string): Promise<Date | null> {
  const reopened = await tx.sql
    .selectFrom('drift')
    .select('found_at')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'reopened')
    .orderBy('found_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const event = await tx.sql
    .selectFrom('lifecycle_event')
    .select(['time', 'received_at'])
    .where('account_id', '=', accountId)
    .where('name', 'in', ['CloseAccount', 'CloseAccountResult'])
    .where((eb) => eb.or([eb('state', 'is', null), eb('state', '=', 'SUCCEEDED')]))
    .orderBy('time', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!event) return null
  // Nothing is received before it happens, but the sandbox's clock may run ahead of ours.
  const at = event.time < event.received_at ? event.time : event.received_at
  return reopened && at < reopened.found_at ? null : at
}
