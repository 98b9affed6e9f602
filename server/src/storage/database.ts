import { Kysely } from 'kysely'
import pg from 'pg'
import type { Actor } from '../domain/people/roles.ts'
import { postgresDialect } from './begin.ts'
import { preparing } from './prepared.ts'
import type { Schema } from './schema.ts'
import { scopeOf } from './scope.ts'

export type Db = Kysely<Schema>

export interface DatabaseOptions {
  readonly url: string
  readonly maxConnections?: number
  /** Called for errors of idle connections (PostgreSQL restarted); the pool reconnects by itself. */
  readonly onError?: (error: Error) => void
  /**
   * For a process that runs the same few statements day and night: they are prepared, BEGIN does not wait for its
   * answer, and connections stay open. Not for pages, whose best plan depends on who asks for what.
   */
  readonly steady?: boolean
}

// Calendar days stay text: a Date would move them by the zone of the server.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** In whose name the connections of a database are. */
const standing = new WeakMap<Db, Actor>()
export const standingActor = (db: Db): Actor | undefined => standing.get(db)

/**
 * @param actor for a process that acts in one name only, the worker: its connections carry that scope by themselves, so
 * that a single statement needs no transaction around it. Never for a process that serves people.
 */
export function openDatabase(options: DatabaseOptions, actor?: Actor): Db {
  const pool = openPool(options)
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool, options.steady ?? false) })
  if (actor === undefined) return db
  // Sent before anything else on a connection; where it fails, the connection is lost.
  pool.on('connect', (client) => void client.query(scopeOf(actor, 'session')).catch(() => {}))
  standing.set(db, actor)
  return db
}

/** A connection costs as much as fifty statements (its password is hashed thousands of times), so it is not closed at each pause. */
const STEADY_IDLE_MS = 300_000

export function openPool(options: DatabaseOptions & { readonly idleInTransactionMs?: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: 'rankan',
    connectionTimeoutMillis: 10_000,
    ...(options.steady ? { idleTimeoutMillis: STEADY_IDLE_MS, pipeline: true } : {}),
    ...(options.idleInTransactionMs === undefined
      ? {}
      : { idle_in_transaction_session_timeout: options.idleInTransactionMs }),
  })
  pool.on('error', (error) => options.onError?.(error))
  // A client in the middle of a transaction is nobody's: without a listener of its own, a restart of PostgreSQL
  // between two statements would end the process. Its next statement fails and is retried.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)))
  if (options.steady) preparing(pool)
  return pool
}

export interface Listener {
  stop(): Promise<void>
}

export interface ListeningSession {
  /** Statements that each new session begins with. */
  readonly first?: string
  readonly onConnected?: () => void
  readonly onLost?: () => void
}

/**
 * LISTENs on a channel with a connection of its own and reconnects when it is lost. Messages sent while it was
 * away are lost, so `onConnected` tells the listener to look at
 * the tables again.
 */
export async function listen(
  url: string,
  channel: string,
  onMessage: (payload: string) => void,
  session: ListeningSession = {},
): Promise<Listener> {
  let client: pg.Client | null = null
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: `rankan listen ${channel}` })
    let given = false
    const lost = () => {
      // A failed connection says so by its error, its end and the rejected promise: it is replaced once.
      if (given) return
      given = true
      if (client === next) {
        client = null
        session.onLost?.()
      }
      next.removeAllListeners()
      next.on('error', () => {})
      void next.end().catch(() => {})
      if (!stopped) retry = setTimeout(() => void connect().catch(() => {}), 200)
    }
    next.on('error', lost)
    next.on('end', lost)
    next.on('notification', (message) => onMessage(message.payload ?? ''))
    try {
      await next.connect()
      await next.query(`${session.first ?? ''}; listen ${pg.escapeIdentifier(channel)}`)
      client = next
      session.onConnected?.()
    } catch (error) {
      lost()
      if (stopped) throw error
    }
  }
  await connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(retry)
      const last = client
      client = null
      last?.removeAllListeners()
      last?.on('error', () => {})
      await last?.end().catch(() => {})
    },
  }
}
