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
import pg from 'pg'
import { bug } from '../kernel/errors.ts'

/** What the next transaction on a connection sends together with its BEGIN and COMMIT. Never outlives the call that set it. */
const firstStatements = new WeakMap<DatabaseConnection, string>()
const lastStatements = new WeakMap<DatabaseConnection, string>()

/**
 * Kysely's own dialect, whose BEGIN and COMMIT take statements along: one round trip instead of two. On connections that
 * are `pipelined`, the statement after BEGIN is sent before BEGIN is answered.
 */
export function postgresDialect(pool: pg.Pool, pipelined: boolean): PostgresDialect {
  return Object.assign(new PostgresDialect({ pool }), { createDriver: () => driverOf(pool, pipelined) })
}

function driverOf(pool: pg.Pool, pipelined: boolean): PostgresDriver {
  const driver = new PostgresDriver({ pool })
  const begin = driver.beginTransaction.bind(driver)
  const begun = new WeakMap<DatabaseConnection, Promise<void>>()
  driver.beginTransaction = async (connection, settings) => {
    const first = firstStatements.get(connection)
    firstStatements.delete(connection)
    const beginning = begin(
      first === undefined ? connection : sending(connection, (sql) => `${sql}; ${first}`),
      settings,
    )
    if (pipelined) {
      // When it fails, what follows fails too, and at the latest the COMMIT says why.
      beginning.catch(() => {})
      begun.set(connection, beginning)
      return
    }
    try {
      await beginning
    } catch (error) {
      // BEGIN may have succeeded before the statement failed; Kysely only rolls back what it saw begin.
      await driver.rollbackTransaction(connection).catch(() => {})
      throw error
    }
  }
  const commit = driver.commitTransaction.bind(driver)
  driver.commitTransaction = async (connection) => {
    await begun.get(connection)
    const last = lastStatements.get(connection)
    lastStatements.delete(connection)
    // When the statement fails, PostgreSQL does not come to the COMMIT, and Kysely rolls back.
    return commit(last === undefined ? connection : sending(connection, (sql) => `${last}; ${sql}`))
  }
  return driver
}

const sending = (connection: DatabaseConnection, change: (sql: string) => string): DatabaseConnection => ({
  executeQuery: (query) => connection.executeQuery(CompiledQuery.raw(change(query.sql))),
  streamQuery: (query, size) => connection.streamQuery(query, size),
})

/** Adds a statement that is sent with the COMMIT. */
export type BeforeCommit = (statement: string) => void

/**
 * Runs a transaction whose first statement is `first`. That and what is said to `BeforeCommit` is SQL without
 * parameters, its literals escaped by the caller.
 */
export function transactionAfter<S, T>(
  db: Kysely<S>,
  settings: (builder: TransactionBuilder<S>) => TransactionBuilder<S>,
  first: string,
  work: (trx: Transaction<S>, beforeCommit: BeforeCommit) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (session) => {
    // Asked for and given back: the session hands its one connection to one caller at a time.
    const connection = await session.getExecutor().provideConnection(async (own) => own)
    firstStatements.set(connection, first)
    try {
      return await settings(session.transaction()).execute(async (trx) => {
        // On a database that was not opened by `openDatabase`, BEGIN and COMMIT go alone.
        const alone = firstStatements.delete(connection)
        if (alone) await sql.raw(first).execute(trx)
        const last: string[] = []
        const result = await work(trx, (statement) => void last.push(statement))
        if (alone) for (const statement of last) await sql.raw(statement).execute(trx)
        else if (last.length > 0) lastStatements.set(connection, last.join('; '))
        return result
      })
    } finally {
      firstStatements.delete(connection)
      lastStatements.delete(connection)
    }
  })
}

/** A text within such a statement. A zero byte would end the message in the middle of it. */
export function literal(text: string): string {
  if (text.includes('\0')) throw bug('A text for PostgreSQL has a zero byte.')
  return pg.escapeLiteral(text)
}
