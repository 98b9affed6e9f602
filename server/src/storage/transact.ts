import type { Kysely, Transaction, TransactionBuilder } from 'kysely'
import type { Actor } from '../domain/people/roles.ts'
import type { Clock } from '../kernel/clock.ts'
import { literal, transactionAfter } from './begin.ts'
import { type Db, standingActor } from './database.ts'
import { entriesStatement, type LedgerDraft } from './ledger/append.ts'
import type { Schema } from './schema.ts'
import { scopeOf } from './scope.ts'

/** Something that is done in the name of somebody: row-level security shows it what its actor may see. */
export interface Scoped {
  readonly sql: Kysely<Schema>
  readonly actor: Actor
  /** The instant at which it began. */
  readonly at: Date
}

export interface Tx extends Scoped {
  readonly sql: Transaction<Schema>
  /** Writes the ledger entry of a change. A transaction that changes audited tables without one cannot commit. */
  record(entry: LedgerDraft): Promise<void>
  /** Tells browsers and workers, after the commit, that something changed: topic `applications`, id `app_…`. */
  notify(topic: string, id: string, organisationId: string | null): Promise<void>
}

/** As the organisation of a message: in the scope of none, so that only the centre hears of it. */
export const CENTRE_ONLY = 'centre'

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

/**
 * One statement, which is its own transaction. Where the connections are this actor's anyway, it goes alone: one round
 * trip instead of three. It must change nothing that the ledger has to tell of.
 */
export function statement<T>(on: Changes, actor: Actor, work: (one: Scoped) => Promise<T>): Promise<T> {
  if (standingActor(on.db)?.id !== actor.id) return transact(on, actor, work)
  return work({ sql: on.db, actor, at: on.clock.now() })
}

async function inScope<T>(
  on: Changes,
  actor: Actor,
  settings: (begin: TransactionBuilder<Schema>) => TransactionBuilder<Schema>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return transactionAfter(on.db, settings, scopeOf(actor), async (trx, beforeCommit) => {
    const said: Said = { entries: [], messages: new Set() }
    const tx = makeTx(trx, actor, on.clock.now(), said)
    const result = await work(tx)
    if (said.entries.length > 0) beforeCommit(entriesStatement(actor, tx.at, said.entries))
    for (const message of said.messages) beforeCommit(`notify rankan_changes, ${literal(message)}`)
    return result
  })
}

/** What goes with the COMMIT. */
interface Said {
  readonly entries: LedgerDraft[]
  readonly messages: Set<string>
}

function makeTx(trx: Transaction<Schema>, actor: Actor, at: Date, said: Said): Tx {
  return {
    sql: trx,
    actor,
    at,
    record: async (entry) => void said.entries.push(entry),
    notify: async (topic, id, organisationId) =>
      void said.messages.add(JSON.stringify({ topic, id, organisationId })),
  }
}
