import { sql, type Transaction } from 'kysely'
import { type Actor, isCentral } from '../domain/people/roles.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Db } from './database.ts'
import { appendEntry, type LedgerDraft } from './ledger/append.ts'
import type { Schema } from './schema.ts'

/** A transaction in the name of somebody: row-level security shows it what its actor may see. */
export interface Tx {
  readonly sql: Transaction<Schema>
  readonly actor: Actor
  /** The instant of the transaction. */
  readonly at: Date
  /** Writes the ledger entry of a change. A transaction that changes audited tables without one cannot commit. */
  record(entry: LedgerDraft): Promise<void>
  /** Tells browsers and workers, after the commit, that something changed: topic `applications`, id `app_…`. */
  notify(topic: string, id: string, organisationId: string | null): Promise<void>
}

export interface Changes {
  readonly db: Db
  readonly clock: Clock
}

/** Runs `work` in one transaction with the scope of `actor`. Everything is committed or nothing. */
export function transact<T>(on: Changes, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return on.db.transaction().execute(async (trx) => {
    await enterScope(trx, actor)
    return work(makeTx(trx, actor, on.clock.now()))
  })
}

/** As `transact`, but read-only and on one snapshot. */
export function read<T>(on: Changes, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return on.db
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await enterScope(trx, actor)
      return work(makeTx(trx, actor, on.clock.now()))
    })
}

function makeTx(trx: Transaction<Schema>, actor: Actor, at: Date): Tx {
  return {
    sql: trx,
    actor,
    at,
    record: (entry) => appendEntry(trx, actor, at, entry),
    notify: async (topic, id, organisationId) => {
      const payload = JSON.stringify({ topic, id, organisationId })
      await sql`select pg_notify('rankan_changes', ${payload})`.execute(trx)
    },
  }
}

async function enterScope(trx: Transaction<Schema>, actor: Actor): Promise<void> {
  const scope = isCentral(actor) ? 'all' : 'own'
  const organisations = actor.organisationIds.join(',')
  await sql`select set_config('rankan.scope', ${scope}, true), set_config('rankan.organisations', ${organisations}, true),
    set_config('rankan.person', ${actor.id}, true)`.execute(trx)
}
