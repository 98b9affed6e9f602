import {
  CompiledQuery,
  type DatabaseConnection,
  type Kysely,
  PostgresDialect,
  PostgresDriver,
  sql,
  type Transaction,
  type TransactionBuilder,
} from 'kysely'
import type pg from 'pg'

/** What the next transaction on a connection sends together with its BEGIN. Never outlives the call that set it. */
const firstStatements = new WeakMap<DatabaseConnection, string>()

/** Kysely's own dialect, whose BEGIN takes the first statement along: one round trip instead of two. */
export function postgresDialect(pool: pg.Pool): PostgresDialect {
  return Object.assign(new PostgresDialect({ pool }), { createDriver: () => driverOf(pool) })
}

function driverOf(pool: pg.Pool): PostgresDriver {
  const driver = new PostgresDriver({ pool })
  const begin = driver.beginTransaction.bind(driver)
  driver.beginTransaction = async (connection, settings) => {
    const first = firstStatements.get(connection)
    if (first === undefined) return begin(connection, settings)
    firstStatements.delete(connection)
    try {
      await begin(sendingAlso(connection, first), settings)
    } catch (error) {
      // BEGIN may have succeeded before the statement failed; Kysely only rolls back what it saw begin.
      await driver.rollbackTransaction(connection).catch(() => {})
      throw error
    }
  }
  return driver
}

const sendingAlso = (connection: DatabaseConnection, first: string): DatabaseConnection => ({
  executeQuery: (query) => connection.executeQuery(CompiledQuery.raw(`${query.sql}; ${first}`)),
  streamQuery: (query, size) => connection.streamQuery(query, size),
})

/** Runs a transaction whose first statement is `first`: SQL without parameters, its literals escaped by the caller. */
export function transactionAfter<S, T>(
  db: Kysely<S>,
  settings: (builder: TransactionBuilder<S>) => TransactionBuilder<S>,
  first: string,
  work: (trx: Transaction<S>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (session) => {
    // Asked for and given back: the session hands its one connection to one caller at a time.
    const connection = await session.getExecutor().provideConnection(async (own) => own)
    firstStatements.set(connection, first)
    try {
      return await settings(session.transaction()).execute(async (trx) => {
        // On a database that was not opened by `openDatabase`, BEGIN went alone.
        if (firstStatements.delete(connection)) await sql.raw(first).execute(trx)
        return work(trx)
      })
    } finally {
      firstStatements.delete(connection)
    }
  })
}
