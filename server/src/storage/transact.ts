import type { Transaction, TransactionBuilder } from 'kysely'
import { type Actor, isCentral } from '../domain/people/roles.ts'
import type { Clock } from '../kernel/clock.ts'
import { type BeforeCommit, literal, transactionAfter } from './begin.ts'
import type { Db } from './database.ts'
import { entryStatement, type LedgerDraft } from './ledger/append.ts'
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
  return inScope(on, actor, (begin) => begin, work)
}

/** As `transact`, but read-only and on one snapshot. */
export function read<T>(on: Changes, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inScope(
    on,
    actor,
    (begin) => begin.setAccessMode('read only').setIsolationLevel('repeatable read'),
    work,
  )
}

async function inScope<T>(
  on: Changes,
  actor: Actor,
  settings: (begin: TransactionBuilder<Schema>) => TransactionBuilder<Schema>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return transactionAfter(on.db, settings, scopeOf(actor), (trx, beforeCommit) =>
    work(makeTx(trx, actor, on.clock.now(), beforeCommit)),
  )
}

function makeTx(trx: Transaction<Schema>, actor: Actor, at: Date, beforeCommit: BeforeCommit): Tx {
  return {
    sql: trx,
    actor,
    at,
    record: async (entry) => beforeCommit(entryStatement(actor, at, entry)),
    notify: async (topic, id, organisationId) => {
      const payload = JSON.stringify({ topic, id, organisationId })
      beforeCommit(`select pg_notify('rankan_changes', ${literal(payload)})`)
    },
  }
}

/** Text, not parameters: it travels in one message with BEGIN. SET costs PostgreSQL a third of a SELECT of set_config. */
function scopeOf(actor: Actor): string {
  const scope = isCentral(actor) ? 'all' : 'own'
  const organisations = actor.organisationIds.join(',')
  return `set local rankan.scope to ${literal(scope)}; set local rankan.organisations to ${literal(organisations)};
    set local rankan.person to ${literal(actor.id)}`
}
